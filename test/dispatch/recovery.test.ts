/** What is left behind by a process that ends well, ends badly or stands still, and who takes it up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOperation } from '../../src/commands/run-operation.ts';
import type { TargetId } from '../../src/domain/vocabulary.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { testChance, testClock, testKeys } from '../support/database.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { until } from '../support/people.ts';
import { testQueue } from '../support/test-queue.ts';

const byId = (mutation: string) => `mutation($input: ProvisioningConnectorIdInput!) { ${mutation}(input: $input) { __typename } }`;

describe('operations', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await startEngine({ settings: { attemptTimeoutMs: 60_000 } })));
  afterAll(() => engine.close());

  const connector = (mutation: string, target: MemoryAtHand) => engine.admin.do(byId(mutation), { input: { id: target.connectorId } });
  const sql = (text: string, ...parameters: unknown[]) => engine.usher.app.database.query(text, parameters);

  it('whose queue entry was lost are found by the sweep', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    await connector('disableProvisioningConnector', target);
    await engine.changeTitle(user.id, 'Found again');
    await sql(`delete from pgboss.job where data->>'targetId' = $1`, target.connectorId);
    await sql(`update operation set due_at = due_at - interval '1 minute' where target_id = $1 and state = 'pending'`, target.connectorId);
    await connector('reenableProvisioningConnector', target);
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'Found again' } }]);
  });

  it('that a dead worker held are taken over soon after their lease lapsed', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    await connector('disableProvisioningConnector', target);
    await engine.changeTitle(user.id, 'Taken over');
    // As it looks after the death of another process: its entry fetched, its lease taken and lapsed.
    await sql(
      `update operation set state = 'running', lease_owner = 'worker:dead', lease_until = now() - interval '1 second', fence = fence + 1
       where target_id = $1 and state = 'pending'`,
      target.connectorId,
    );
    await sql(
      `update pgboss.job set state = 'active', started_on = now() - interval '10 minutes' where data->>'targetId' = $1 and state < 'active'`,
      target.connectorId,
    );
    await connector('reenableProvisioningConnector', target);
    await until(() => target.memory.accounts()[0]?.attributes['title'] === 'Taken over', 9_000, 'Nobody took it over.');
    await engine.rest(target);
  });

  it('are not lost where our clock is behind the one of the database', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    await connector('disableProvisioningConnector', target);
    await engine.changeTitle(user.id, 'In time');
    // The entry is due by the database's clock, the operation in two seconds by ours.
    const due = new Date(Date.now() + 2_000);
    await sql(`update operation set due_at = $2 where target_id = $1 and state = 'pending'`, target.connectorId, due);
    await connector('reenableProvisioningConnector', target);
    await until(() => target.memory.accounts()[0]?.attributes['title'] === 'In time', 8_000, 'It waited for the sweep.');
    expect(Date.now()).toBeGreaterThanOrEqual(due.getTime() - 300);
  });

  it('are not written by an attempt whose lease has lapsed', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    await connector('disableProvisioningConnector', target);
    const user = await engine.register(app);
    const { house, database } = engine.usher.app;
    const operations = await engine.operationsOf(user.id);
    const leased = await until(async () => {
      const now = house.clock.now();
      const ids = operations.map((operation) => operation.id);
      return (await database.operations.lease(ids, 'a process that stood still', new Date(now.getTime() - 1), now))[0];
    });
    const settlement = await runOperation(house, leased);
    expect(settlement.outcome).toMatchObject({ kind: 'again', failure: { kind: 'transient' }, mayHaveApplied: false });
    expect(target.memory.accounts()).toEqual([]);
    await connector('reenableProvisioningConnector', target);
    await engine.rest(target);
    expect(target.memory.accounts()).toHaveLength(1);
    // Settled by somebody else long ago: too late is refused.
    expect(await database.operations.settle([settlement])).toEqual(['refused']);
  });
});

describe('a process that is told to end', () => {
  it('ends what is under way, begins nothing new and leaves no lease behind', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'usher-drain-'));
    const engine = await startEngine({ settings: { attemptTimeoutMs: 60_000, dataDir } });
    const target = await engine.target({ maxConcurrentCalls: 3 });
    const app = await engine.serviceProvider({ target });
    const letGo = target.memory.hold();
    const users = await Promise.all(Array.from({ length: 12 }, () => engine.register(app)));
    await until(() => target.memory.calls.length === 3);
    const closed = engine.usher.app.close();
    letGo();
    await closed;

    const { databaseUrl } = engine.usher;
    const settings = { databaseUrl, databasePool: 2, dataDir, secretKeys: testKeys };
    const database = await openDatabase(settings, { queue: () => testQueue, clock: testClock, chance: testChance });
    const operations = await database.reads(engine.usher.tenantId).find('operation', { targetId: target.connectorId as TargetId });
    await database.close();
    const states = operations.map((operation) => operation.state);
    expect(operations).toHaveLength(users.length);
    expect(operations.filter((operation) => operation.leaseOwner !== null)).toEqual([]);
    expect(states.filter((state) => state === 'succeeded').length).toBeGreaterThanOrEqual(3);
    expect(states.filter((state) => state !== 'succeeded' && state !== 'pending')).toEqual([]);
    expect(target.memory.accounts()).toHaveLength(states.filter((state) => state === 'succeeded').length);
    await engine.close();
    rmSync(dataDir, { recursive: true });
  });
});
