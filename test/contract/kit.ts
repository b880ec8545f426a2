/**
 * The contract kit: every connector passes it. The fault-free checks of live-kit.ts, then every fault once for every method, of
 * accounts and, where the definition has them, of groups. Start with KitTarget: what a fake has to offer.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorDefinition } from '../../src/connectors/contract/connector.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import type { FaultKind } from '../support/targets/faults.ts';
import type { KitMethod } from './accepted.ts';
import { createBench, type Bench, type GroupsInside, type KitSettings } from './bench.ts';
import { accountFaults } from './kit-accounts.ts';
import { groupFaults } from './kit-groups.ts';
import { liveChecks } from './live-kit.ts';

export type { KitMethod } from './accepted.ts';

export interface KitTarget {
  readonly config: Readonly<Record<string, unknown>>;
  /** The next `times` calls or requests fail in this way. */
  inject(kind: FaultKind, times: number, method: KitMethod): void;
  clearFaults(): void;
  /** How many accounts the target holds under this value of the matching attribute, seen from inside. */
  stored(matchingValue: string): number;
  /** Where the definition has groups. */
  readonly groups?: GroupsInside;
  stop(): Promise<void>;
}

/** What the faults work with once the target has been started. */
export interface KitAtWork {
  readonly target: KitTarget;
  readonly bench: Bench;
}

export interface Kit {
  readonly name: string;
  readonly definition: ConnectorDefinition;
  readonly start: () => Promise<KitTarget>;
  readonly settings?: KitSettings;
}

export function contractKit(kit: Kit): void {
  const { definition } = kit;
  const { groups, memberBatch } = definition.capabilities;
  const http = createHttpClient({ allowInternalAddresses: true });
  let started: KitAtWork | null = null;
  const atWork = (): KitAtWork => started ?? fail();
  beforeAll(async () => {
    const target = await kit.start();
    const connector = openConnector(
      new Map([[definition.type, definition]]),
      { connectorType: definition.type, config: target.config },
      { http, now: Date.now },
    );
    // A fake costs nothing, so that whole batches are tried.
    const settings = { members: Math.min(memberBatch ?? 2, 100), ...kit.settings };
    started = { target, bench: createBench(definition, connector, target.config, settings, target.groups ?? null) };
  });
  afterAll(async () => {
    await started?.bench.connector.close?.();
    await http.close();
    await started?.target.stop();
  });
  afterEach(async () => {
    const { target, bench } = atWork();
    target.clearFaults();
    expect(await bench.cleanUp()).toEqual([]);
  });

  describe(`${kit.name} keeps the contract`, () => {
    it.each(liveChecks(definition))('$name', async ({ run }) => {
      await run(atWork().bench);
    });
  });
  accountFaults(kit, atWork);
  if (groups) groupFaults(kit, atWork);
}

function fail(): never {
  throw new Error('The target did not start.');
}
