import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { finishConnectorRemovals } from '../../src/commands/finish-connector-removals.ts';
import type { LaneRequest } from '../../src/commands/ports.ts';
import type { AccountId, TargetId, User } from '../../src/domain/vocabulary.ts';
import { openConfiguration, operations, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { settledEvents } from '../support/events.ts';

const connectors = operations('provisioning-connectors');
const token = 'canary-of-the-token';
let configuration: Configuration;
let server: ScimServer;
let tenant: ConfiguredTenant;
let identityProviderId: string;
beforeAll(async () => {
  configuration = await openConfiguration();
  server = await startScimServer({ token });
});
beforeEach(async () => {
  tenant = await configuration.tenant();
  const add = operations('identity-providers')('AddIdentityProvider');
  identityProviderId = (await tenant.run(add, { input: { name: 'Corporate' } })).id;
});
afterAll(async () => {
  await server.close();
  await configuration.close();
});

const run = (name: string, input: object) => tenant.run(connectors(name), { input });
const enable = (more: object = {}) =>
  run('EnableProvisioningConnector', {
    ...{ identityProviderId, name: 'Directory', connectorType: 'scim2', config: { baseUrl: server.url, token } },
    ...more,
  });
const scimWith = (config: object) => ({ config: { baseUrl: 'https://scim.test', ...config } });
const secrets = (id: string) => configuration.database.secretsOf(tenant.tenantId, { kind: 'target', id });

test('the catalogue tells how to draw the form of every kind, and what its accounts are', async () => {
  const definitions = await tenant.run(connectors('ConnectorDefinitions'), {}, 'viewer');
  const scim = definitions.find((definition: { type: string }) => definition.type === 'scim2');
  expect(scim.capabilities).toMatchObject({ deactivate: true, delete: true });
  expect(scim.fields.find((field: { name: string }) => field.name === 'token')).toMatchObject({
    kind: 'SECRET',
    multiline: false,
    required: true,
    when: { field: 'authentication', equals: ['bearer'] },
  });
  const google = definitions.find((definition: { type: string }) => definition.type === 'google');
  const large = google.fields.filter((field: { multiline: boolean }) => field.multiline);
  expect(large.map((field: { name: string }) => field.name)).toEqual(['serviceAccountKey', 'pkcs12']);
  expect(scim.fields.find((field: { name: string }) => field.name === 'authentication').options).toContainEqual({
    value: 'bearer',
    label: 'Bearer token',
  });
  expect(scim.accountAttributes.find((each: { name: string }) => each.name === 'userName')).toMatchObject({
    required: true,
    matchable: true,
    orFromField: null,
  });
  const salesforce = definitions.find((definition: { type: string }) => definition.type === 'salesforce');
  const fromForm = salesforce.accountAttributes.filter((each: { orFromField: string | null }) => each.orFromField !== null);
  expect(fromForm).toMatchObject([{ name: 'profile', required: false, orFromField: 'profile' }]);
});

describe('a connector that is enabled', () => {
  test('has the usual settings, and its secrets have a name only', async () => {
    const made = await enable();
    expect(made).toMatchObject({
      ...{ enabled: true, removal: 'DEACTIVATE', adoption: 'LINK', matchingAttribute: 'userName', maxConcurrentCalls: 4, version: 1 },
      secretsSet: ['token'],
      condition: { state: 'WORKING', consecutiveFailures: 0 },
    });
    expect(made.config).toMatchObject({ baseUrl: server.url, authentication: 'bearer' });
    expect(await secrets(made.id)).toEqual({ token });
    const rows = await configuration.database.query('select * from target where id = $1', [made.id]);
    const reads = configuration.database.reads(tenant.tenantId);
    const events = await settledEvents(reads, { after: null, first: 100 });
    expect(JSON.stringify([made, rows.rows, events, configuration.logged])).not.toContain(token);
  });

  test.each([
    [
      'a field that does not exist',
      { config: { colour: 'red' } },
      [
        ['config', 'colour'],
        ['config', 'baseUrl'],
        ['config', 'token'],
      ],
    ],
    ['a kind that does not exist', { connectorType: 'carrier-pigeon' }, [['connectorType']]],
    ['a matching attribute that nothing can be found by', { matchingAttribute: 'title' }, [['matchingAttribute']]],
    ['no call at once', { maxConcurrentCalls: 0 }, [['maxConcurrentCalls']]],
    ['no name', { name: '' }, [['name']]],
    ['a token of two lines', scimWith({ token: 'canary\r\nx-forwarded-for: 1' }), [['config', 'token']]],
    ['a control character in a token', scimWith({ token: 'canary\u0001' }), [['config', 'token']]],
    ['a tab in a user name', scimWith({ authentication: 'basic', userName: 'us\ter', password: 'x' }), [['config', 'userName']]],
    ['a password of two lines', scimWith({ authentication: 'basic', userName: 'usher', password: 'x\ny' }), [['config', 'password']]],
    [
      'a name of two lines for a header',
      scimWith({ authentication: 'api-key', apiKeyHeader: 'X\nY', apiKey: 'x' }),
      [['config', 'apiKeyHeader']],
    ],
    ...['Host', 'content-length', 'Transfer-Encoding', 'CONNECTION', 'Accept', 'If-Match'].map(
      (apiKeyHeader): [string, object, string[][]] => [
        `${apiKeyHeader} as the header of a key`,
        scimWith({ authentication: 'api-key', apiKeyHeader, apiKey: 'x' }),
        [['config', 'apiKeyHeader']],
      ],
    ),
    ['an API key with DEL', scimWith({ authentication: 'api-key', apiKey: 'x\u007fy' }), [['config', 'apiKey']]],
    ['a URL of two lines', { config: { baseUrl: 'https://scim.test/\nv2', token: 'x' } }, [['config', 'baseUrl']]],
  ])('is refused with %s', async (_name, faulty, paths) => {
    const refused = await enable(faulty);
    expect(refused.problems.map((problem: { path: string[] }) => problem.path)).toEqual(paths);
  });

  test('is refused where no row of its mapping gives a value to what accounts are found by, or no field keeps it', async () => {
    const config = { authentication: 'client-credentials', clientId: 'id', clientSecret: 'secret', profile: 'Standard User' };
    const salesforce = (more: object) => enable({ connectorType: 'salesforce', config, ...more });
    const pathsOf = ({ problems }: { problems: readonly { path: readonly string[] }[] }) => problems.map(({ path }) => path);
    expect(pathsOf(await salesforce({ matchingAttribute: 'FederationIdentifier' }))).toEqual([['matchingAttribute']]);
    expect(pathsOf(await salesforce({ matchingAttribute: 'ownId' }))).toEqual([['config', 'ownIdField']]);
    const withField = { ...config, ownIdField: 'Usher_Id__c' };
    const made = await salesforce({ matchingAttribute: 'ownId', config: withField });
    expect(made).toMatchObject({ matchingAttribute: 'ownId' });
    const configure = (more: object) => run('ConfigureProvisioningConnector', { id: made.id, version: 1, ...more });
    expect(pathsOf(await configure({ config: { ownIdField: null } }))).toEqual([['config', 'ownIdField']]);
    expect(pathsOf(await configure({ matchingAttribute: 'FederationIdentifier' }))).toEqual([['matchingAttribute']]);
  });

  test('may match by what an attribute mapping of its identity provider alone gives, which then cannot be taken back', async () => {
    const change = (version: number, attributeMappings: readonly object[]) =>
      tenant.run(operations('identity-providers')('ChangeIdentityProvider'), {
        input: { id: identityProviderId, version, attributeMappings },
      });
    const [local, other] = [
      { federated: 'FederationIdentifier', local: 'work' },
      { federated: 'FederationIdentifier', local: 'home' },
    ];
    await change(1, [local, { federated: 'mail', local: 'email' }]);
    const config = { authentication: 'client-credentials', clientId: 'id', clientSecret: 'secret', profile: 'Standard User' };
    const made = await enable({ connectorType: 'salesforce', config, matchingAttribute: 'FederationIdentifier' });
    expect((await change(2, [])).problems).toMatchObject([
      { path: ['attributeMappings'], message: expect.stringMatching(/"Directory" .* FederationIdentifier/) },
    ]);
    // Another way to the same value is enough, and so is none where the connector no longer needs it.
    expect(await change(2, [other])).toMatchObject({ version: 3 });
    await run('ConfigureProvisioningConnector', { id: made.id, version: 1, matchingAttribute: 'Username' });
    expect(await change(3, [])).toMatchObject({ version: 4 });
  });

  test('may match by what its mapping was given a row for, which then cannot be taken back', async () => {
    const mapping = operations('mappings');
    const made = await enable();
    const rows = [
      { attribute: 'userName', source: { kind: 'USER_NAME' } },
      { attribute: 'emails', type: null, source: { kind: 'ATTRIBUTE', attribute: 'work' } },
    ];
    const map = (version: number, given: readonly object[] | null) =>
      tenant.run(mapping('ConfigureMapping'), { input: { targetId: made.id, version, rows: given } });
    await map(1, rows.slice(0, 1));
    const refused = await run('ConfigureProvisioningConnector', { id: made.id, version: 2, matchingAttribute: 'emails' });
    expect(refused.problems).toMatchObject([{ path: ['matchingAttribute'] }]);
    await map(2, rows);
    expect(await run('ConfigureProvisioningConnector', { id: made.id, version: 3, matchingAttribute: 'emails' })).toMatchObject({
      version: 4,
    });
    expect((await map(4, rows.slice(0, 1))).problems).toMatchObject([{ path: ['rows'] }]);
    const cleared = [rows[0]!, { attribute: 'emails', source: { kind: 'CLEAR' } }];
    expect((await map(4, cleared)).problems).toMatchObject([{ path: ['rows'] }]);
  });

  test('is refused where neither its form nor its mapping gives what no account can be made without', async () => {
    const mapping = operations('mappings');
    const config = { authentication: 'client-credentials', clientId: 'id', clientSecret: 'secret' };
    const profile = 'Standard User';
    const refused = await enable({ connectorType: 'salesforce', config });
    expect(refused.problems).toEqual([{ path: ['config', 'profile'], message: expect.stringContaining('without profile') }]);
    const made = await enable({ connectorType: 'salesforce', config: { ...config, profile } });
    const configure = (version: number, more: object) =>
      run('ConfigureProvisioningConnector', { id: made.id, version, config: { profile: null }, ...more });
    const map = (version: number, rows: readonly object[] | null) =>
      tenant.run(mapping('ConfigureMapping'), { input: { targetId: made.id, version, rows } });
    expect((await configure(1, {})).problems).toMatchObject([{ path: ['config', 'profile'] }]);

    const names = ['Username', 'LastName', 'Email'].map((attribute) => ({ attribute, source: { kind: 'USER_NAME' } }));
    const rows = [...names, { attribute: 'profile', source: { kind: 'ATTRIBUTE', attribute: 'job' } }];
    await map(1, rows);
    expect(await configure(2, {})).toMatchObject({ version: 3 });
    expect((await map(3, names)).problems).toMatchObject([{ path: ['rows'] }]);
    expect((await map(3, null)).problems).toMatchObject([{ path: ['rows'], message: expect.stringContaining('without profile') }]);

    const { id: userId } = await tenant.run(operations('users')('CreateUser'), { input: { userName: 'ann@acme.test' } });
    const preview = (given: readonly object[] | null) =>
      tenant.run(mapping('PreviewAccount'), { userId, targetId: made.id, ...(given ? { rows: given } : {}) });
    // This user has no job.
    expect(await preview(null)).toMatchObject({ complete: false, faults: [] });
    const without = await preview(names);
    expect(without).toMatchObject({ complete: false, faults: [{ path: ['rows'] }] });
    expect(without.attributes).toContainEqual(
      expect.objectContaining({ attribute: 'profile', outcome: 'MISSING', explanation: expect.stringContaining('form') }),
    );
    await configure(3, { config: { profile } });
    expect(await preview(names)).toMatchObject({ complete: true, faults: [] });
    expect(await map(4, null)).toMatchObject({ version: 5 });
  });

  test('may have from an attribute mapping of its identity provider what its form leaves open', async () => {
    const change = (version: number, attributeMappings: readonly object[]) =>
      tenant.run(operations('identity-providers')('ChangeIdentityProvider'), {
        input: { id: identityProviderId, version, attributeMappings },
      });
    await change(1, [{ federated: 'profile', local: 'job' }]);
    const config = { authentication: 'client-credentials', clientId: 'id', clientSecret: 'secret' };
    const made = await enable({ connectorType: 'salesforce', config });
    expect(made).toMatchObject({ version: 1 });
    expect((await change(2, [])).problems).toMatchObject([{ path: ['attributeMappings'], message: expect.stringContaining('profile') }]);
    await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config: { profile: 'Standard User' } });
    expect(await change(2, [])).toMatchObject({ version: 3 });
  });

  test('may be one of several of its kind, by another name', async () => {
    await enable();
    expect(await enable()).toMatchObject({ path: ['name'] });
    expect(await enable({ name: 'Second directory' })).toMatchObject({ name: 'Second directory' });
    const listed = await tenant.run(connectors('ProvisioningConnectors'), { filter: { identityProviderId, nameContains: 'second' } });
    expect(listed.edges.map((edge: { node: { name: string } }) => edge.node.name)).toEqual(['Second directory']);
  });
});

describe('a connector that is configured', () => {
  test('keeps the lines of a key, and not the line break that was pasted behind a token', async () => {
    const privateKey = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n';
    const jwt = { authentication: 'jwt-bearer', clientId: 'id\n', username: 'usher@acme.test', privateKey, profile: 'Standard User' };
    const salesforce = await enable({ connectorType: 'salesforce', config: jwt });
    expect(salesforce.config).toMatchObject({ clientId: 'id' });
    expect(await secrets(salesforce.id)).toEqual({ privateKey });
    const serviceAccountKey = '{\r\n  "type": "service_account"\r\n}\r\n';
    const google = { serviceAccountKey, administratorEmail: 'admin@acme.test', userIdDomain: 'acme.test' };
    const workspace = await enable({ connectorType: 'google', name: 'Workspace', config: google });
    expect(await secrets(workspace.id)).toEqual({ serviceAccountKey });
    const scim = await enable({ name: 'SCIM', config: { baseUrl: server.url, token: `${token}\r\n` } });
    expect(await secrets(scim.id)).toEqual({ token });
  });

  test('keeps the secrets that are not given', async () => {
    const made = await enable();
    const changed = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, removal: 'DELETE', config: { token: '' } });
    expect(changed).toMatchObject({ removal: 'DELETE', version: 2, secretsSet: ['token'], config: { baseUrl: server.url } });
    expect(await secrets(made.id)).toEqual({ token });
  });

  test('takes new secrets, and forgets those that its form no longer asks for', async () => {
    const made = await enable();
    const config = { authentication: 'basic', userName: 'usher', password: 'new' };
    const changed = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config });
    expect(changed.secretsSet).toEqual(['password']);
    expect(await secrets(made.id)).toEqual({ password: 'new' });
  });

  test('must be given its secrets again where a URL leads to another server', async () => {
    const made = await enable();
    const config = { baseUrl: 'https://elsewhere.test/scim' };
    const refused = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config });
    expect(refused.problems).toEqual([{ path: ['config', 'token'], message: expect.stringMatching(/another server/) }]);
    const samePlace = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config: { baseUrl: `${server.url}/v2` } });
    expect(samePlace).toMatchObject({ version: 2 });
    const again = await run('ConfigureProvisioningConnector', { id: made.id, version: 2, config: { ...config, token: 'another' } });
    expect(again).toMatchObject({ version: 3, config });
  });

  test('cannot do without a secret that its form asks for', async () => {
    const made = await enable();
    const refused = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config: { token: null } });
    expect(refused.problems).toEqual([{ path: ['config', 'token'], message: 'Token is required.' }]);
  });

  test('that was suspended is resumed', async () => {
    const made = await enable();
    await suspend(made.id);
    const suspended = await tenant.run(connectors('ProvisioningConnector'), { id: made.id });
    expect(suspended.condition).toMatchObject({ state: 'SUSPENDED', suspendedAt: expect.any(String) });
    const changed = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config: { token: 'better' } });
    expect(changed.condition).toMatchObject({ state: 'WORKING', suspendedAt: null });
    expect(await tenant.events()).toEqual(expect.arrayContaining(['connector.configured', 'target.resumed']));
  });

  test('that somebody changed in between is not overwritten', async () => {
    const made = await enable();
    await run('ConfigureProvisioningConnector', { id: made.id, version: 1, name: 'Theirs' });
    const refused = await run('ConfigureProvisioningConnector', { id: made.id, version: 1, config: { token: 'ours' } });
    expect(refused).toMatchObject({ path: ['version'], currentVersion: 2 });
    expect(await secrets(made.id)).toEqual({ token });
  });
});

test('a connector is disabled and put to work again', async () => {
  const made = await enable();
  expect(await run('DisableProvisioningConnector', { id: made.id })).toMatchObject({ enabled: false, condition: { state: 'DISABLED' } });
  expect(await run('ReenableProvisioningConnector', { id: made.id })).toMatchObject({ enabled: true, condition: { state: 'WORKING' } });
  const events = (await tenant.events()).filter((type) => type.startsWith('connector'));
  expect(events).toEqual(['connector.enabled', 'connector.disabled', 'connector.enabled']);
});

test('an operator resumes a target that was mended at its own end', async () => {
  const made = await enable();
  await suspend(made.id);
  const resumed = await tenant.run(connectors('ResumeProvisioningConnector'), { input: { id: made.id } }, 'operator');
  expect(resumed.condition.state).toBe('WORKING');
  expect(await tenant.events()).toContain('target.resumed');
});

describe('checking a connector', () => {
  const check = (input: object) => run('CheckProvisioningConnector', { config: {}, ...input });

  test('says that a new form works, and saves nothing', async () => {
    const config = { baseUrl: server.url, token };
    expect(await check({ connectorType: 'scim2', config })).toEqual({ works: true, problems: [] });
    expect(await configuration.database.reads(tenant.tenantId).count('target', {})).toBe(0);
  });

  test('says what does not work, without the secret', async () => {
    const checked = await check({ connectorType: 'scim2', config: { baseUrl: server.url, token: 'canary-of-a-wrong-token' } });
    expect(checked).toMatchObject({ works: false, problems: [{ message: expect.any(String) }] });
    expect(JSON.stringify([checked, configuration.logged])).not.toContain('canary-of-a-wrong-token');
  });

  test('uses the stored secrets of a saved one, with the fields that change', async () => {
    const made = await enable();
    expect(await check({ id: made.id })).toEqual({ works: true, problems: [] });
    expect(await check({ id: made.id, config: { token: 'wrong' } })).toMatchObject({ works: false });
    expect(await secrets(made.id)).toEqual({ token });
  });

  test('does not send stored secrets to another server', async () => {
    const made = await enable();
    const stranger = await startScimServer({ token: 'other' });
    const refused = await check({ id: made.id, config: { baseUrl: stranger.url } });
    expect(refused.problems).toEqual([{ path: ['config', 'token'], message: expect.any(String) }]);
    expect(stranger.requests).toEqual([]);
    await stranger.close();
  });

  test('refuses a form that is not filled in', async () => {
    const refused = await check({ connectorType: 'scim2' });
    expect(refused.problems).toContainEqual({ path: ['config', 'baseUrl'], message: 'Base URL is required.' });
  });
});

describe('a connector that is removed', () => {
  const remove = (id: string, accounts = 'KEEP') => run('RemoveProvisioningConnector', { id, accounts });

  test('goes at once and touches no account', async () => {
    const made = await enable();
    await person(made.id, 'ada');
    expect(await remove(made.id)).toEqual({ id: made.id, removed: true, accounts: 0 });
    const reads = configuration.database.reads(tenant.tenantId);
    expect(await Promise.all([reads.count('target', {}), reads.count('link', {}), reads.count('operation', {})])).toEqual([0, 0, 0]);
    expect(await tenant.events()).toContain('connector.removed');
  });

  test('is kept while an outbound row names it, and says which', async () => {
    const made = await enable();
    const configure = operations('service-providers')('ConfigureOutboundProvisioning');
    const saved = await tenant.run(configure, { input: { version: 1, rows: [{ identityProviderId, connectorId: made.id }] } });
    expect(saved.outboundProvisioning.rows).toHaveLength(1);
    expect(await remove(made.id)).toMatchObject({ message: expect.stringMatching(/the tenant's default names it/) });
  });

  test('with its accounts lives until the last of them has ended', async () => {
    const made = await enable();
    const [ada, grace] = [await person(made.id, 'ada'), await person(made.id, 'grace', { assigned: false })];
    expect(await remove(made.id, 'DEPROVISION')).toEqual({ id: made.id, removed: false, accounts: 2 });
    const reads = configuration.database.reads(tenant.tenantId);
    const operationsMade = await reads.find('operation', {});
    expect(operationsMade.map((operation) => [operation.userId, operation.kind]).sort()).toEqual(
      [ada.id, grace.id].sort().map((id) => [id, 'deprovision']),
    );
    const leaving = await tenant.run(connectors('ProvisioningConnector'), { id: made.id });
    expect(leaving).toMatchObject({ removalAskedAt: expect.any(String), condition: { state: 'LEAVING' } });

    expect(await finishConnectorRemovals(configuration.house)).toBe(0);
    await endAccounts(made.id, [ada]);
    expect(await finishConnectorRemovals(configuration.house)).toBe(0);
    await endAccounts(made.id, [grace]);
    expect(await finishConnectorRemovals(configuration.house)).toBe(1);
    expect(await reads.byId('target', made.id)).toBeNull();
  });

  test('with its accounts stays while one of them could not be ended, until somebody lets it go', async () => {
    const made = await enable();
    await person(made.id, 'ada');
    await remove(made.id, 'DEPROVISION');
    await configuration.database.query(`update operation set state = 'failed' where target_id = $1`, [made.id]);
    expect(await finishConnectorRemovals(configuration.house)).toBe(0);
    expect(await remove(made.id)).toMatchObject({ removed: true });
  });

  test('with its accounts stays while an account may be there whose making and whose end got no answer', async () => {
    const made = await enable();
    const [ada, grace] = [
      await person(made.id, 'ada', { linked: false }),
      await person(made.id, 'grace', { assigned: false, linked: false }),
    ];
    const giveUp = () =>
      configuration.database.query(`update operation set state = 'failed', may_have_applied = true where target_id = $1`, [made.id]);
    await configuration.database.transaction(tenant.tenantId, (tx) =>
      tx.requestOperations([ada, grace].map((user) => provision(made.id, user))),
    );
    await giveUp();
    expect(await remove(made.id, 'DEPROVISION')).toEqual({ id: made.id, removed: false, accounts: 2 });
    await giveUp();
    expect(await finishConnectorRemovals(configuration.house)).toBe(0);

    expect(await remove(made.id, 'DEPROVISION')).toEqual({ id: made.id, removed: false, accounts: 2 });
    await endAccounts(made.id, [ada, grace]);
    expect(await finishConnectorRemovals(configuration.house)).toBe(1);
  });

  test('with its accounts goes at once where there are none', async () => {
    const made = await enable();
    expect(await remove(made.id, 'DEPROVISION')).toMatchObject({ removed: true });
  });

  test('cannot take its accounts along while it is disabled or leaves them alone', async () => {
    const made = await enable({ removal: 'LEAVE' });
    expect((await remove(made.id, 'DEPROVISION')).problems).toEqual([
      { path: ['accounts'], message: expect.stringMatching(/leaves accounts/) },
    ]);
    await run('ConfigureProvisioningConnector', { id: made.id, version: 1, removal: 'DEACTIVATE' });
    await run('DisableProvisioningConnector', { id: made.id });
    expect((await remove(made.id, 'DEPROVISION')).problems).toEqual([
      { path: ['accounts'], message: expect.stringMatching(/is disabled/) },
    ]);
  });
});

async function suspend(id: string): Promise<void> {
  await configuration.database.query(
    `insert into target_condition (target_id, tenant_id, suspended_at) values ($1, $2, now())
     on conflict (target_id) do update set suspended_at = excluded.suspended_at`,
    [id, tenant.tenantId],
  );
}

async function person(targetId: string, userName: string, { assigned = true, linked = true } = {}): Promise<User> {
  return configuration.database.transaction(tenant.tenantId, async (tx) => {
    const user = await tx.insert('user', { userStoreId: tenant.userStoreId, userName, attributes: {}, active: true, removedAt: null });
    const lane = { userId: user.id, targetId: targetId as TargetId };
    if (assigned) await tx.insert('assignment', { ...lane, serviceProviderId: null });
    const accountId = `account of ${userName}` as AccountId;
    if (linked) await tx.insert('link', { ...lane, accountId, origin: 'created', active: true, applied: {}, appliedAt: new Date(0) });
    return user;
  });
}

function provision(targetId: string, { id }: User): LaneRequest {
  const what = { userId: id, targetId: targetId as TargetId, kind: 'provision', trigger: 'login' } as const;
  return { ...what, serviceProviderId: null, priority: 'login', joinRunning: true };
}

/** As the engine settles them: the operation done, the account inactive. */
async function endAccounts(targetId: string, users: readonly User[]): Promise<void> {
  await configuration.database.transaction(tenant.tenantId, async (tx) => {
    for (const { id } of users) {
      const where = { targetId: targetId as TargetId, userId: id };
      for (const operation of await tx.find('operation', where)) await tx.change('operation', operation.id, { state: 'succeeded' });
      for (const link of await tx.find('link', where)) await tx.change('link', link.id, { active: false });
    }
  });
}
