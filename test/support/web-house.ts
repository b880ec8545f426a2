/** A database, a house over it and a web server: what tests of the GraphQL surface stand on. Nothing is dispatched: the queue only remembers. */
import { createDecisionPoint } from '../../src/commands/decision-point.ts';
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { passwords } from '../../src/auth/passwords.ts';
import { createApiToken } from '../../src/commands/create-api-token.ts';
import type { House } from '../../src/commands/ports.ts';
import type { Role, Tenant } from '../../src/domain/vocabulary.ts';
import type { OpenDatabase } from '../../src/persistence/database.ts';
import { testDatabase } from './database.ts';
import { runWeb, type RunningWeb, type WebParts } from './web.ts';

export interface WebHouse extends RunningWeb {
  readonly house: House;
  readonly database: OpenDatabase;
  /** What the house's clock is ahead of the machine's. */
  readonly clock: { aheadMs: number };
  readonly logged: string[];
  tenant(name: string): Promise<Tenant>;
  /** An API token with this role in this tenant. */
  token(tenant: Tenant, role: Role): Promise<string>;
}

export async function runWebHouse(
  options: Omit<WebParts, 'house' | 'bus' | 'passwords' | 'query'> & { readonly house?: Partial<House> } = {},
): Promise<WebHouse> {
  const clock = { aheadMs: 0 };
  const logged: string[] = [];
  const note = (fields: object, fact: string): void => void logged.push(`${fact} ${JSON.stringify(fields)}`);
  const parts = {
    clock: { now: () => new Date(Date.now() + clock.aheadMs) },
    chance: { random: Math.random, uuid: () => v7(), secret: () => randomBytes(32).toString('base64url') },
  };
  const database = await testDatabase(parts);
  const house: House = {
    ...parts,
    database,
    log: { info: note, warn: note, error: note },
    connections: { connection: unused, open: unused },
    decisionPoint: createDecisionPoint(),
    definitions: new Map(),
    settings: { attemptTimeoutMs: 1000, leaseMarginMs: 1000, holdInRequestMs: 1000 },
    runner: { takeSlot: () => null, run: unused, whenSettled: unused },
    certificates: { make: unused },
    metrics: { loginDecided: () => undefined, loginHeld: () => undefined, attemptSettled: () => undefined },
    ...options.house,
  };
  const running = await runWeb({
    ...options,
    house,
    bus: database.bus,
    passwords,
    query: (text, parameters) => database.query(text, parameters),
  });
  return {
    ...running,
    house,
    database,
    clock,
    logged,
    tenant: async (name) => (await database.tenants.byName(name)) ?? database.tenants.create(name),
    async token(tenant, role) {
      const caller = { tenantId: tenant.id, role: 'owner', actor: { kind: 'self', id: 'test' } } as const;
      const made = await createApiToken(house, caller, { name: role, role, expiresAt: null });
      if (made.kind !== 'done') throw new Error(made.kind);
      return made.value.token;
    },
    async close() {
      await running.close();
      await database.close();
    },
  };
}

const unused = (): never => {
  throw new Error('This test brings no such thing.');
};
