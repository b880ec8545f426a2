import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LaneRequest, LeasedOperation } from '../../src/commands/ports.ts';
import type { OperationId } from '../../src/domain/vocabulary.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { addUser, again, ago, inAMinute, lane, makeWorld, succeeded, type World } from './world.ts';
import { settledEvents } from '../support/events.ts';

let database: TestDatabase;
let world: World;
let tenants = 0;
beforeAll(async () => {
  database = await testDatabase({ databasePool: 20 });
});
beforeEach(async () => {
  world = await makeWorld(database, `Tenant ${++tenants}`);
});
afterAll(() => database.close());

const request = (...requests: LaneRequest[]) => database.transaction(world.tenantId, (tx) => tx.requestOperations(requests));
const ask = async (wish: Partial<LaneRequest> = {}) => (await request(lane(world, wish)))[0]!;
const operations = () => database.reads(world.tenantId).find('operation', {});
const unfinished = async () => (await operations()).filter((operation) => operation.settledAt === null);
const entries = async (id: OperationId) =>
  (await database.query('select * from test_queue where operation_id = $1 order by start_after', [id])).rows;
const lease = async (id: OperationId, until = inAMinute(), now = new Date()): Promise<LeasedOperation | undefined> =>
  (await database.operations.lease([id], 'worker', until, now))[0];
const login = { owner: 'login 1', until: inAMinute() };

describe('a lane', () => {
  it('holds one unfinished operation whatever fifty ask for at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask({ joinRunning: n % 2 === 0 })));
    expect(answers.filter((answer) => answer.outcome === 'made')).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.operationId)).size).toBe(1);
    expect(await unfinished()).toHaveLength(1);
  });

  it('is leased to exactly one of fifty logins', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => ask({ joinRunning: true, lease: { owner: `login ${n}`, until: inAMinute() } })),
    );
    expect(answers.filter((answer) => answer.leased)).toHaveLength(1);
    expect(await unfinished()).toMatchObject([{ state: 'running', fence: 1, nextKind: null }]);
  });

  it('is leased to exactly one of a login and ten workers', async () => {
    const { operationId } = await ask();
    const [asked, ...leased] = await Promise.all([
      ask({ lease: login, joinRunning: true }),
      ...Array.from({ length: 10 }, () => lease(operationId)),
    ]);
    expect([asked.leased, ...leased].filter(Boolean)).toHaveLength(1);
  });

  it('answers many requests in their order, the same lane twice included', async () => {
    const other = await database.transaction(world.tenantId, (tx) => addUser(tx, world.storeId, 'zoe'));
    const answers = await request(lane(world), lane(world, { userId: other.id }), lane(world, { kind: 'deprovision' }));
    expect(answers.map((answer) => answer.outcome)).toEqual(['made', 'made', 'joined']);
    expect(answers[2]!.operationId).toBe(answers[0]!.operationId);
    expect(await unfinished()).toContainEqual(expect.objectContaining({ userId: world.user.id, kind: 'deprovision' }));
  });

  it('dates the entry of leased work after the lease, so that it is found if its process dies', async () => {
    const { operationId, leased } = await ask({ lease: login });
    expect(leased).toMatchObject({ open: true, operation: { state: 'running', leaseOwner: 'login 1', fence: 1 }, link: null });
    const [entry] = await entries(operationId);
    expect((entry!['start_after'] as Date).getTime()).toBeGreaterThan(login.until.getTime());
    expect(entry).toMatchObject({ calls_at_once: 3, target_id: world.target.id });
  });

  it('waits out a retry when it is only joined, and begins at once for an operator or another kind', async () => {
    const { operationId, leased } = await ask({ lease: login });
    await database.operations.settle([again(leased!)]);
    expect(await ask({ lease: login, trigger: 'login', priority: 'login' })).toMatchObject({
      operationId,
      outcome: 'joined',
      leased: null,
    });
    expect(await lease(operationId)).toBeUndefined();
    await ask({ trigger: 'operator' });
    expect(await unfinished()).toMatchObject([{ trigger: 'operator', attempts: 0, mayHaveApplied: true }]);
    expect(await lease(operationId)).toBeDefined();
  });

  it('takes over a lease that lapsed, and looks before it creates', async () => {
    const { operationId, leased } = await ask({ lease: { owner: 'died', until: ago(10) } });
    const taken = await lease(operationId);
    expect(taken!.operation).toMatchObject({ fence: 2, mayHaveApplied: true, leaseOwner: 'worker' });
    expect(await database.operations.settle([succeeded(leased!)])).toEqual(['refused']);
    expect(await database.operations.settle([succeeded(taken!)])).toEqual(['settled']);
    expect(await operations()).toMatchObject([{ state: 'succeeded', fence: 2 }]);
  });

  it('gives a lapsed lease to a login that asks', async () => {
    await ask({ lease: { owner: 'died', until: ago(10) } });
    expect((await ask({ lease: login, joinRunning: true })).leased!.operation).toMatchObject({ fence: 2, mayHaveApplied: true });
  });

  it('goes on with exactly one more after changes that came while it ran', async () => {
    const { operationId, leased } = await ask({ lease: login });
    await Promise.all([ask(), ask(), ask({ kind: 'deprovision' }), ask({ trigger: 'operator' })]);
    expect(await unfinished()).toMatchObject([{ id: operationId, state: 'running' }]);
    await database.operations.settle([succeeded(leased!)]);
    const open = await unfinished();
    expect(open).toMatchObject([{ state: 'pending', trigger: 'operator', fence: 0 }]);
    expect(open[0]!.id).not.toBe(operationId);
    expect(await entries(open[0]!.id)).toHaveLength(1);
    const next = await lease(open[0]!.id);
    await database.operations.settle([succeeded(next!)]);
    expect(await unfinished()).toEqual([]);
  });

  it('takes a change that came while it ran into its own next attempt', async () => {
    const { operationId, leased } = await ask({ lease: login });
    await ask({ kind: 'deprovision', trigger: 'removal' });
    await database.operations.settle([again(leased!)]);
    expect(await unfinished()).toMatchObject([{ id: operationId, kind: 'deprovision', trigger: 'removal', nextKind: null, attempts: 0 }]);
    expect(await lease(operationId)).toBeDefined();
  });

  it('asks for no second one where the asker changed nothing', async () => {
    const { leased } = await ask({ lease: login });
    await ask({ joinRunning: true });
    await database.operations.settle([succeeded(leased!)]);
    expect(await unfinished()).toEqual([]);
  });

  it('loses no wish to a settlement at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const first = await ask({ lease: { owner: 'x', until: inAMinute() }, joinRunning: true });
      await Promise.all([database.operations.settle([succeeded(first.leased!)]), ask()]);
      const [next, ...rest] = await unfinished();
      expect(next).toMatchObject({ state: 'pending' });
      expect(rest).toEqual([]);
      await database.operations.settle([succeeded((await lease(next!.id, inAMinute(), inAMinute()))!)]);
      expect(await unfinished()).toEqual([]);
    }
  });

  it('is given back without an attempt, unless somebody else has taken it', async () => {
    const { operationId, leased } = await ask({ lease: login });
    await database.operations.release(leased!.operation, new Date());
    const taken = await lease(operationId);
    await database.operations.release(leased!.operation, new Date());
    expect(await unfinished()).toMatchObject([{ state: 'running', fence: 2, attempts: 0 }]);
    expect(taken).toBeDefined();
  });
});

describe('settling', () => {
  it('writes link, attempt, state, events and wakes who waits, for many at once', async () => {
    const users = await database.transaction(world.tenantId, async (tx) => {
      const made = [];
      for (let n = 0; n < 30; n++) made.push(await addUser(tx, world.storeId, `user ${n}`));
      return made;
    });
    const answers = await request(...users.map((user) => lane(world, { userId: user.id, lease: login })));
    const woken = new Promise<string>((resolve) => database.bus.listen('usher_settled', resolve));
    const settlements = answers.map((answer) => succeeded(answer.leased!));
    expect(await database.operations.settle([...settlements, settlements[0]!])).toEqual(Array(31).fill('settled'));
    expect((await woken).split(',').sort()).toEqual(answers.map((answer) => answer.operationId).sort());
    const reads = database.reads(world.tenantId);
    expect(await reads.count('link', { active: true })).toBe(30);
    expect(await reads.count('attempt', { action: 'created', number: 1 })).toBe(30);
    const { items } = await settledEvents(reads, { after: null, first: 100, types: ['provisioning.succeeded'] });
    expect(new Set(items.map((event) => event.operationId)).size).toBe(30);
  });

  it('never lets two users share one account: the second is given up, the rest of the batch stands', async () => {
    const [bob, cid] = await database.transaction(world.tenantId, async (tx) => [
      await addUser(tx, world.storeId, 'bob'),
      await addUser(tx, world.storeId, 'cid'),
    ]);
    const answers = await request(
      lane(world, { lease: login }),
      lane(world, { userId: bob.id, lease: login }),
      lane(world, { userId: cid.id, lease: login }),
    );
    const settled = await database.operations.settle([
      succeeded(answers[0]!.leased!, 'shared'),
      succeeded(answers[1]!.leased!, 'shared'),
      succeeded(answers[2]!.leased!),
    ]);
    expect(settled).toEqual(['settled', 'settled', 'settled']);
    expect((await operations()).map((operation) => operation.state)).toEqual(['succeeded', 'failed', 'succeeded']);
    expect(await database.reads(world.tenantId).count('link', {})).toBe(2);
  });

  it('is refused once its target is gone', async () => {
    const { leased } = await ask({ lease: login });
    await database.transaction(world.tenantId, (tx) => tx.remove('target', { id: world.target.id }));
    expect(await database.operations.settle([succeeded(leased!)])).toEqual(['refused']);
  });
});

describe('the sweep', () => {
  it('finds work that is due and whose entry was lost, and leaves alone what the queue still knows', async () => {
    const { operationId } = await ask();
    const later = new Date(Date.now() + 60_000);
    expect(await database.operations.sweep(later)).toBe(0);
    await database.query('delete from test_queue where operation_id = $1', [operationId]);
    expect(await database.operations.sweep(new Date())).toBe(0);
    expect(await database.operations.sweep(later)).toBe(1);
    expect(await entries(operationId)).toHaveLength(1);
    expect(await database.operations.sweep(later)).toBe(0);
    await database.operations.settle([succeeded((await lease(operationId))!)]);
  });

  it('frees at the start of an embedded database what the last process held', async () => {
    const { operationId } = await ask({ lease: login });
    expect(await database.operations.freeAllLeases(new Date())).toBeGreaterThanOrEqual(1);
    expect(await database.operations.freeAllLeases(new Date())).toBe(0);
    expect(await unfinished()).toMatchObject([{ id: operationId, state: 'pending', mayHaveApplied: true, leaseOwner: null }]);
    expect(await lease(operationId)).toBeDefined();
  });
});

describe('a target in trouble', () => {
  const condition = async () => (await database.reads(world.tenantId).find('targetCondition', {}))[0];
  const types = async () =>
    (await settledEvents(database.reads(world.tenantId), { after: null, first: 100 })).items
      .map((event) => event.type)
      .filter((type) => type.startsWith('target.'));
  const makeUserAndAsk = async (name: string) =>
    database.transaction(world.tenantId, async (tx) => {
      const user = await addUser(tx, world.storeId, name);
      return (await tx.requestOperations([lane(world, { userId: user.id })]))[0]!;
    });
  const attempt = async (settle: (leased: LeasedOperation) => Parameters<typeof database.operations.settle>[0][number]) => {
    const { operationId } = await ask();
    const leased = await lease(operationId, inAMinute(), inAMinute());
    expect(await database.operations.settle([settle(leased!)])).toEqual(['settled']);
  };

  it('opens its circuit after five transient failures, says so once, and closes it when a probe works', async () => {
    for (let n = 0; n < 4; n++) await attempt((leased) => again(leased));
    expect(await condition()).toMatchObject({ consecutiveFailures: 4, circuitOpenUntil: null });
    await attempt((leased) => again(leased));
    const { circuitOpenUntil } = (await condition())!;
    expect(circuitOpenUntil!.getTime() - Date.now()).toBeGreaterThan(3_000);
    expect((await database.operations.closedTargets(new Date())).closed).toContain(world.target.id);
    expect((await database.operations.closedTargets(new Date(Date.now() + 6_000))).probing).toContain(world.target.id);
    expect(await database.operations.backlog(new Date())).toContainEqual(
      expect.objectContaining({ targetId: world.target.id, circuit: 'open', unfinished: 1 }),
    );
    await attempt((leased) => succeeded(leased));
    expect(await condition()).toMatchObject({ consecutiveFailures: 0, circuitOpenUntil: null });
    expect(await types()).toEqual(['target.circuit-opened', 'target.circuit-closed']);
  });

  it('is probed by one operation at a time, whoever asks, while its circuit is open', async () => {
    for (let n = 0; n < 5; n++) await attempt((leased) => again(leased));
    const others = await Promise.all(Array.from({ length: 3 }, (_, n) => makeUserAndAsk(`probing ${n}`)));
    const later = new Date(Date.now() + 10_000);
    const until = new Date(later.getTime() + 60_000);
    const leased = await Promise.all(others.map(({ operationId }) => database.operations.lease([operationId], 'worker', until, later)));
    const probes = leased.flat();
    expect(probes.map(({ open, probing }) => [open, probing])).toEqual([[true, true]]);
    expect(await database.operations.settle([succeeded(probes[0]!)])).toEqual(['settled']);
    const rest = others.map(({ operationId }) => operationId).filter((id) => id !== probes[0]?.operation.id);
    expect((await database.operations.lease(rest, 'worker', until, later)).map(({ probing }) => probing)).toEqual([false, false]);
  });

  it('is suspended once and until somebody clears it, and not again by an attempt that began before', async () => {
    await attempt((leased) => again(leased, { kind: 'suspend' }));
    await attempt((leased) => again(leased, { kind: 'suspend' }));
    expect(await types()).toEqual(['target.suspended']);
    expect((await lease((await ask()).operationId, inAMinute(), inAMinute()))!.open).toBe(false);
    expect(await database.transaction(world.tenantId, (tx) => tx.clearCondition(world.target.id))).toBe(true);
    expect(await database.transaction(world.tenantId, (tx) => tx.clearCondition(world.target.id))).toBe(false);
    await database.operations.freeAllLeases(new Date());
    await attempt((leased) => {
      const late = again(leased, { kind: 'suspend' });
      return { ...late, attempt: { ...late.attempt, startedAt: ago(60_000) } };
    });
    expect(await condition()).toMatchObject({ suspendedAt: null });
  });

  it('pauses until the time it named', async () => {
    const until = new Date(Date.now() + 30_000);
    await attempt((leased) => again(leased, { kind: 'pause', until, milliseconds: 30_000 }));
    expect(await condition()).toMatchObject({ pausedUntil: until });
    expect((await database.operations.closedTargets(new Date())).closed).toContain(world.target.id);
    expect((await database.operations.closedTargets(new Date(until.getTime() + 1))).closed).not.toContain(world.target.id);
  });
});
