/** Two Ushers on one PostgreSQL: no lane runs twice, both work, a target's limit holds over both. Skipped where there is no server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planAndRequest } from '../../src/commands/provision-user.ts';
import type { Target } from '../support/administer.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { startMeteredServer, type MeteredServer } from '../support/targets/metered-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';
import { until } from '../support/people.ts';

const server = process.env['DATABASE_URL'];
if (server === undefined)
  console.log('two-processes.test.ts is skipped: DATABASE_URL is not set, and an embedded database is for one process.');

describe.skipIf(server === undefined)('two processes on one PostgreSQL', () => {
  let engine: Engine;
  let second: RunningUsher;
  let metered: MeteredServer;
  beforeAll(async () => {
    [engine, metered] = await Promise.all([startEngine(), startMeteredServer(15)]);
    second = await startUsher({ sharedWith: engine.usher });
  });
  afterAll(async () => {
    await second.close();
    await Promise.all([engine.close(), metered.close()]);
  });

  /** The connector is tried in the background after it was saved, beside whatever people need: that call is none of theirs. */
  const checked = async <T extends { readonly connectorId: string }>(saved: T): Promise<T> => {
    await until(async () => {
      const found = await engine.admin.do('query($id: ID!) { provisioningConnector(id: $id) { lastCheck { at } } }', {
        id: saved.connectorId,
      });
      return found.lastCheck !== null;
    });
    return saved;
  };
  const target = (maxConcurrentCalls: number): Promise<Target> =>
    engine.admin.addTarget({
      name: `Metered ${randomUUID()}`,
      connectorType: 'scim2',
      config: { baseUrl: metered.url, authentication: 'bearer', token: metered.token },
      more: { maxConcurrentCalls },
    });

  it('never run one lane twice, lose nothing, and share the work', async () => {
    const all = await target(32);
    const app = await engine.serviceProvider({ target: all });
    const users = await Promise.all(Array.from({ length: 250 }, () => engine.register(app)));
    // While their accounts are being made, half of them change, and change again.
    for (const round of ['first', 'second', 'last'])
      await Promise.all(users.filter((_, i) => i % 2 === 0).map((user) => engine.changeTitle(user.id, round)));
    await engine.rest(all);
    expect([...metered.overlaps]).toEqual([]);
    expect([...metered.created.values()].filter((times) => times !== 1)).toEqual([]);
    expect(metered.created.size).toBe(250);
    expect(users.filter((_, i) => i % 2 === 0).filter((user) => metered.titleOf(user.userName) !== 'last')).toEqual([]);

    const shares = [engine.usher, second].map((usher) => usher.log.filter((line) => line.includes('attempt settled')).length);
    const sum = (shares[0] ?? 0) + (shares[1] ?? 0);
    console.log(`attempts of the two processes: ${shares.join(' and ')}`);
    // The first also serves the web and hears of new work soonest; a good part is a tenth at least.
    expect(Math.min(...shares) / sum).toBeGreaterThan(0.1);
  }, 120_000);

  // Of a change and a lease at the same moment: the lease waits, and then must see the change.
  it.each([
    { change: 'a change', from: 'A', waits: 'B', to: 'C' },
    { change: 'a change back to what the account has', from: 'A', waits: 'B', to: 'A' },
  ])('run an operation with $change that commits while they take its lease', async ({ from, waits, to }) => {
    const idle = await engine.target();
    const app = await engine.serviceProvider({ target: idle });
    const user = await engine.register(app);
    await engine.changeTitle(user.id, from);
    await engine.rest(idle);
    await engine.admin.do(
      `mutation($input: ProvisioningConnectorIdInput!) { disableProvisioningConnector(input: $input) { __typename } }`,
      {
        input: { id: idle.connectorId },
      },
    );
    await engine.changeTitle(user.id, waits);
    const { house, database } = engine.usher.app;
    const operation = (await engine.operationsOf(user.id)).at(-1);
    if (!operation) throw new Error('There is no operation.');

    const [changed, mayCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const changing = database.transaction(engine.usher.tenantId, async (tx) => {
      await tx.lockUser(user.id);
      await tx.change('user', user.id, { attributes: { title: [to] } });
      const request = { userId: user.id, trigger: 'change', serviceProviderId: null, priority: 'change', changed: true } as const;
      await planAndRequest(house, tx, request);
      changed.resolve(undefined);
      await mayCommit.promise;
    });
    await changed.promise;
    const leasing = until(async () => {
      const now = house.clock.now();
      const until = new Date(now.getTime() + 60_000);
      return (await second.app.database.operations.lease([operation.id], 'the second', until, now))[0];
    });
    await until(async () => {
      const { rows } = await database.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for update%'`,
      );
      return rows.length > 0;
    });
    mayCommit.resolve(undefined);
    await changing;
    const leased = await leasing;
    expect(leased.user.attributes['title']).toEqual([to]);
    await database.operations.release(leased.operation, house.clock.now());
  });

  it('make no more calls at once than the target allows, both together', async () => {
    const few = await checked(await target(3));
    const app = await engine.serviceProvider({ target: few });
    metered.resetMost();
    await Promise.all(Array.from({ length: 80 }, () => engine.register(app)));
    await engine.rest(few);
    expect(metered.most).toBeLessThanOrEqual(3);
  }, 60_000);

  it('make no more calls at once than the target allows, where logins bring their own', async () => {
    const few = await checked(await target(2));
    const app = await engine.serviceProvider({ target: few, blocking: true, deadlineMs: 60_000 });
    metered.resetMost();
    const elsewhere = { ...app, loginUrl: app.loginUrl.replace(engine.usher.url, second.url) };
    const visitors = await Promise.all(
      Array.from({ length: 12 }, (_, i) => engine.signIn(i % 2 === 0 ? app : elsewhere, `crowd-${i}-${randomUUID()}`)),
    );
    await Promise.all(visitors.map(({ browser, page }) => browser.waitOut(page, 30_000)));
    await engine.rest(few);
    expect(metered.most).toBeLessThanOrEqual(2);
  }, 60_000);

  it('let a held login go on in the other process', async () => {
    const one = await engine.target();
    const app = await engine.serviceProvider({ target: one, blocking: true, deadlineMs: 30_000 });
    const letGo = one.memory.hold();
    const { browser, page } = await engine.signIn(app, `wanderer-${randomUUID()}`);
    letGo();
    const elsewhere = await browser.waitOut({ ...page, url: page.url.replace(engine.usher.url, second.url) }, 20_000);
    expect(elsewhere.status).toBe(200);
    await until(async () => (await browser.get(`${second.url}/session`)).status === 200);
  }, 60_000);
});
