/** A group that Google has made and does not show yet, whoever looks: another process, another connection, after an answer that was lost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMembers } from '../../src/commands/add-members.ts';
import { changeGroup } from '../../src/commands/change-group.ts';
import { configureGroupProvisioning } from '../../src/commands/configure-group-provisioning.ts';
import { configureProvisioningConnector } from '../../src/commands/configure-provisioning-connector.ts';
import { createGroup } from '../../src/commands/create-group.ts';
import { removeMembers } from '../../src/commands/remove-members.ts';
import type { Group, GroupRemoval } from '../../src/domain/vocabulary.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { refusals } from '../support/targets/google-errors.ts';
import { startGoogleServer, type GoogleServer } from '../support/targets/google-server.ts';
import { assign, make } from './changes.ts';
import { fakeGoogle } from './fake-google.ts';
import type { GroupSteps } from './group-steps.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let server: GoogleServer;
let world: World;
let steps: GroupSteps;
let group: Group;
let person: Person;
beforeEach(async () => {
  server = await startGoogleServer({ domains: ['acme.example'] });
  world = await makeWorld(movable, await fakeGoogle('acme.example', server), seededRandom(11));
  steps = world.groupSteps;
  person = await make(world);
  await assign(world, person);
  await world.engine.rest();
  group = valueOf(await createGroup(movable.house, world.caller, { name: 'Lab' }));
});
afterEach(() => server.close());

const target = async () => (await movable.house.database.reads(world.caller.tenantId).byId('target', world.targetId))!;
const choose = async (groups: readonly Group[], whenRemoved: GroupRemoval = 'delete') => {
  const { version } = await target();
  const input = { targetId: world.targetId, version, groups: groups.map(({ id }) => ({ groupId: id, whenRemoved })) };
  valueOf(await configureGroupProvisioning(movable.house, world.caller, input));
  movable.clock.advance(1_000);
};
/** From here on another connection speaks with Google. */
const saveSettings = async () => {
  const { version } = await target();
  valueOf(await configureProvisioningConnector(movable.house, world.caller, { id: world.targetId, version, name: `T${version}` }));
};
const join = async (people: readonly Person[] = [person]) => {
  valueOf(await addMembers(movable.house, world.caller, { groupId: group.id, userIds: people.map(({ id }) => id) }));
  movable.clock.advance(1_000);
};
const leave = async (people: readonly Person[]) => {
  valueOf(await removeMembers(movable.house, world.caller, { groupId: group.id, userIds: people.map(({ id }) => id) }));
  movable.clock.advance(1_000);
};
const rename = async (name: string) => {
  const { version } = (await movable.house.database.reads(world.caller.tenantId).byId('group', group.id))!;
  valueOf(await changeGroup(movable.house, world.caller, { id: group.id, version, name }));
};
const there = () => [...server.directory.groups.values()].map(({ name, members }) => [name, members.size]);
const provisioned = async () => movable.house.database.reads(world.caller.tenantId).find('provisionedGroup', { targetId: world.targetId });
const isSuspended = async () => {
  const conditions = await movable.house.database.reads(world.caller.tenantId).find('targetCondition', { targetId: world.targetId });
  return conditions.some(({ suspendedAt }) => suspendedAt !== null);
};
const loseTheAnswer = async () => {
  server.directory.hideNew(7, { searches: 3, unnamed: 1 });
  server.fault('reset-after-write', { method: 'POST' });
  await choose([group]);
  await steps.goOn();
  expect(await provisioned()).toMatchObject([{ begunName: 'Lab', state: 'pending' }]);
};

describe('a group whose making got no answer', () => {
  beforeEach(loseTheAnswer);

  it('is awaited and taken as ours, and none is made beside it', async () => {
    await join();
    await steps.rest();
    expect(await provisioned()).toMatchObject([{ state: 'right', origin: 'created' }]);
    expect(there()).toEqual([['Lab', 1]]);
  });

  it('is ours all the same where it is asked for again and that is refused for the speed of it', async () => {
    await steps.goOn();
    movable.clock.advance(5_000);
    server.quota(3);
    await steps.goOn();
    expect(server.refused()).toBe(1);
    expect(await provisioned()).toMatchObject([{ begunName: 'Lab', state: 'pending', failureKind: 'throttled' }]);
    server.quota(Infinity);
    await steps.rest();
    expect(await provisioned()).toMatchObject([{ state: 'right', origin: 'created' }]);
  });

  it('is the same after ours was renamed', async () => {
    await rename('Laboratory');
    await steps.rest();
    expect(there()).toEqual([['Laboratory', 0]]);
  });

  it('is deleted where ours ends before it shows', async () => {
    await choose([]);
    await steps.rest();
    expect(there()).toEqual([]);
    expect(await provisioned()).toEqual([]);
  });

  it('is not given up before Google has had its time', async () => {
    server.directory.hideNew(0);
    for (const each of server.directory.groups.values()) each.hiddenFor = 20;
    await steps.rest();
    expect(await provisioned()).toMatchObject([{ state: 'right' }]);
    expect(there()).toEqual([['Lab', 0]]);
  });
});

describe('a group that was made a moment ago', () => {
  beforeEach(async () => {
    server.directory.hideNew(5);
    await choose([group]);
    await steps.rest();
    await saveSettings();
  });

  it('is no lost one because another connection does not see it yet', async () => {
    await join();
    await steps.rest();
    expect(there()).toEqual([['Lab', 1]]);
  });

  it('is no reason to suspend the target because Google denies it with 403', async () => {
    for (const each of server.directory.groups.values()) Object.assign(each, { hiddenFor: 3, deniedWith: 403 });
    await join();
    await steps.goOn();
    expect(await provisioned()).toMatchObject([{ state: 'pending', failureKind: 'transient', attempts: 0 }]);
    expect(await isSuspended()).toBe(false);
    await steps.rest();
    expect(there()).toEqual([['Lab', 1]]);
  });

  it('suspends the target all the same where Google refuses us', async () => {
    server.tokens.revoke();
    server.answerNext(refusals.badToken(), 2);
    await join();
    await steps.goOn();
    expect(await isSuspended()).toBe(true);
  });

  it('is deleted where ours ends before it shows', async () => {
    await choose([]);
    await steps.rest();
    expect(there()).toEqual([]);
  });

  it('is not deleted because Google denies only the call that deletes it', async () => {
    for (const each of server.directory.groups.values()) each.hiddenFor = 0;
    server.fault('404', { method: 'DELETE' });
    await choose([]);
    await steps.goOn();
    expect(there()).toEqual([['Lab', 0]]);
    expect(await provisioned()).toMatchObject([{ attempts: 0 }]);
    await steps.rest();
    expect(there()).toEqual([]);
    expect(await provisioned()).toEqual([]);
  });

  it('is deleted where somebody else did that, and Google had its time', async () => {
    movable.clock.advance(11 * 60_000);
    server.directory.groups.clear();
    await choose([]);
    await steps.rest();
    expect(await provisioned()).toEqual([]);
  });

  it('is made anew where it is gone after that time', async () => {
    movable.clock.advance(11 * 60_000);
    server.directory.groups.clear();
    await join();
    await steps.rest();
    expect(there()).toEqual([['Lab', 1]]);
  });
});

describe('a member whose account was made a moment ago', () => {
  let late: Person;
  beforeEach(async () => {
    await choose([group]);
    await steps.rest();
    movable.clock.advance(11 * 60_000);
    late = await make(world);
    await assign(world, late);
    await world.engine.rest();
    for (const { accountId } of await movable.house.database.reads(world.caller.tenantId).find('link', { userId: late.id }))
      Object.assign(server.directory.users.get(accountId)!, { hiddenFor: 2, deniedWith: 403 });
  });

  it('joins when Google shows it, keeps nobody else waiting and suspends no target', async () => {
    await join([person, late]);
    await steps.goOn();
    expect(there()).toEqual([['Lab', 1]]);
    expect(await provisioned()).toMatchObject([{ state: 'pending', failureKind: 'transient', attempts: 0 }]);
    expect(await isSuspended()).toBe(false);
    const [{ dueAt } = { dueAt: new Date(0) }] = await provisioned();
    expect(dueAt.getTime() - movable.clock.now().getTime()).toBeLessThan(5_000);
    await steps.rest();
    expect(there()).toEqual([['Lab', 2]]);
  });

  it('is awaited where it is denied with 404 as well', async () => {
    for (const each of server.directory.users.values()) each.deniedWith = 404;
    await join([person, late]);
    await steps.rest();
    expect(there()).toEqual([['Lab', 2]]);
  });

  it('is no excuse for a refusal of somebody else', async () => {
    server.answerNext(refusals.notAuthorized());
    await join([person, late]);
    await steps.goOn();
    expect(await isSuspended()).toBe(true);
  });

  it('is none any more after ten minutes', async () => {
    movable.clock.advance(11 * 60_000);
    await join([late]);
    await steps.goOn();
    expect(await isSuspended()).toBe(true);
  });

  describe('and who leaves again', () => {
    const show = () => {
      for (const each of server.directory.users.values()) each.hiddenFor = 0;
    };
    beforeEach(async () => {
      show();
      await join([late]);
      await steps.rest();
      expect(there()).toEqual([['Lab', 1]]);
    });

    it('is out though Google says at first that they are no member', async () => {
      server.answerNext(refusals.notFound('memberKey'));
      await leave([late]);
      await steps.goOn();
      expect(there()).toEqual([['Lab', 1]]);
      expect(await provisioned()).toMatchObject([{ state: 'pending', failureKind: 'transient', attempts: 0 }]);
      await steps.rest();
      expect(there()).toEqual([['Lab', 0]]);
    });

    it('is believed to be out already after ten minutes', async () => {
      for (const each of server.directory.groups.values()) each.members.clear();
      await leave([late]);
      await steps.rest();
      expect(await provisioned()).toMatchObject([{ state: 'right' }]);
    });

    it('keeps nobody waiting who joins meanwhile', async () => {
      for (const each of server.directory.groups.values()) each.members.clear();
      await leave([late]);
      await join([person]);
      await steps.goOn();
      expect(there()).toEqual([['Lab', 1]]);
    });
  });
});
