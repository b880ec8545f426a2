/** The contract kit: every connector passes it. The fault-free checks of live-kit.ts, then every fault once for every method. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFields } from '../../src/connectors/contract/config-fields.ts';
import type { Connector, ConnectorDefinition } from '../../src/connectors/contract/connector.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import type { Failure } from '../../src/domain/failure.ts';
import { faultKinds, type FaultKind } from '../support/targets/faults.ts';
import { createBench, outcomeOf, type Bench, type KitSettings } from './bench.ts';
import { liveChecks } from './live-kit.ts';

export interface KitTarget {
  readonly config: Readonly<Record<string, unknown>>;
  /** The next `times` calls or requests fail in this way. */
  inject(kind: FaultKind, times: number, method: KitMethod): void;
  clearFaults(): void;
  /** How many accounts the target holds under this value of the matching attribute, seen from inside. */
  stored(matchingValue: string): number;
  stop(): Promise<void>;
}

const methods = ['find', 'create', 'update', 'deactivate', 'delete'] as const;
export type KitMethod = (typeof methods)[number];

export function contractKit(kit: {
  readonly name: string;
  readonly definition: ConnectorDefinition;
  readonly start: () => Promise<KitTarget>;
  readonly settings?: KitSettings;
}): void {
  const { definition } = kit;
  const http = createHttpClient({ allowInternalAddresses: true });
  let target: KitTarget;
  let bench: Bench;
  beforeAll(async () => {
    target = await kit.start();
    const connector = openConnector(
      new Map([[definition.type, definition]]),
      { connectorType: definition.type, config: target.config },
      { http, now: Date.now },
    );
    bench = createBench(definition, connector, kit.settings);
  });
  afterAll(async () => {
    await bench.connector.close?.();
    await http.close();
    await target.stop();
  });
  afterEach(async () => {
    target.clearFaults();
    expect(await bench.cleanUp()).toEqual([]);
  });

  describe(`${kit.name} keeps the contract`, () => {
    it.each(liveChecks)('$name', async ({ run }) => {
      await run(bench);
    });
  });

  describe.each(faultKinds)(`${kit.name} met with %s`, (kind) => {
    it.each(methods.filter((method) => (method !== 'delete' && method !== 'deactivate') || definition.capabilities[method]))(
      'fails as it should at %s',
      async (method) => {
        const attributes = bench.newAccount();
        const name = String(attributes[bench.matching]);
        const account = method === 'create' ? null : await bench.create(attributes);
        // A connector that learns about its target at first use has done so now.
        await bench.connector.find(bench.matching, 'warm-up', bench.call());
        target.inject(kind, kind === '404' ? 2 : 1, method);
        const hangs = kind.startsWith('time-out') || kind === 'slow-body';
        const call = bench.call(hangs ? 400 : 10_000);
        const started = performance.now();

        const error = await outcomeOf(invoke(bench.connector, method));
        target.clearFaults();
        expect(accepted(method, kind), error?.message ?? 'success').toContainEqual(error?.failure ?? 'success');
        if (hangs) expect(performance.now() - started).toBeLessThan(3_000);
        const message = error?.message ?? '';
        expect(message).not.toContain(name);
        for (const field of secretFields(definition.config)) expect(message).not.toContain(target.config[field] ?? 'no such secret');

        // Whatever the failure said, it is true of the target.
        const applied = error?.failure.kind === 'transient' && error.failure.mayHaveApplied;
        if (method === 'create' && afterWrite(kind)) {
          await expect.poll(() => target.stored(name)).toBe(1);
          const found = await bench.connector.find(bench.matching, name, bench.call());
          for (const { id } of found) await bench.connector.delete?.(id, bench.call());
        }
        if (method === 'create' && error && !applied) expect(target.stored(name)).toBe(0);

        function invoke(connector: Connector, of: KitMethod): Promise<unknown> {
          switch (of) {
            case 'find':
              return connector.find(bench.matching, name, call);
            case 'create':
              return bench.connector.create(attributes, call);
            case 'update':
              return connector.update(account!.id, { [bench.changeable[0]]: 'Changed' }, call);
            case 'deactivate':
              return connector.deactivate!(account!.id, call);
            case 'delete':
              return connector.delete!(account!.id, call);
          }
        }
      },
    );
  });
}

function afterWrite(kind: FaultKind): boolean {
  return ['time-out-after-write', 'reset-after-write', 'slow-body', 'garbage-body', 'wrong-content-type'].includes(kind);
}

const unknown: Failure = { kind: 'transient', mayHaveApplied: true };
const notApplied: Failure = { kind: 'transient', mayHaveApplied: false };
const rejected = { kind: 'rejected' };

/** What a connector may answer. Where the answer to a write was lost, only "it may have been applied" is honest. */
function accepted(method: KitMethod, kind: FaultKind): readonly unknown[] {
  const reads = method === 'find';
  const ends = method === 'delete' || method === 'deactivate';
  switch (kind) {
    case 'time-out-before-write':
    case 'reset-before-write':
      // Who can tell that nothing was done may say so.
      return reads ? [notApplied] : [unknown, notApplied];
    case 'time-out-after-write':
    case 'reset-after-write':
    case '500':
    case '503':
      return [reads ? notApplied : unknown];
    case 'slow-body':
    case 'garbage-body':
    case 'wrong-content-type':
      // The status has said already that it is done; what an ending call needs no more than that for.
      return [reads ? notApplied : unknown, ...(ends ? ['success'] : [])];
    case '429-with-retry-after':
      return [{ kind: 'throttled', retryAfterMs: 7_000 }];
    case '429-without-retry-after':
      return [{ kind: 'throttled', retryAfterMs: expect.any(Number) }];
    case '401':
    case '403':
      return [{ kind: 'unauthorized' }];
    case '404':
      return ends ? ['success'] : method === 'update' ? [{ kind: 'missing' }] : reads ? ['success', notApplied] : [notApplied, rejected];
    case '409':
      return method === 'create' || method === 'update' ? [expect.objectContaining({ kind: 'conflict' })] : [expect.any(Object)];
    case '400':
      return reads ? ['success', rejected] : [rejected];
  }
}
