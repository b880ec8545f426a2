/** What goes wrong while a group is made right at a target, each once, and what is there in the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/commands/caller.ts';
import { retryProvisionedGroups } from '../../src/commands/retry-provisioned-groups.ts';
import type { ProvisionedGroup, TargetId } from '../../src/domain/vocabulary.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { accountOf, countCalls, fill, groupsOf, placeWith, type Groups, type Person } from '../support/groups.ts';
import { until } from '../support/people.ts';

let engine: Engine;
let groups: Groups;
let caller: Caller;
beforeAll(async () => {
  engine = await startEngine({ settings: { attemptTimeoutMs: 3_000 } });
  groups = groupsOf(engine);
  caller = { tenantId: engine.usher.tenantId, actor: { kind: 'administrator', id: 'test' }, role: 'administrator' };
});
afterAll(() => engine.close());

const place = (count: number, more?: Record<string, unknown>) => placeWith(engine, count, more);
const sql = (text: string, ...parameters: unknown[]) => engine.usher.app.database.query(text, parameters);
const switchTarget = (mutation: string, { connectorId }: MemoryAtHand) =>
  engine.admin.do(`mutation($input: ProvisioningConnectorIdInput!) { ${mutation}(input: $input) { __typename } }`, {
    input: { id: connectorId },
  });
const conditionOf = async ({ connectorId }: MemoryAtHand) =>
  (await engine.usher.app.database.reads(engine.usher.tenantId).find('targetCondition', { targetId: connectorId as TargetId }))[0];
const only = ({ memory }: MemoryAtHand): ReadonlySet<string> => {
  expect(memory.groups()).toHaveLength(1);
  return memory.groups()[0]!.members;
};

describe('a group whose making got no answer', () => {
  it.each(['before', 'after'] as const)('(the fault was %s the write) is there once and counts as made by Usher', async (when) => {
    const { target, people } = await place(2, { adoption: 'REFUSE' });
    const group = await groups.make(people);
    target.memory.inject({ kind: 'fail', when, method: 'create-group', failure: { kind: 'transient', mayHaveApplied: true } });
    await groups.choose(target, [group]);
    expect(await groups.rest(target)).toMatchObject([{ origin: 'created', begunName: null }]);
    expect(only(target).size).toBe(2);
  });

  it('is found by the name it was asked for, although ours was renamed meanwhile', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    target.memory.inject({ kind: 'fail', when: 'after', method: 'create-group', failure: { kind: 'transient', mayHaveApplied: true } });
    await groups.choose(target, [group]);
    await until(async () => (await groups.at(target))[0]?.begunName === group.name);
    await groups.rename(group, `Later ${group.name}`);
    await groups.rest(target);
    expect(only(target).size).toBe(1);
    expect(target.memory.groups()[0]?.name).toBe(`Later ${group.name}`);
  });

  it('is deleted with ours where that was asked for', async () => {
    const { target } = await place(0);
    const group = await groups.make();
    target.memory.inject({ kind: 'fail', when: 'after', method: 'create-group', failure: { kind: 'transient', mayHaveApplied: true } });
    await groups.choose(target, [group], 'delete');
    await until(async () => (await groups.at(target))[0]?.begunName === group.name);
    await groups.remove(group);
    await until(async () => (await groups.at(target)).length === 0);
    expect(target.memory.groups()).toEqual([]);
  });

  it('is another one where somebody made it at the same moment', async () => {
    const { target } = await place(0);
    const group = await groups.make();
    const letGo = target.memory.hold();
    await groups.choose(target, [group]);
    await until(() => countCalls(target, 'find-group') === 1);
    target.memory.inject({ kind: 'fail', when: 'before', method: 'create-group', failure: { kind: 'conflict' } });
    letGo();
    expect(await groups.rest(target, 'failed')).toMatchObject([{ failureKind: 'conflict', begunName: null }]);
    target.memory.putGroup(group.name, ['theirs']);
    await retryProvisionedGroups(engine.usher.app.house, caller, { targetId: target.connectorId as TargetId });
    expect(await groups.rest(target)).toMatchObject([{ origin: 'adopted' }]);
    expect(only(target)).toEqual(new Set(['theirs']));
  });
});

describe('members', () => {
  it.each(['before', 'after'] as const)('are each there once after an answer that never came (%s the write)', async (when) => {
    const { target, people } = await place(3);
    const group = await groups.make(people);
    target.memory.inject({ kind: 'hang', when, method: 'add-members' });
    await groups.choose(target, [group]);
    await groups.rest(target);
    expect(only(target)).toEqual(new Set(people.map((person) => accountOf(target, person))));
    expect((await groups.members(target)).map((member) => member.state)).toEqual(['member', 'member', 'member']);
  });

  it('that were added before the target asked for time are not added again', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await fill(engine, target, group, 149);
    target.memory.setLatency(250);
    await groups.choose(target, [group]);
    await until(() => countCalls(target, 'add-members') === 1);
    target.memory.inject({ kind: 'fail', when: 'before', method: 'add-members', failure: { kind: 'throttled', retryAfterMs: 1_000 } });
    await until(async () => (await conditionOf(target))?.pausedUntil);
    expect((await groups.at(target))[0]).toMatchObject({ state: 'pending', attempts: 0, failureKind: 'throttled' });
    expect(only(target).size).toBe(100);
    target.memory.setLatency(0);
    await groups.rest(target);
    expect(only(target).size).toBe(150);
    expect(countCalls(target, 'add-members')).toBe(3);
  });

  it('that a dead process was adding are taken back when they are not to be there any more', async () => {
    const { target, people } = await place(2);
    const [gone, stays] = people as [Person, Person];
    const group = await groups.make(people);
    await switchTarget('disableProvisioningConnector', target);
    await groups.choose(target, [group]);
    const [chosen] = (await groups.at(target)) as [ProvisionedGroup];
    const there = target.memory.putGroup(group.name, ['theirs', accountOf(target, gone)]);
    // As it looks after a crash between the call and its settlement.
    await sql(
      `update provisioned_group set state = 'running', lease_owner = 'dead', lease_until = now() - interval '1 second', fence = fence + 1,
         target_group_id = $2, applied_name = $3, origin = 'created' where id = $1`,
      chosen.id,
      there.id,
      group.name,
    );
    await sql(
      `insert into provisioned_member (id, tenant_id, provisioned_group_id, user_id, account_id, state, changed_at)
       values ($1, $2, $3, $4, $5, 'adding', now())`,
      engine.usher.app.house.chance.uuid(),
      engine.usher.tenantId,
      chosen.id,
      gone.id,
      accountOf(target, gone),
    );
    await groups.leave(group, gone);
    await switchTarget('reenableProvisioningConnector', target);
    await groups.rest(target);
    expect(only(target)).toEqual(new Set(['theirs', accountOf(target, stays)]));
  });

  it('are not written by a run whose lease has lapsed', async () => {
    const { target, people } = await place(2);
    const group = await groups.make(people);
    const letGo = target.memory.hold();
    await groups.choose(target, [group]);
    await until(() => countCalls(target, 'find-group') === 1);
    // Somebody else has taken it over meanwhile, and works at it.
    await sql(
      `update provisioned_group set fence = fence + 1, lease_owner = 'another', lease_until = now() + interval '1 hour' where target_id = $1`,
      target.connectorId,
    );
    letGo();
    await until(() => engine.usher.log.some((line) => line.includes('"settled":"refused"') && line.includes(target.connectorId)));
    expect(target.memory.groups()).toEqual([]);
    await sql(`update provisioned_group set lease_until = now() - interval '1 second' where target_id = $1`, target.connectorId);
    await groups.rest(target);
    expect(only(target).size).toBe(2);
  });
});

describe('a target', () => {
  it('that refuses our credentials is suspended, and the group waits without spending attempts', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    target.memory.inject({ kind: 'fail', when: 'before', method: 'find-group', failure: { kind: 'unauthorized' } });
    await groups.choose(target, [group]);
    await until(async () => (await conditionOf(target))?.suspendedAt);
    expect((await groups.at(target))[0]).toMatchObject({ state: 'pending', attempts: 0, failureKind: 'unauthorized' });
    await switchTarget('resumeProvisioningConnector', target);
    expect(await groups.rest(target)).toMatchObject([{ failureKind: null }]);
  });

  it('that fails again and again opens its circuit, and one probe at a time closes it', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    await sql(
      `insert into target_condition (target_id, tenant_id, consecutive_failures, circuit_open_until) values ($1, $2, 5, now() + interval '1 second')`,
      target.connectorId,
      engine.usher.tenantId,
    );
    await groups.choose(target, [group]);
    await groups.rest(target);
    expect(await conditionOf(target)).toMatchObject({ circuitOpenUntil: null, consecutiveFailures: 0 });
  });

  it('that refuses a group for good is asked again only when something changes or an operator says so', async () => {
    const { target, people } = await place(1);
    const group = await groups.make(people);
    target.memory.inject({ kind: 'fail', when: 'before', method: 'create-group', failure: { kind: 'rejected' }, times: 2 });
    await groups.choose(target, [group]);
    expect(await groups.rest(target, 'failed')).toMatchObject([{ failureKind: 'rejected' }]);
    await groups.leave(group, people[0]!);
    await until(() => countCalls(target, 'create-group') === 2);
    await groups.rest(target, 'failed');
    await retryProvisionedGroups(engine.usher.app.house, caller, { targetId: target.connectorId as TargetId });
    expect(await groups.rest(target)).toMatchObject([{ failureKind: null, attempts: 0 }]);
  });
});

it('what a change during a run asks for is one more run, not several', async () => {
  const { target, people } = await place(4);
  const group = await groups.make(people.slice(0, 1));
  const letGo = target.memory.hold();
  await groups.choose(target, [group]);
  await until(() => countCalls(target, 'find-group') === 1);
  for (const person of people.slice(1)) await groups.join(group, person);
  letGo();
  await groups.rest(target);
  expect(only(target).size).toBe(4);
  // All four in the first: members are read after the group is found.
  expect(countCalls(target, 'add-members')).toBe(1);
  const runs = engine.usher.log.filter((line) => line.includes('run of a group settled') && line.includes(target.connectorId));
  expect(runs).toHaveLength(2);
});
