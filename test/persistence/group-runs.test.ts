/** Leases, notes and settlements of provisioned groups, and what marks them as due. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GroupSettlement, LeasedGroup } from '../../src/commands/group-ports.ts';
import type { Transaction } from '../../src/commands/ports.ts';
import type { AccountId, Group, ProvisionedGroup, User } from '../../src/domain/vocabulary.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { addUser, ago, again, inAMinute, lane, makeWorld, succeeded, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let group: Group;
let provisioned: ProvisionedGroup;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  world = await makeWorld(database, `Groups ${Math.random()}`);
  await database.transaction(world.tenantId, async (tx) => {
    group = await tx.insert('group', { name: 'Staff' });
    await tx.insert('membership', { groupId: group.id, userId: world.user.id });
  });
  provisioned = await choose(group);
});

const write = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => database.transaction(world.tenantId, work);
/** A change that concerns the group, and nothing else. */
const concern = (): Promise<void> =>
  write((tx) => {
    tx.concernGroups({ groupIds: [group.id] });
    return Promise.resolve();
  });
const choose = ({ id }: Group, dueAt = ago(1_000)): Promise<ProvisionedGroup> =>
  database.transaction(world.tenantId, (tx) =>
    tx.insert('provisionedGroup', {
      ...{ groupId: id, targetId: world.target.id, whenRemoved: 'leave', state: 'pending', dueAt, attempts: 0 },
      ...{ targetGroupId: null, appliedName: null, origin: null, begunName: null, askedAt: null, endingSince: null },
      ...{ failingSince: null, failureKind: null, failureMessage: null, rightAt: null },
    }),
  );
const runs = () => database.provisionedGroups;
const take = async (until = inAMinute(), now = new Date()): Promise<readonly LeasedGroup[]> => {
  const leased = await runs().lease({ owner: 'test', now, until, atMost: 100, ignored: [] });
  return leased.filter((each) => each.group.tenantId === world.tenantId);
};
const takeOne = async (until?: Date): Promise<LeasedGroup> => {
  const [leased] = await take(until);
  if (!leased) throw new Error('No group is due.');
  return leased;
};
const settlement = (leased: LeasedGroup, outcome: GroupSettlement['outcome'] = { kind: 'right', lookAgainAt: null }): GroupSettlement => ({
  ...{ leased, outcome },
  startedAt: ago(10),
  condition: { kind: 'works' },
});
const now = async (): Promise<ProvisionedGroup> => (await database.reads(world.tenantId).byId('provisionedGroup', provisioned.id))!;
/** What it makes of the group; it finds those of other tests, too. */
const sweep = async (): Promise<ProvisionedGroup['state']> => {
  await runs().sweep(new Date());
  return (await now()).state;
};
const member = (accountId: string) => ({
  ...{ userId: world.user.id, accountId: accountId as AccountId },
  ...({ state: 'member', changedAt: ago(1_000) } as const),
});
const beRight = async (): Promise<void> => {
  const leased = await takeOne();
  await runs().note(leased, { kind: 'found', id: 'theirs' as never, name: group.name, origin: 'created', askedAt: null });
  expect(await runs().settle(settlement(leased))).toBe('settled');
};

describe('a lease', () => {
  it('is given once, whoever asks at the same moment', async () => {
    const taken = await Promise.all([take(), take(), take()]);
    expect(taken.flat()).toHaveLength(1);
    expect(await take()).toEqual([]);
  });

  it('takes a place of the target, which operations then have not, and the other way round', async () => {
    await write((tx) => tx.change('target', world.target.id, { maxConcurrentCalls: 1 }));
    const leased = await takeOne();
    const lease = { owner: 'login', until: inAMinute() };
    const [full] = await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world, { lease })]));
    expect(full?.leased).toBeNull();
    await runs().release(leased, new Date());
    const [operation] = await database.operations.lease([full!.operationId], 'worker', inAMinute(), new Date());
    expect(operation).toBeDefined();
    expect(await take()).toEqual([]);
  });

  it.each([
    { closed: 'a disabled connector', sql: `update target set enabled = false where id = $1` },
    {
      closed: 'a suspended target',
      sql: `insert into target_condition (target_id, tenant_id, suspended_at) select id, tenant_id, now() from target where id = $1`,
    },
    {
      closed: 'a target that asked for time',
      sql: `insert into target_condition (target_id, tenant_id, paused_until) select id, tenant_id, now() + interval '1 hour' from target where id = $1`,
    },
    {
      closed: 'an open circuit',
      sql: `insert into target_condition (target_id, tenant_id, circuit_open_until) select id, tenant_id, now() + interval '1 hour' from target where id = $1`,
    },
  ])('is not given for $closed', async ({ sql }) => {
    await database.query(sql, [world.target.id]);
    expect(await take()).toEqual([]);
  });

  it('that lapsed goes to somebody else, and who had it can neither note nor settle any more', async () => {
    const [late] = await take(ago(1));
    const leased = await takeOne();
    expect(leased.fence).toBe(late!.fence + 1);
    const member = { userId: world.user.id, accountId: 'account' as never };
    expect(await runs().note(late!, { kind: 'adding', members: [member] })).toBe(false);
    expect(await runs().note(late!, { kind: 'creating', name: 'Staff' })).toBe(false);
    expect(await runs().settle(settlement(late!))).toBe('refused');
    expect(await database.reads(world.tenantId).count('provisionedMember', {})).toBe(0);
    expect(await runs().note(leased, { kind: 'adding', members: [member] })).toBe(true);
    expect(await runs().settle(settlement(leased))).toBe('settled');
    expect(await now()).toMatchObject({ state: 'right' });
  });

  it('says nothing in the name of another tenant', async () => {
    const leased = await takeOne();
    await write((tx) => tx.insert('provisionedMember', { ...member('account'), provisionedGroupId: provisioned.id }));
    const { id: tenantId } = await database.tenants.create(`Elsewhere ${Math.random()}`);
    const foreign = { ...leased, group: { ...leased.group, tenantId } };
    expect([await runs().differing(leased, 10), await runs().differing(foreign, 10)]).toMatchObject([[{ accountId: 'account' }], []]);
    expect(await runs().note(foreign, { kind: 'creating', name: 'Staff' })).toBe(false);
    expect(await runs().settle(settlement(foreign))).toBe('refused');
    expect(await runs().settle(settlement(foreign, { kind: 'ended', deleted: true }))).toBe('refused');
    await runs().release(foreign, new Date());
    expect(await now()).toMatchObject({ state: 'running', begunName: null });
    expect(await runs().settle(settlement(leased))).toBe('settled');
  });
});

describe('a change', () => {
  it('during a run causes exactly one more, however many they are', async () => {
    const leased = await takeOne();
    for (let time = 0; time < 3; time++) await concern();
    expect(await now()).toMatchObject({ state: 'running' });
    await runs().settle(settlement(leased));
    expect(await now()).toMatchObject({ state: 'pending' });
    await runs().settle(settlement(await takeOne()));
    expect(await now()).toMatchObject({ state: 'right' });
  });

  it('begins anew with what was given up, and waits with what waits out a failure', async () => {
    await runs().settle(settlement(await takeOne(), { kind: 'failed', failure: { kind: 'rejected' }, message: 'No.' }));
    expect(await now()).toMatchObject({ state: 'failed' });
    await concern();
    const dueAt = inAMinute();
    await database.query(`update provisioned_group set due_at = now() - interval '1 second' where id = $1`, [provisioned.id]);
    const failure = { kind: 'transient', mayHaveApplied: true } as const;
    await runs().settle(settlement(await takeOne(), { kind: 'again', failure, message: 'No.', dueAt, countsAttempt: true }));
    await concern();
    expect(await now()).toMatchObject({ state: 'pending', attempts: 1, dueAt });
  });

  it.each([{ deleted: true }, { deleted: false }])(
    'while it ends begins anew, whatever its ending failed at before (deleted: $deleted)',
    async ({ deleted }) => {
      const failure = { kind: 'transient', mayHaveApplied: true } as const;
      await runs().settle(settlement(await takeOne(), { kind: 'again', failure, message: 'No.', dueAt: ago(1), countsAttempt: true }));
      const leased = await takeOne();
      await concern();
      expect(await now()).toMatchObject({ attempts: 1, failureKind: 'transient' });
      expect(await runs().settle(settlement(leased, { kind: 'ended', deleted }))).toBe('settled');
      expect(await now()).toMatchObject({ state: 'pending', attempts: 0, failingSince: null, failureKind: null, failureMessage: null });
    },
  );
});

describe('an account of a member', () => {
  const settle = async (change: 'created' | 'updated' | 'failed', user: User = world.user): Promise<void> => {
    const lease = { owner: 'worker', until: inAMinute() };
    const [answer] = await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world, { userId: user.id, lease })]));
    const leased = answer!.leased!;
    expect(await database.operations.settle([change === 'failed' ? again(leased, { kind: 'nothing' }) : succeeded(leased)])).toEqual([
      'settled',
    ]);
  };

  it('makes the group due when it appears', async () => {
    await beRight();
    await settle('created');
    expect(await now()).toMatchObject({ state: 'pending' });
  });

  it('leaves the group alone when it is only updated, when its operation fails, and when it is of somebody else', async () => {
    await settle('created');
    await beRight();
    await settle('updated');
    await settle('failed');
    await settle('created', await database.transaction(world.tenantId, (tx) => addUser(tx, world.storeId, 'bob')));
    expect(await now()).toMatchObject({ state: 'right' });
  });

  it('that nobody marked the group for is found by the sweep', async () => {
    await settle('created');
    await beRight();
    // The account was there when the group became right, but no member is recorded: two transactions missed each other.
    expect(await sweep()).toBe('pending');
    const leased = await takeOne();
    expect(await runs().differing(leased, 10)).toMatchObject([{ userId: world.user.id, recorded: null }]);
    const [member] = await runs().differing(leased, 10);
    await runs().note(leased, { kind: 'adding', members: [member!] });
    await runs().note(leased, { kind: 'added', members: [member!], unknown: [] });
    expect(await runs().differing(leased, 10)).toEqual([]);
    await runs().settle(settlement(leased));
    expect(await sweep()).toBe('right');
    await write((tx) => tx.remove('link', { userId: world.user.id }));
    expect(await sweep()).toBe('pending');
  });
});
