/** Choosing groups for a connector over GraphQL, seeing how they stand, and what is refused. Nothing runs them here. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId, TargetId, UserId } from '../../src/domain/vocabulary.ts';
import { openConfiguration, operations, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';

const operation = operations('provisioned-groups');
let configuration: Configuration;
let tenant: ConfiguredTenant;
let targetId: string;
beforeAll(async () => void (configuration = await openConfiguration()));
afterAll(() => configuration.close());
beforeEach(async () => {
  tenant = await configuration.tenant();
  targetId = await connector('memory', { name: 'groups' });
});

const make = async (mutation: string, type: string, input: object): Promise<string> => {
  const made = await tenant.run(
    `mutation($input: ${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { ... on ${type} { id } ... on Problem { message } } }`,
    { input },
  );
  if (!made.id) throw new Error(JSON.stringify(made));
  return made.id as string;
};
const connector = async (connectorType: string, config: object): Promise<string> =>
  make('enableProvisioningConnector', 'ProvisioningConnector', {
    identityProviderId: await make('addIdentityProvider', 'IdentityProvider', { name: `For ${connectorType} ${Math.random()}` }),
    name: connectorType,
    connectorType,
    config,
  });
const group = (name: string): Promise<string> => make('createGroup', 'Group', { name });
const configure = (version: number, ...groups: readonly object[]) =>
  tenant.run(operation('ConfigureGroupProvisioning'), { input: { targetId, version, groups } });
const list = async (filter: object = {}): Promise<readonly any[]> =>
  (await tenant.run(operation('ProvisionedGroups'), { filter })).edges.map((edge: { node: unknown }) => edge.node);

describe('groups of a connector', () => {
  test('are chosen as a whole list, with the version that was read', async () => {
    const [staff, guests, admins] = [await group('Staff'), await group('Guests'), await group('Admins')];
    expect(await configure(1, { groupId: staff }, { groupId: guests, whenRemoved: 'DELETE' })).toEqual({ id: targetId, version: 2 });
    expect(await list({ targetId })).toMatchObject([
      { group: { name: 'Staff' }, whenRemoved: 'LEAVE', state: 'PENDING', provisioningConnector: { id: targetId }, origin: null },
      { group: { name: 'Guests' }, whenRemoved: 'DELETE', state: 'PENDING' },
    ]);
    expect(await configure(1, { groupId: admins })).toMatchObject({ path: ['version'], currentVersion: 2 });
    expect(await configure(2, { groupId: staff, whenRemoved: 'DELETE' }, { groupId: admins })).toMatchObject({ version: 3 });
    expect((await list()).map((each) => [each.group.name, each.whenRemoved])).toEqual([
      ['Staff', 'DELETE'],
      ['Admins', 'LEAVE'],
    ]);
    expect(await list({ groupId: guests })).toEqual([]);
    expect((await tenant.events()).filter((type) => type.startsWith('group-provisioning'))).toEqual([
      'group-provisioning.configured',
      'group-provisioning.ended',
      'group-provisioning.configured',
    ]);
  });

  test('are refused with the place in the list', async () => {
    const staff = await group('Staff');
    const unknown = '00000000-0000-7000-8000-000000000000';
    expect((await configure(1, { groupId: staff }, { groupId: unknown }, { groupId: staff })).problems).toEqual([
      { path: ['groups', '1', 'groupId'], message: 'There is no such group.' },
      { path: ['groups', '2', 'groupId'], message: 'This group is in the list already.' },
    ]);
    expect(await list()).toEqual([]);
  });

  test('go with the connector', async () => {
    const staff = await group('Staff');
    await configure(1, { groupId: staff });
    await tenant.run(`mutation { removeProvisioningConnector(input: { id: "${targetId}" }) { __typename } }`);
    expect(await list()).toEqual([]);
  });

  test('tell how many members are there, in one query for all of them', async () => {
    const [staff, guests] = [await group('Staff'), await group('Guests')];
    const people = await Promise.all(['ann', 'bob', 'cleo'].map((userName) => make('createUser', 'User', { userName })));
    await tenant.run(`mutation { addMembers(input: { groupId: "${staff}", userIds: ${JSON.stringify(people)} }) { __typename } }`);
    await configure(1, { groupId: staff }, { groupId: guests });
    await configuration.database.transaction(tenant.tenantId, async (tx) => {
      for (const [index, userId] of people.slice(0, 2).entries()) {
        const link = { userId: userId as UserId, targetId: targetId as TargetId, accountId: `account ${index}` as AccountId };
        await tx.insert('link', { ...link, origin: 'created', active: true, applied: {}, appliedAt: new Date() });
      }
      const [first] = await tx.find('provisionedGroup', {});
      await tx.insert('provisionedMember', {
        ...{ provisionedGroupId: first!.id, userId: people[0] as UserId, accountId: 'account 0' as AccountId },
        ...{ state: 'member', changedAt: new Date() },
      });
    });
    expect((await list()).map((each) => each.members)).toEqual([
      { wanted: 2, waiting: 1, placed: 1 },
      { wanted: 0, waiting: 0, placed: 0 },
    ]);
  });
});

describe('looking again', () => {
  test('takes one group, or those that were given up', async () => {
    const [staff, guests] = [await group('Staff'), await group('Guests')];
    await configure(1, { groupId: staff }, { groupId: guests });
    const [first, second] = await list();
    await configuration.database.transaction(tenant.tenantId, async (tx) => {
      await tx.change('provisionedGroup', first.id, { state: 'failed', failureKind: 'rejected', failureMessage: 'No.' });
      await tx.change('provisionedGroup', second.id, { state: 'right' });
    });
    const retry = (input: object) => tenant.run(operation('RetryProvisionedGroups'), { input });
    expect(await list({ states: ['FAILED'] })).toMatchObject([{ id: first.id, failureKind: 'REJECTED', failureMessage: 'No.' }]);
    expect(await retry({ targetId })).toEqual({ groups: 1 });
    expect((await list()).map((each) => each.state)).toEqual(['PENDING', 'RIGHT']);
    expect(await retry({ id: second.id })).toEqual({ groups: 1 });
    expect((await list()).map((each) => each.state)).toEqual(['PENDING', 'PENDING']);
    expect(await retry({ id: staff })).toMatchObject({ path: ['id'] });
    expect(await retry({ id: first.id, targetId })).toMatchObject({ path: ['targetId'] });
  });
});
