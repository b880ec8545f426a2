import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { until } from '../support/people.ts';

let engine: Engine;
// A call that is held on purpose must not end by itself on a slow machine.
beforeAll(async () => void (engine = await startEngine({ settings: { attemptTimeoutMs: 60_000 } })));
afterAll(() => engine.close());

const calls = (target: MemoryAtHand, method?: string) =>
  target.memory.calls.filter((call) => method === undefined || call.method === method);

describe('one lane for each person and target', () => {
  it('follows a change that comes while an operation runs with exactly one more', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const letGo = target.memory.hold();
    const user = await engine.register(app);
    await until(() => calls(target).length === 1);
    for (const title of ['first', 'second', 'third']) await engine.changeTitle(user.id, title);
    letGo();
    await engine.rest(target);
    const operations = await engine.operationsOf(user.id);
    expect(operations.map((operation) => operation.state)).toEqual(['succeeded', 'succeeded']);
    expect(target.memory.accounts()).toMatchObject([{ active: true, attributes: { title: 'third' } }]);
  });

  it('makes at most two calls of ten changes in a second', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    const before = calls(target).length;
    target.memory.setLatency(1_500);
    for (let i = 0; i < 10; i++) await engine.changeTitle(user.id, `title ${i}`);
    await engine.rest(target);
    expect(calls(target).length - before).toBeLessThanOrEqual(2);
    expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'title 9' } }]);
  });

  it('deprovisions after the provision that runs, when the person is deactivated meanwhile', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const letGo = target.memory.hold();
    const user = await engine.register(app);
    await until(() => calls(target).length === 1);
    await engine.admin.do(`mutation($input: UserByIdInput!) { deactivateUser(input: $input) { __typename } }`, { input: { id: user.id } });
    letGo();
    await engine.rest(target);
    expect((await engine.operationsOf(user.id)).map(({ kind, state }) => [kind, state])).toEqual([
      ['provision', 'succeeded'],
      ['deprovision', 'succeeded'],
    ]);
    expect(target.memory.accounts()).toMatchObject([{ active: false }]);
  });

  it('works login before change before bulk at one target', async () => {
    const target = await engine.target({ maxConcurrentCalls: 1 });
    const plain = await engine.serviceProvider({ target });
    const letGo = target.memory.hold();
    const first = await engine.register(plain);
    await until(() => calls(target).length === 1);
    const { usher } = engine;
    const users = await Promise.all(Array.from({ length: 90 }, () => engine.register(plain)));
    // As an import would ask: the same operations, less urgent.
    await usher.app.database.query(`update pgboss.job set priority = 10 where state < 'active' and data->>'targetId' = $1`, [
      target.connectorId,
    ]);
    const changed = await engine.register(plain);
    await engine.signIn(plain, 'urgent');
    letGo();
    await engine.rest(target);
    const reads = usher.app.database.reads(usher.tenantId);
    const [operations, attempts] = [
      await reads.find('operation', { targetId: target.connectorId as never }),
      await reads.find('attempt', {}),
    ];
    const order = operations
      .map((operation) => ({ operation, at: attempts.find((attempt) => attempt.operationId === operation.id)?.startedAt.getTime() ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ operation }) => operation);
    expect(order).toHaveLength(93);
    expect(order[0]?.userId).toBe(first.id);
    expect(order[1]?.trigger).toBe('login');
    expect(order[2]?.userId).toBe(changed.id);
    expect(users.map((user) => user.id)).toContain(order[3]?.userId);
  });

  it('makes no more calls at once than the target allows', async () => {
    const target = await engine.target({ maxConcurrentCalls: 3 });
    const held = await engine.serviceProvider({ target, blocking: true, deadlineMs: 60_000 });
    target.memory.setLatency(20);
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, underWay(target))), 1);
    await Promise.all([
      ...Array.from({ length: 20 }, () => engine.register(held)),
      ...Array.from({ length: 10 }, (_, i) => engine.signIn(held, `busy-${i}`)),
    ]);
    await engine.rest(target);
    clearInterval(watch);
    expect(target.memory.accounts()).toHaveLength(30);
    expect(most).toBeLessThanOrEqual(3);
  });
});

/** Attempts of this process that hold a place at the target. */
function underWay(target: MemoryAtHand): number {
  const operations = new Set(target.memory.calls.map((call) => call.operationId));
  return Math.min(operations.size - target.memory.accounts().length, operations.size);
}
