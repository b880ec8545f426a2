import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConfiguration, operations, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';

const serviceProviders = operations('service-providers');
const identityProviders = operations('identity-providers');
let configuration: Configuration;
let acme: ConfiguredTenant;
beforeAll(async () => {
  configuration = await openConfiguration();
  acme = await configuration.tenant();
});
afterAll(() => configuration.close());

const sp = (name: string, input: object, tenant = acme) => tenant.run(serviceProviders(name), { input });
const idp = (name: string, input: object, tenant = acme) => tenant.run(identityProviders(name), { input });

describe('a service provider', () => {
  test('is registered with usual settings, and tells where people sign in', async () => {
    const made = await sp('RegisterServiceProvider', { name: 'Payroll' });
    expect(made).toMatchObject({
      name: 'Payroll',
      description: '',
      homeUrl: null,
      passwordSignIn: false,
      userStoreId: acme.userStoreId,
      version: 1,
      loginUrl: `https://usher.test/login/${made.id}`,
    });
    const read = await acme.run(serviceProviders('ServiceProvider'), { id: made.id }, 'viewer');
    expect(read.outboundProvisioning).toEqual({ inherited: true, version: 1, rows: [] });
    expect(await acme.events()).toContain('service-provider.registered');
  });

  test('keeps what a change does not name, and clears what it names with null', async () => {
    const provider = await idp('AddIdentityProvider', { name: 'Staff sign-in' });
    const made = await sp('RegisterServiceProvider', { name: 'Wiki', homeUrl: 'https://wiki.test/', returnUrls: ['https://wiki.test/'] });
    const first = await sp('ChangeServiceProvider', { id: made.id, version: 1, signInIdentityProviderIds: [provider.id] });
    expect(first).toMatchObject({ homeUrl: 'https://wiki.test/', version: 2, signInIdentityProviders: [{ name: 'Staff sign-in' }] });
    const second = await sp('ChangeServiceProvider', { id: made.id, version: 2, homeUrl: null });
    expect(second).toMatchObject({ homeUrl: null, returnUrls: ['https://wiki.test/'], signInIdentityProviders: [{ id: provider.id }] });
  });

  test('that somebody changed in between is not overwritten', async () => {
    const made = await sp('RegisterServiceProvider', { name: 'Shop' });
    await sp('ChangeServiceProvider', { id: made.id, version: 1, description: 'theirs' });
    const refused = await sp('ChangeServiceProvider', { id: made.id, version: 1, description: 'ours' });
    expect(refused).toMatchObject({ path: ['version'], currentVersion: 2 });
  });

  test('needs a name that nobody has', async () => {
    await sp('RegisterServiceProvider', { name: 'Unique' });
    expect(await sp('RegisterServiceProvider', { name: 'unique' })).toMatchObject({
      path: ['name'],
      message: expect.stringMatching(/this name already/),
    });
  });

  test.each([
    ['a return URL with a fragment', { returnUrls: ['https://shop.test/', 'https://shop.test/#top'] }, ['returnUrls', '1']],
    ['a return URL that is no http URL', { returnUrls: ['javascript:alert(1)'] }, ['returnUrls', '0']],
    ['a relative home URL', { homeUrl: '/home' }, ['homeUrl']],
    ['too many return URLs', { returnUrls: Array.from({ length: 51 }, (_, index) => `https://shop.test/${index}`) }, ['returnUrls']],
    ['a name with blanks around it', { name: ' Shop ' }, ['name']],
    ['a name that is read backwards', { name: 'Shop\u202Egnp.exe' }, ['name']],
    ['an identity provider that does not exist', { signInIdentityProviderIds: [crypto.randomUUID()] }, ['signInIdentityProviderIds', '0']],
    ['a user store that does not exist', { userStoreId: crypto.randomUUID() }, ['userStoreId']],
  ])('is refused for %s', async (_name, input, path) => {
    const refused = await sp('RegisterServiceProvider', { name: 'Faulty', ...input });
    expect(refused.problems).toEqual([{ path, message: expect.any(String) }]);
  });

  test('that is removed hands its people to the default of the tenant', async () => {
    const tenant = await configuration.tenant();
    const world = await assigned(tenant);
    expect(await sp('RemoveServiceProvider', { id: world.serviceProviderId }, tenant)).toEqual({
      id: world.serviceProviderId,
      accounts: 0,
    });
    const reads = configuration.database.reads(tenant.tenantId);
    expect(await reads.find('assignment', {})).toMatchObject([{ userId: world.userId, serviceProviderId: null }]);
    expect(await reads.count('operation', {})).toBe(0);
  });

  test('that is removed with its accounts ends them', async () => {
    const tenant = await configuration.tenant();
    const world = await assigned(tenant);
    const removed = await sp('RemoveServiceProvider', { id: world.serviceProviderId, accounts: 'DEPROVISION' }, tenant);
    expect(removed).toEqual({ id: world.serviceProviderId, accounts: 1 });
    const reads = configuration.database.reads(tenant.tenantId);
    expect(await reads.find('assignment', {})).toEqual([]);
    expect(await reads.find('operation', {})).toMatchObject([{ userId: world.userId, kind: 'deprovision', trigger: 'removal' }]);
    expect(await tenant.events()).toEqual(
      expect.arrayContaining(['assignment.removed', 'provisioning.requested', 'service-provider.removed']),
    );
  });
});

describe('an identity provider', () => {
  test('tells its administrator our addresses, and how it stands', async () => {
    const made = await idp('AddIdentityProvider', { name: 'Corporate', attributeMappings: [{ federated: 'mail', local: 'email' }] });
    expect(made).toMatchObject({
      enabled: true,
      authenticator: null,
      justInTime: { enabled: false },
      attributeMappings: [{ federated: 'mail', local: 'email' }],
      saml: { entityId: `https://usher.test/saml/${made.id}/metadata`, callbackUrl: `https://usher.test/saml/${made.id}/callback` },
    });
  });

  test('is disabled and enabled again, with one event for each', async () => {
    const tenant = await configuration.tenant();
    const made = await idp('AddIdentityProvider', { name: 'Corporate' }, tenant);
    expect(await idp('DisableIdentityProvider', { id: made.id }, tenant)).toMatchObject({ enabled: false });
    expect(await idp('DisableIdentityProvider', { id: made.id }, tenant)).toMatchObject({ enabled: false });
    expect(await idp('EnableIdentityProvider', { id: made.id }, tenant)).toMatchObject({ enabled: true });
    const events = (await tenant.events()).filter((type) => type.startsWith('identity-provider'));
    expect(events).toEqual(['identity-provider.added', 'identity-provider.changed', 'identity-provider.changed']);
  });

  test('is refused groups that do not exist, by place', async () => {
    const input = {
      name: 'Groups',
      roleMappings: [{ federated: 'admin', groupId: crypto.randomUUID() }],
      outboundRoleGroupIds: [crypto.randomUUID()],
    };
    const refused = await idp('AddIdentityProvider', input);
    expect(refused.problems.map((problem: { path: string[] }) => problem.path)).toEqual([
      ['roleMappings', '0', 'groupId'],
      ['outboundRoleGroupIds', '0'],
    ]);
  });

  test('gets a key of our own with its first authenticator, keeps it, and a new one when asked', async () => {
    const made = await idp('AddIdentityProvider', { name: 'Keys' });
    const { certificate } = await configuration.house.certificates.make('their key');
    const saml = {
      issuer: 'https://idp.test/metadata',
      entryPoint: 'https://idp.test/sso',
      certificates: [bare(certificate), certificate],
    };
    const first = await idp('ConfigureAuthenticator', { identityProviderId: made.id, version: 1, saml });
    expect(first.authenticator).toMatchObject({ issuer: saml.issuer, logoutUrl: null, signRequests: true, requireEncryption: false });
    expect(first.authenticator.certificates).toMatchObject([{ subject: 'CN=their key' }]);
    const owner = { kind: 'identityProvider', id: made.id } as const;
    const key = (await configuration.database.secretsOf(acme.tenantId, owner))['privateKey'];
    expect(key).toContain('BEGIN PRIVATE KEY');

    const second = await idp('ConfigureAuthenticator', {
      identityProviderId: made.id,
      version: 2,
      saml: { ...saml, requireEncryption: true },
    });
    expect(second.authenticator.ownCertificate).toEqual(first.authenticator.ownCertificate);
    expect(second.authenticator.requireEncryption).toBe(true);
    const third = await idp('ConfigureAuthenticator', { identityProviderId: made.id, version: 3, saml, renewKey: true });
    expect(third.authenticator.ownCertificate.fingerprint).not.toBe(first.authenticator.ownCertificate.fingerprint);
    expect((await configuration.database.secretsOf(acme.tenantId, owner))['privateKey']).not.toBe(key);
    expect(JSON.stringify([first, second, third, configuration.logged, await acme.events()])).not.toContain('PRIVATE KEY');
  });

  test.each([
    ['a certificate that is none', { certificates: ['nonsense'] }, ['saml', 'certificates', '0']],
    ['no certificate', { certificates: [] }, ['saml', 'certificates']],
    ['an entry point that is no URL', { entryPoint: 'idp.test' }, ['saml', 'entryPoint']],
    ['no issuer', { issuer: '' }, ['saml', 'issuer']],
    ['an issuer of two lines', { issuer: 'https://idp.test\r\nx' }, ['saml', 'issuer']],
    ['an entry point of two lines', { entryPoint: 'https://idp.test/\r\nset-cookie:a' }, ['saml', 'entryPoint']],
    ['a logout URL with a tab', { logoutUrl: 'https://idp.test/\tx' }, ['saml', 'logoutUrl']],
    ['a subject attribute with DEL', { subjectAttribute: 'uid\u007f' }, ['saml', 'subjectAttribute']],
  ])('is refused an authenticator with %s', async (name, faulty, path) => {
    const made = await idp('AddIdentityProvider', { name });
    const { certificate } = await certificateOnce();
    const saml = { issuer: 'https://idp.test', entryPoint: 'https://idp.test/sso', certificates: [certificate], ...faulty };
    const refused = await idp('ConfigureAuthenticator', { identityProviderId: made.id, version: 1, saml });
    expect(refused.problems).toEqual([{ path, message: expect.any(String) }]);
  });

  test('provisions people just in time where its administrator says so', async () => {
    const made = await idp('AddIdentityProvider', { name: 'Just in time' });
    const input = {
      identityProviderId: made.id,
      version: 1,
      enabled: true,
      attributeSync: 'KEEP_LOCAL',
      roleAttribute: 'roles',
      groupSync: 'MERGE',
    };
    expect((await idp('ConfigureJustInTimeProvisioning', input)).justInTime).toEqual({
      enabled: true,
      userStoreId: null,
      attributeSync: 'KEEP_LOCAL',
      userNameAttribute: null,
      roleAttribute: 'roles',
      groupSync: 'MERGE',
    });
    const refused = await idp('ConfigureJustInTimeProvisioning', { ...input, version: 2, userStoreId: crypto.randomUUID() });
    expect(refused.problems).toEqual([{ path: ['userStoreId'], message: expect.any(String) }]);
  });

  test('is not removed while people sign in with it, or while it holds connectors', async () => {
    const made = await idp('AddIdentityProvider', { name: 'Needed' });
    const provider = await sp('RegisterServiceProvider', { name: 'Needs it', signInIdentityProviderIds: [made.id] });
    expect(await idp('RemoveIdentityProvider', { id: made.id })).toMatchObject({
      message: expect.stringMatching(/sign in with it to "Needs it"/),
    });
    await sp('ChangeServiceProvider', { id: provider.id, version: 1, signInIdentityProviderIds: [] });
    const input = { identityProviderId: made.id, name: 'Directory', connectorType: 'memory', config: { name: 'x' } };
    await acme.run(operations('provisioning-connectors')('EnableProvisioningConnector'), { input });
    expect(await idp('RemoveIdentityProvider', { id: made.id })).toMatchObject({
      message: expect.stringMatching(/holds provisioning connectors: "Directory"/),
    });
  });

  test('of another tenant does not exist', async () => {
    const other = await configuration.tenant();
    const made = await idp('AddIdentityProvider', { name: 'Foreign' }, other);
    expect(await acme.run(identityProviders('IdentityProvider'), { id: made.id })).toBeNull();
    expect(await idp('RemoveIdentityProvider', { id: made.id })).toMatchObject({ message: 'There is no such identity provider.' });
    expect(await idp('RemoveIdentityProvider', { id: made.id }, other)).toEqual({ id: made.id });
  });

  test('is changed by administrators only', async () => {
    const source = identityProviders('AddIdentityProvider');
    const refused = await acme.ask(source, { input: { name: 'By an operator' } }, 'operator');
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

let made: Promise<{ certificate: string }> | null = null;
const certificateOnce = () => (made ??= configuration.house.certificates.make('their key'));
const bare = (pem: string): string => pem.replace(/-----[^-]+-----/g, '').trim();

/** A service provider that assigned one person, who has an account. */
async function assigned(tenant: ConfiguredTenant): Promise<{ serviceProviderId: string; userId: string }> {
  const provider = await idp('AddIdentityProvider', { name: 'Corporate' }, tenant);
  const service = await sp('RegisterServiceProvider', { name: 'Payroll' }, tenant);
  return configuration.database.transaction(tenant.tenantId, async (tx) => {
    const target = await tx.insert('target', {
      ...{ identityProviderId: provider.id, name: 'Directory', connectorType: 'memory', enabled: true, config: { name: 'x' } },
      ...{ removal: 'deactivate', adoption: 'link', matchingAttribute: 'userName', maxConcurrentCalls: 4, removalAskedAt: null },
    });
    const user = await tx.insert('user', {
      userStoreId: tenant.userStoreId,
      userName: 'ada',
      attributes: {},
      active: true,
      removedAt: null,
    });
    await tx.insert('assignment', { userId: user.id, targetId: target.id, serviceProviderId: service.id });
    await tx.insert('link', {
      ...{
        userId: user.id,
        targetId: target.id,
        accountId: 'a1' as never,
        origin: 'created',
        active: true,
        applied: {},
        appliedAt: new Date(),
      },
    });
    return { serviceProviderId: service.id, userId: user.id };
  });
}
