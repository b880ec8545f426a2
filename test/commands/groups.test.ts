import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMembers, membersAtOnce } from '../../src/commands/add-members.ts';
import { changeGroup } from '../../src/commands/change-group.ts';
import { createGroup } from '../../src/commands/create-group.ts';
import { removeGroup } from '../../src/commands/remove-group.ts';
import { removeMembers } from '../../src/commands/remove-members.ts';
import type { Group, User } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration } from '../support/configuration.ts';
import { makePeople, valueOf, type People } from './people.ts';

let configuration: Configuration;
let people: People;
let ada: User;
let staff: Group;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(async () => configuration.close());
beforeEach(async () => {
  people = await makePeople(configuration);
  ada = await people.user('lovelace');
  staff = valueOf(await createGroup(people.house, people.caller, { name: 'Staff' }));
});

const onlyFor = (group: Group) =>
  people.write((tx) => tx.change('identityProvider', people.world.target.identityProviderId, { outboundRoles: [group.id] }));
const members = (...users: readonly User[]) => ({ groupId: staff.id, userIds: users.map(({ id }) => id) });

describe('members', () => {
  test('who come pass the gate, and who go lose the account', async () => {
    await onlyFor(staff);
    await people.assign(ada, people.world.target);
    expect(valueOf(await addMembers(people.house, people.caller, members(ada))).changed).toBe(1);
    expect(await people.operations(ada)).toMatchObject([{ kind: 'provision', trigger: 'change' }]);
    await people.end(ada, 'succeeded');
    await people.link(ada, people.world.target);
    expect(valueOf(await removeMembers(people.house, people.caller, members(ada))).changed).toBe(1);
    expect((await people.operations(ada)).at(-1)).toMatchObject({ kind: 'deprovision', state: 'pending' });
    expect(await people.events(ada)).toEqual(['user.changed', 'provisioning.requested', 'user.changed', 'provisioning.requested']);
  });

  test('who belong nowhere are provisioned nowhere', async () => {
    await onlyFor(staff);
    await addMembers(people.house, people.caller, members(ada));
    expect(await people.operations(ada)).toEqual([]);
  });

  test('come once and go once', async () => {
    const twice = { groupId: staff.id, userIds: [ada.id, ada.id] };
    expect(valueOf(await addMembers(people.house, people.caller, twice)).changed).toBe(1);
    expect(valueOf(await addMembers(people.house, people.caller, twice)).changed).toBe(0);
    expect(valueOf(await removeMembers(people.house, people.caller, twice)).changed).toBe(1);
    expect(valueOf(await removeMembers(people.house, people.caller, twice)).changed).toBe(0);
  });

  test('of another tenant are not known, and nobody comes when one of them is not', async () => {
    const other = await makePeople(configuration);
    const stranger = await other.user('stranger');
    expect(await addMembers(people.house, people.caller, members(ada, stranger))).toMatchObject({
      kind: 'not-found',
      path: ['userIds', '1'],
    });
    expect(await configuration.database.reads(people.tenantId).count('membership', { groupId: staff.id })).toBe(0);
  });

  test('come in crowds of a bounded size, which do not stop each other', async () => {
    const crowd = Array.from({ length: membersAtOnce + 1 }, () => ada.id);
    expect(await addMembers(people.house, people.caller, { groupId: staff.id, userIds: crowd })).toMatchObject({ kind: 'invalid-input' });
    const grace = await people.user('hopper');
    const [first, second] = await Promise.all([
      addMembers(people.house, people.caller, members(ada, grace)),
      addMembers(people.house, people.caller, members(grace, ada)),
    ]);
    expect([valueOf(first).changed, valueOf(second).changed].sort()).toEqual([0, 2]);
  });
});

describe('a group', () => {
  test('has a name of its own and a version', async () => {
    expect(await createGroup(people.house, people.caller, { name: 'staff' })).toMatchObject({ kind: 'name-taken' });
    const renamed = valueOf(await changeGroup(people.house, people.caller, { id: staff.id, version: staff.version, name: 'Crew' }));
    expect(renamed.version).toBe(staff.version + 1);
    expect(await changeGroup(people.house, people.caller, { id: staff.id, version: staff.version, name: 'Gang' })).toMatchObject({
      kind: 'version-conflict',
      currentVersion: renamed.version,
    });
  });

  test('that a gate asks for is not removed; without one it goes with its memberships', async () => {
    await onlyFor(staff);
    await addMembers(people.house, people.caller, members(ada));
    expect(await removeGroup(people.house, people.caller, { id: staff.id, evenIfUsed: false })).toMatchObject({
      kind: 'in-use',
      path: ['id'],
    });
    await people.write((tx) => tx.change('identityProvider', people.world.target.identityProviderId, { outboundRoles: [] }));
    valueOf(await removeGroup(people.house, people.caller, { id: staff.id, evenIfUsed: false }));
    expect(await configuration.database.reads(people.tenantId).find('membership', { userId: ada.id })).toEqual([]);
    expect(await removeGroup(people.house, people.caller, { id: staff.id, evenIfUsed: false })).toMatchObject({ kind: 'not-found' });
  });
});
