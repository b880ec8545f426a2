/** Groups of ours at targets: what is there after each change, and whose members are touched. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deactivateUser } from '../../src/commands/deactivate-user.ts';
import { reactivateUser } from '../../src/commands/reactivate-user.ts';
import { removeUser } from '../../src/commands/remove-user.ts';
import { retryProvisionedGroups } from '../../src/commands/retry-provisioned-groups.ts';
import type { Caller } from '../../src/commands/caller.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import type { ServiceProvider } from '../support/administer.ts';
import { settledEvents } from '../support/events.ts';
import { accountOf, countCalls, fill, groupsOf, placeWith, type Groups, type Person } from '../support/groups.ts';
import { until } from '../support/people.ts';

let engine: Engine;
let groups: Groups;
let caller: Caller;
beforeAll(async () => {
  engine = await startEngine({ settings: { attemptTimeoutMs: 10_000 } });
  groups = groupsOf(engine);
  caller = { tenantId: engine.usher.tenantId, actor: { kind: 'administrator', id: 'test' }, role: 'administrator' };
});
afterAll(() => engine.close());

const place = (count: number, more?: Record<string, unknown>) => placeWith(engine, count, more);
const inside = ({ memory }: MemoryAtHand, name: string): ReadonlySet<string> =>
  memory.groups().find((group) => group.name === name)?.members ?? new Set();
const register = (app: ServiceProvider): Promise<Person> => engine.register(app);

describe('a group that is chosen', () => {
  it('is made at the target, with those of its members who have an account there', async () => {
    const { target, people } = await place(3);
    const stranger = await register(await engine.serviceProvider());
    const group = await groups.make([...people, stranger]);
    await groups.choose(target, [group]);
    expect(await groups.rest(target)).toMatchObject([{ origin: 'created', appliedName: group.name, attempts: 0, failureKind: null }]);
    expect(inside(target, group.name)).toEqual(new Set(people.map((person) => accountOf(target, person))));
    expect(countCalls(target, 'add-members')).toBe(1);
  });

  it('takes in who joins and lets out who leaves, and nobody else', async () => {
    const { target, people } = await place(4);
    const [one, two, three, four] = people as [Person, Person, Person, Person];
    const group = await groups.make([one, two]);
    await groups.choose(target, [group]);
    const [made] = await groups.rest(target);
    target.memory.addMember(made!.targetGroupId!, 'a group inside it');
    target.memory.addMember(made!.targetGroupId!, accountOf(target, four));
    await groups.leave(group, one);
    await groups.join(group, three);
    await groups.rest(target);
    const [second, third, fourth] = [two, three, four].map((person) => accountOf(target, person));
    expect(inside(target, group.name)).toEqual(new Set([second, third, 'a group inside it', fourth]));
  });

  it('is renamed with ours and stays the same one', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    const [before] = await groups.rest(target);
    const name = `New name ${randomUUID()}`;
    await groups.rename(group, name);
    const [after] = await groups.rest(target);
    expect(after).toMatchObject({ targetGroupId: before!.targetGroupId, appliedName: name });
    expect(target.memory.groups()).toMatchObject([{ id: before!.targetGroupId, name }]);
    expect(inside(target, name).size).toBe(1);
  });

  it('is made anew with everybody in it when somebody deleted it at the target', async () => {
    const { target, app, people } = await place(2);
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    const [before] = await groups.rest(target);
    target.memory.removeGroup(before!.targetGroupId!);
    const late = await register(app);
    await engine.rest(target);
    await groups.join(group, late);
    const [after] = await groups.rest(target);
    expect(after!.targetGroupId).not.toBe(before!.targetGroupId);
    expect(inside(target, group.name).size).toBe(3);
  });

  it('is looked at wholly when an operator retries it', async () => {
    const { target, people } = await place(2);
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    const [before] = await groups.rest(target);
    target.memory.putGroup('another');
    target.memory.removeMember(before!.targetGroupId!, accountOf(target, people[0]!));
    await retryProvisionedGroups(engine.usher.app.house, caller, { id: before!.id });
    await until(() => inside(target, group.name).size === 2);
    await groups.rest(target);
  });

  it('makes no call for a change that changes nothing there', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    await groups.rest(target);
    const calls = target.memory.calls.length;
    const stranger = await register(await engine.serviceProvider());
    await groups.join(group, stranger);
    await groups.rest(target);
    expect(target.memory.calls).toHaveLength(calls);
  });

  it('is filled over several runs where it is large', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await fill(engine, target, group, 1_130);
    await groups.choose(target, [group]);
    await groups.rest(target);
    expect(inside(target, group.name).size).toBe(1_131);
    expect(countCalls(target, 'add-members')).toBe(12);
    expect(countCalls(target, 'create-group')).toBe(1);
  });
});

describe('a member', () => {
  it('joins when their account is there', async () => {
    const { target } = await place(0);
    const app = await engine.serviceProvider({ target });
    const group = await groups.make();
    await groups.choose(target, [group]);
    await groups.rest(target);
    const letGo = target.memory.hold();
    const person = await register(app);
    await groups.join(group, person);
    letGo();
    await until(() => inside(target, group.name).has(accountOf(target, person)));
    await groups.rest(target);
  });

  it('leaves when they are deactivated, and comes back with their account', async () => {
    const { target, people } = await place(2);
    const [gone, stays] = people as [Person, Person];
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    await groups.rest(target);
    await deactivateUser(engine.usher.app.house, caller, { id: gone.id, version: null });
    await until(() => inside(target, group.name).size === 1);
    expect(inside(target, group.name)).toEqual(new Set([accountOf(target, stays)]));
    await reactivateUser(engine.usher.app.house, caller, { id: gone.id, version: null });
    await until(() => inside(target, group.name).size === 2);
    await groups.rest(target);
    expect((await groups.members(target)).map((member) => member.state)).toEqual(['member', 'member']);
  });

  it('leaves when they are removed', async () => {
    const { target, people } = await place(2);
    const [gone] = people as [Person];
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    await groups.rest(target);
    await removeUser(engine.usher.app.house, caller, { id: gone.id, version: null });
    await until(() => inside(target, group.name).size === 1);
    await groups.rest(target);
    expect(await groups.members(target)).toHaveLength(1);
  });

  it('whose account the target does not know is left out and does not hold up the others', async () => {
    const { target, people } = await place(2);
    const [lost, other] = people as [Person, Person];
    const group = await groups.make(people);
    const account = accountOf(target, lost);
    target.memory.removeAccount(account);
    await groups.choose(target, [group]);
    await until(() => inside(target, group.name).size === 1);
    const members = await until(async () => {
      const found = await groups.members(target);
      return found.some((member) => member.state === 'unknown') ? found : null;
    });
    expect(members).toHaveLength(2);
    expect(inside(target, group.name)).toEqual(new Set([accountOf(target, other)]));
    // A new account for the same person: the next change finds that the old one is gone.
    await engine.changeTitle(lost.id, 'Found');
    await until(() => inside(target, group.name).has(accountOf(target, lost)));
    await groups.rest(target);
    expect((await groups.members(target)).map((member) => member.state)).toEqual(['member', 'member']);
  });
});

describe('a group that is there already', () => {
  it('is adopted, and keeps those whom others put there', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    target.memory.putGroup(group.name, ['theirs']);
    await groups.choose(target, [group], 'delete');
    expect(await groups.rest(target)).toMatchObject([{ origin: 'adopted' }]);
    expect(inside(target, group.name)).toEqual(new Set(['theirs', accountOf(target, people[0]!)]));
    await groups.choose(target, []);
    expect(await groups.at(target)).toEqual([]);
    expect(inside(target, group.name).size).toBe(2);
  });

  it.each(['ASK', 'REFUSE'])('is left alone where the connector is set to %s', async (adoption) => {
    const { target, people } = await place(1, { adoption });
    const group = await groups.make(people);
    target.memory.putGroup(group.name);
    await groups.choose(target, [group]);
    expect(await groups.rest(target, 'failed')).toMatchObject([
      { failureKind: 'rejected', failureMessage: expect.stringContaining('exists at the target'), targetGroupId: null },
    ]);
    expect(inside(target, group.name).size).toBe(0);
  });

  it('is not guessed where there are several', async () => {
    const { target } = await place(0);
    const group = await groups.make();
    target.memory.putGroup(group.name);
    target.memory.putGroup(group.name);
    await groups.choose(target, [group]);
    expect(await groups.rest(target, 'failed')).toMatchObject([{ failureMessage: expect.stringContaining('Several groups') }]);
  });

  it('is never taken from another group of ours: two that swap their names both keep their own', async () => {
    const { target, people } = await place(2);
    const [left, right] = [await groups.make([people[0]!]), await groups.make([people[1]!])];
    await groups.choose(target, [left]);
    const [first] = await groups.rest(target);
    // Ours gives its name to another one, at a moment when the target can take no call.
    const letGo = target.memory.hold();
    await groups.rename(left, `Old ${left.name}`);
    await groups.rename(right, left.name);
    await groups.choose(target, [left, right]);
    letGo();
    await groups.rest(target);
    expect(target.memory.groups()).toHaveLength(2);
    expect(target.memory.groups().find((group) => group.id === first!.targetGroupId)).toMatchObject({ name: `Old ${left.name}` });
    expect(inside(target, left.name)).toEqual(new Set([accountOf(target, people[1]!)]));
  });
});

describe('a group that is no longer provisioned', () => {
  it('stays at the target with its members unless it is to be deleted', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await groups.choose(target, [group]);
    await groups.rest(target);
    await groups.remove(group);
    expect(await groups.at(target)).toEqual([]);
    expect(inside(target, group.name).size).toBe(1);
  });

  it('is deleted where that was asked for and Usher made it', async () => {
    const { target, people } = await place(1);
    const [kept, gone] = [await groups.make(people), await groups.make(people)];
    await groups.choose(target, [kept, gone], 'delete');
    await groups.rest(target);
    await groups.choose(target, [kept], 'delete');
    await until(async () => (await groups.at(target)).length === 1);
    expect(target.memory.groups().map((group) => group.name)).toEqual([kept.name]);
    await groups.remove(kept);
    await until(async () => (await groups.at(target)).length === 0);
    expect(target.memory.groups()).toEqual([]);
    expect(target.memory.accounts()).toHaveLength(1);
  });

  it('stays after all when it is chosen again before it was deleted', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await groups.choose(target, [group], 'delete');
    await groups.rest(target);
    const letGo = target.memory.hold();
    await groups.choose(target, []);
    await groups.choose(target, [group], 'delete');
    letGo();
    await groups.rest(target);
    expect(inside(target, group.name).size).toBe(1);
  });
});

it('tells what became right and what was given up, without a word about people', async () => {
  const { target, people } = await place(2);
  const group = await groups.make(people);
  await groups.choose(target, [group]);
  await groups.rest(target);
  target.memory.inject({ kind: 'fail', when: 'before', method: 'rename-group', failure: { kind: 'rejected' } });
  await groups.rename(group, `Refused ${group.name}`);
  await groups.rest(target, 'failed');
  const { items } = await settledEvents(engine.usher.app.database.reads(engine.usher.tenantId), {
    after: null,
    first: 500,
    targetId: target.connectorId as never,
    types: ['group-provisioning.configured', 'group-provisioning.succeeded', 'group-provisioning.failed'],
  });
  expect(items.map(({ type, payload, userId }) => ({ type, payload, userId }))).toEqual([
    { type: 'group-provisioning.configured', payload: { groups: 1, added: 1, ended: 0 }, userId: null },
    { type: 'group-provisioning.succeeded', payload: { groupId: group.id, added: 2, removed: 0, members: 2 }, userId: null },
    {
      type: 'group-provisioning.failed',
      payload: { groupId: group.id, failure: 'rejected', message: 'The target in memory failed: rejected.', attempts: 1 },
      userId: null,
    },
  ]);
});
