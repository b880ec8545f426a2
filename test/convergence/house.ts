/** A house over a real database and real connectors, by a clock that is moved, without workers of its own: engine.ts takes the steps. */
import { createDecisionPoint } from '../../src/commands/decision-point.ts';
import type { House } from '../../src/commands/ports.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { createConnections, type OpenConnections } from '../../src/connectors/open-connections.ts';
import { definitions } from '../../src/connectors/registry.ts';
import { testChance, testDatabase } from '../support/database.ts';
import { movableClock, type MovableClock } from './engine.ts';

export interface MovableHouse {
  readonly house: House;
  readonly clock: MovableClock;
  /** For attempts from now on: what a target that never answers costs in real time. */
  patience(ms: number): void;
  /** By what chance decides from now on. */
  chanceBy(random: () => number): void;
  /** Connections are opened anew, as in another process or after a change of settings: what they remembered is gone. */
  reopen(): Promise<void>;
  /** Of what was logged as our own defect. */
  readonly defects: readonly string[];
  close(): Promise<void>;
}

export async function openMovableHouse(): Promise<MovableHouse> {
  const clock = movableClock();
  let random = (): number => testChance.random();
  const chance = { ...testChance, random: () => random() };
  const database = await testDatabase({ clock, chance });
  const http = createHttpClient({ allowInternalAddresses: true });
  const tools = { http, now: () => clock.now().getTime() };
  const open = (): OpenConnections =>
    createConnections({ definitions, tools, loadConfig: ({ tenantId, id }) => database.configOf(tenantId, id) });
  let connections = open();
  const settings = { attemptTimeoutMs: 20_000, leaseMarginMs: 2_000, holdInRequestMs: 1_000 };
  const defects: string[] = [];
  const house: House = {
    database,
    decisionPoint: createDecisionPoint(),
    definitions,
    connections: { connection: (target) => connections.connection(target), open: never },
    clock,
    chance,
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: ({ error }, fact) => void defects.push(`${fact}: ${error instanceof Error ? (error.stack ?? error.message) : ''}`),
    },
    settings,
    runner: { takeSlot: never, run: never, whenSettled: never },
    certificates: { make: never },
    metrics: { loginDecided: () => undefined, loginHeld: () => undefined, attemptSettled: () => undefined },
  };
  return {
    house,
    clock,
    patience: (ms) => void (settings.attemptTimeoutMs = ms),
    chanceBy: (by) => void (random = by),
    reopen: async () => {
      await connections.close();
      connections = open();
    },
    defects,
    close: async () => {
      await connections.close();
      await http.close();
      await database.close();
    },
  };
}

function never(): never {
  throw new Error('Nobody signs in or configures a form here.');
}
