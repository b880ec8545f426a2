/** The guard at its one choke point: however endings come to be, and whoever asks at the same time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LaneRequest, LeasedOperation } from '../../src/commands/ports.ts';
import type { AccountId, Operation, OperationId, User } from '../../src/domain/vocabulary.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { addUser, again, inAMinute, lane, makeWorld, succeeded, type World } from './world.ts';
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

const reads = () => database.reads(world.tenantId);
const guard = (settings: { guardCount?: number; guardPercent?: number; guardPercentFrom?: number; guardEnabled?: boolean }) =>
  database.transaction(world.tenantId, (tx) => tx.change('target', world.target.id, settings));
const people = (count: number): Promise<readonly User[]> =>
  database.transaction(world.tenantId, async (tx) => {
    const users: User[] = [];
    for (let n = 0; n < count; n++) {
      const user = await addUser(tx, world.storeId, `person ${n}`);
      users.push(user);
      const accountId = `account of ${user.id}` as AccountId;
      await tx.insert('link', {
        userId: user.id,
        targetId: world.target.id,
        accountId,
        origin: 'created',
        active: true,
        applied: {},
        appliedAt: new Date(),
      });
    }
    return users;
  });
const ending = (user: User, wish: Partial<LaneRequest> = {}): LaneRequest =>
  lane(world, { userId: user.id, kind: 'deprovision', trigger: 'removal', ...wish });
const end = (...users: readonly User[]) =>
  database.transaction(world.tenantId, (tx) => tx.requestOperations(users.map((user) => ending(user))));
const states = async (): Promise<Record<string, number>> => {
  const all = await reads().find('operation', {});
  return Object.fromEntries([...Map.groupBy(all, (operation) => operation.state)].map(([state, some]) => [state, some.length]));
};
const entriesOf = async (operations: readonly Pick<Operation, 'id'>[]): Promise<number> =>
  (await database.query('select 1 from test_queue where operation_id = any($1::uuid[])', [operations.map(({ id }) => id)])).rowCount;
const lease = async (ids: readonly OperationId[]): Promise<readonly LeasedOperation[]> =>
  database.operations.lease(ids, 'worker', inAMinute(), new Date());
const tripped = async (): Promise<number> =>
  (await settledEvents(reads(), { after: null, first: 100, types: ['removals.held'] })).items.length;

describe('endings of accounts', () => {
  it('go on up to the number, and are held with all that has not begun once they are more', async () => {
    await guard({ guardCount: 3 });
    const [first, ...others] = await people(6);
    await end(first!, ...others.slice(0, 2));
    expect(await states()).toEqual({ pending: 3 });
    const [begun] = await lease((await reads().find('operation', { userId: first!.id })).map(({ id }) => id));
    await end(others[2]!);
    expect(await states()).toEqual({ running: 1, held: 3 });
    await database.operations.settle([succeeded(begun!)]);
    await end(others[3]!, others[4]!);
    expect(await states()).toEqual({ succeeded: 1, held: 5 });
  });

  it('have no queue entry while they are held, are never leased and are not found by the sweep', async () => {
    await guard({ guardCount: 0 });
    const users = await people(3);
    await end(...users);
    const held = await reads().find('operation', { state: 'held' });
    expect(held).toHaveLength(3);
    expect(held.every((operation) => operation.heldAt !== null)).toBe(true);
    expect(await entriesOf(held)).toBe(0);
    expect(await lease(held.map(({ id }) => id))).toEqual([]);
    expect(await database.operations.sweep(new Date(Date.now() + 3_600_000))).toBe(0);
    expect(await states()).toEqual({ held: 3 });
  });

  it('are counted exactly by transactions that race', async () => {
    await guard({ guardCount: 5 });
    const users = await people(30);
    await Promise.all(users.map((user) => end(user)));
    // Whoever comes sixth finds five, and takes those with it that have not begun.
    expect(await states()).toEqual({ held: 30 });
    expect(await tripped()).toBeGreaterThan(0);
  });

  it('never go on in a greater number than the guard lets pass, when workers lease while others ask', async () => {
    await guard({ guardCount: 5 });
    const users = await people(40);
    const leased: LeasedOperation[] = [];
    await Promise.all(
      users.map(async (user) => {
        const [answer] = await end(user);
        leased.push(...(await lease([answer!.operationId])));
      }),
    );
    expect(leased.length).toBeLessThanOrEqual(5);
    expect((await states())['held']).toBe(40 - leased.length);
  });

  it('are held by their part of the active accounts, beyond a number that is no reason', async () => {
    await guard({ guardPercent: 50, guardPercentFrom: 2 });
    const users = await people(8);
    await end(...users.slice(0, 4));
    expect(await states()).toEqual({ pending: 4 });
    await end(users[4]!);
    expect(await states()).toEqual({ held: 5 });
  });

  it('go on whatever their number where the guard is off, and where there is nothing to end', async () => {
    await guard({ guardEnabled: false, guardCount: 0 });
    await end(...(await people(3)));
    expect(await states()).toEqual({ pending: 3 });
    await guard({ guardEnabled: true });
    const nobody = await database.transaction(world.tenantId, (tx) => addUser(tx, world.storeId, 'without an account'));
    await end(nobody);
    expect((await states())['held']).toBeUndefined();
  });

  it('pass where whoever asked has seen how many they are, and not where they are more', async () => {
    await guard({ guardCount: 1 });
    const users = await people(6);
    const confirmed = (some: readonly User[], accounts: number) =>
      database.transaction(world.tenantId, async (tx) => {
        tx.confirmEndings(accounts);
        await tx.requestOperations(some.map((user) => ending(user)));
      });
    await confirmed(users.slice(0, 3), 3);
    expect(await states()).toEqual({ pending: 3 });
    await confirmed(users.slice(3), 2);
    expect(await states()).toEqual({ pending: 3, held: 3 });
  });
});

describe('an ending that follows an attempt', () => {
  it('passes the guard when it is made', async () => {
    await guard({ guardCount: 0 });
    const [user] = await people(1);
    const [answer] = await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world, { userId: user!.id })]));
    const [leased] = await lease([answer!.operationId]);
    await end(user!);
    expect(await states()).toEqual({ running: 1 });
    await database.operations.settle([succeeded(leased!)]);
    expect(await states()).toEqual({ succeeded: 1, held: 1 });
  });

  it('passes it where the attempt goes on as an ending', async () => {
    await guard({ guardCount: 0 });
    const [user] = await people(1);
    const [answer] = await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world, { userId: user!.id })]));
    const [leased] = await lease([answer!.operationId]);
    await end(user!);
    await database.operations.settle([again(leased!)]);
    expect(await states()).toEqual({ held: 1 });
  });

  it('passes it where the lease is given back', async () => {
    await guard({ guardCount: 0 });
    const [user] = await people(1);
    const [answer] = await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world, { userId: user!.id })]));
    const [leased] = await lease([answer!.operationId]);
    await end(user!);
    await database.operations.release(leased!.operation, new Date());
    expect(await states()).toEqual({ held: 1 });
  });
});

describe('a held ending', () => {
  const hold = async (count = 2): Promise<readonly User[]> => {
    await guard({ guardCount: 0 });
    const users = await people(count);
    await end(...users);
    return users;
  };

  it('gives way to a provision of its person, which goes on at once', async () => {
    const [user] = await hold();
    const [answer] = await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world, { userId: user!.id })]));
    expect(answer).toMatchObject({ outcome: 'joined', follows: false });
    const [operation] = await reads().find('operation', { userId: user!.id });
    expect(operation).toMatchObject({ kind: 'provision', state: 'pending', heldAt: null });
    expect(await entriesOf([operation!])).toBe(1);
    expect(await lease([operation!.id])).toHaveLength(1);
  });

  it('is leased at once to a login of its person', async () => {
    const [user] = await hold();
    const [answer] = await database.transaction(world.tenantId, (tx) =>
      tx.requestOperations([
        lane(world, { userId: user!.id, trigger: 'login', lease: { owner: 'login', until: inAMinute() }, joinRunning: true }),
      ]),
    );
    expect(answer!.leased?.operation).toMatchObject({ kind: 'provision', state: 'running' });
  });

  it('goes on being held when it is asked for again, by whomever', async () => {
    const [user] = await hold();
    await database.transaction(world.tenantId, (tx) => tx.requestOperations([ending(user!, { trigger: 'operator' })]));
    expect(await states()).toEqual({ held: 2 });
    expect(await reads().find('operation', { userId: user!.id })).toMatchObject([{ nextKind: null }]);
  });

  it('goes on when somebody confirms it, and is not counted again', async () => {
    await hold(3);
    const freed = await database.transaction(world.tenantId, (tx) => tx.confirmHeld(world.target.id, null));
    expect(freed).toHaveLength(3);
    expect(await states()).toEqual({ pending: 3 });
    expect(await entriesOf(freed)).toBe(3);
    await guard({ guardCount: 1 });
    await end(...(await database.transaction(world.tenantId, async (tx) => [await addUser(tx, world.storeId, 'one more')])));
    expect(await states()).toEqual({ pending: 4 });
  });

  it('ends undone when somebody cancels it', async () => {
    const [user] = await hold();
    const [operation] = await reads().find('operation', { userId: user!.id });
    expect(await database.transaction(world.tenantId, (tx) => tx.cancelHeld(world.target.id, [operation!.id]))).toHaveLength(1);
    expect(await states()).toEqual({ held: 1, cancelled: 1 });
    expect(await reads().find('link', { userId: user!.id })).toMatchObject([{ active: true }]);
  });

  it('is decided about once by two who decide at the same time', async () => {
    await hold(5);
    const [confirmed, cancelled] = await Promise.all([
      database.transaction(world.tenantId, (tx) => tx.confirmHeld(world.target.id, null)),
      database.transaction(world.tenantId, (tx) => tx.cancelHeld(world.target.id, null)),
    ]);
    expect(confirmed.length + cancelled.length).toBe(5);
  });

  it('is found by old code that names fewer states of a lane', async () => {
    const [user] = await hold(1);
    await database.query(
      `insert into operation as o (id, tenant_id, user_id, target_id, kind, state, trigger, priority, due_at, created_at)
       values (gen_random_uuid(), $1, $2, $3, 'provision', 'pending', 'change', 1, now(), now())
       on conflict (user_id, target_id) where state in ('pending', 'running') do update set next_kind = excluded.kind`,
      [world.tenantId, user!.id, world.target.id],
    );
    expect(await states()).toEqual({ held: 1 });
  });
});
