/** Ids deep inside inputs: whatever names a record of another tenant is answered as if there were no such record. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConfiguration, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';

let configuration: Configuration;
let ours: ConfiguredTenant;
interface Ids {
  readonly user: string;
  readonly group: string;
  readonly store: string;
  readonly provider: string;
  readonly connector: string;
  readonly application: string;
}
let our: Ids;
let their: Ids;

beforeAll(async () => {
  configuration = await openConfiguration();
  ours = await configuration.tenant();
  [our, their] = [await fill(ours), await fill(await configuration.tenant())];
});
afterAll(() => configuration.close());

const inputOf = (mutation: string): string =>
  mutation === 'addMembers' ? 'MembersInput' : `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
const make = async (tenant: ConfiguredTenant, mutation: string, type: string, input: object): Promise<string> => {
  const made = await tenant.run(`mutation($input: ${inputOf(mutation)}!) { ${mutation}(input: $input) { ... on ${type} { id } } }`, {
    input,
  });
  return made.id as string;
};
async function fill(tenant: ConfiguredTenant): Promise<Ids> {
  const provider = await make(tenant, 'addIdentityProvider', 'IdentityProvider', { name: 'Staff' });
  return {
    provider,
    user: await make(tenant, 'createUser', 'User', { userName: 'ann' }),
    group: await make(tenant, 'createGroup', 'Group', { name: 'all' }),
    store: await make(tenant, 'createUserStore', 'UserStore', { name: 'CUSTOMERS' }),
    connector: await make(tenant, 'enableProvisioningConnector', 'ProvisioningConnector', {
      identityProviderId: provider,
      name: 'Directory',
      connectorType: 'memory',
      config: { name: provider },
    }),
    application: await make(tenant, 'registerServiceProvider', 'ServiceProvider', { name: 'Shop' }),
  };
}

/** An input with ids of `ids`, otherwise of ours. */
const cases: readonly (readonly [mutation: string, field: string, input: (ids: Ids) => object])[] = [
  ['registerServiceProvider', 'signInIdentityProviderIds', ({ provider }) => ({ name: 'A', signInIdentityProviderIds: [provider] })],
  ['registerServiceProvider', 'userStoreId', ({ store }) => ({ name: 'B', userStoreId: store })],
  [
    'changeServiceProvider',
    'signInIdentityProviderIds',
    ({ provider }) => ({ id: our.application, version: 1, signInIdentityProviderIds: [our.provider, provider] }),
  ],
  ['changeServiceProvider', 'userStoreId', ({ store }) => ({ id: our.application, version: 1, userStoreId: store })],
  ['addIdentityProvider', 'roleMappings', ({ group }) => ({ name: 'C', roleMappings: [{ federated: 'r', groupId: group }] })],
  ['addIdentityProvider', 'outboundRoleGroupIds', ({ group }) => ({ name: 'D', outboundRoleGroupIds: [group] })],
  [
    'changeIdentityProvider',
    'roleMappings',
    ({ group }) => ({ id: our.provider, version: 1, roleMappings: [{ federated: 'r', groupId: group }] }),
  ],
  ['changeIdentityProvider', 'outboundRoleGroupIds', ({ group }) => ({ id: our.provider, version: 1, outboundRoleGroupIds: [group] })],
  [
    'configureJustInTimeProvisioning',
    'userStoreId',
    ({ store }) => ({ identityProviderId: our.provider, version: 1, enabled: true, userStoreId: store }),
  ],
  [
    'configureOutboundProvisioning',
    'identityProviderId',
    ({ provider }) => ({ serviceProviderId: our.application, version: 1, rows: [{ identityProviderId: provider }] }),
  ],
  [
    'configureOutboundProvisioning',
    'connectorId',
    ({ connector }) => ({
      serviceProviderId: our.application,
      version: 1,
      rows: [{ identityProviderId: our.provider, connectorId: connector }],
    }),
  ],
  [
    'configureGroupProvisioning',
    'groupId',
    ({ group }) => ({ targetId: our.connector, version: 1, groups: [{ groupId: our.group }, { groupId: group }] }),
  ],
  ['createUser', 'userStoreId', ({ store }) => ({ userName: 'bob', userStoreId: store })],
  ['addMembers', 'userIds', ({ user }) => ({ groupId: our.group, userIds: [our.user, user] })],
  ['assignUser', 'targetId', ({ connector }) => ({ userId: our.user, targetId: connector })],
  ['assignUser', 'serviceProviderId', ({ application }) => ({ userId: our.user, targetId: our.connector, serviceProviderId: application })],
  ['linkIdentity', 'identityProviderId', ({ provider }) => ({ userId: our.user, identityProviderId: provider, subject: 'ann' })],
  ['provisionUserNow', 'serviceProviderId', ({ application }) => ({ userId: our.user, serviceProviderId: application })],
];

test.each(cases)('%s takes no %s of another tenant', async (mutation, field, input) => {
  const source = `mutation($input: ${inputOf(mutation)}!) { ${mutation}(input: $input) { __typename ... on Problem { path } } }`;
  const before = await ours.events();
  const answer = await ours.run(source, { input: input(their) });
  expect(['NotFound', 'InvalidInput']).toContain(answer.__typename);
  expect(answer.path).toContain(field);
  expect(await ours.events()).toEqual(before);
});

test('explaining for a service provider of another tenant is explaining for none', async () => {
  const source = 'query($u: ID!, $s: ID!) { explain(userId: $u, serviceProviderId: $s) { holdsLogin } }';
  expect(await ours.run(source, { u: our.user, s: their.application })).toBeNull();
});
