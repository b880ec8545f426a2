/** Two Ushers on one PostgreSQL: no lane runs twice, both work, a target's limit holds over both. Skipped where there is no server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('make no more calls at once than the target allows, both together', async () => {
    const few = await target(3);
    const app = await engine.serviceProvider({ target: few });
    metered.resetMost();
    await Promise.all(Array.from({ length: 80 }, () => engine.register(app)));
    await engine.rest(few);
    expect(metered.most).toBeLessThanOrEqual(3);
  }, 60_000);

  it('make no more calls at once than the target allows, where logins bring their own', async () => {
    const few = await target(2);
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
