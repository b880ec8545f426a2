import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId, ServiceProviderId, TargetId, User } from '../../src/domain/vocabulary.ts';
import { openConfiguration, operations, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';

const serviceProviders = operations('service-providers');
const identityProviders = operations('identity-providers');
const connectors = operations('provisioning-connectors');
let configuration: Configuration;
let tenant: ConfiguredTenant;
let staff: string;
let directory: string;
let archive: string;
let payroll: string;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(() => configuration.close());
beforeEach(async () => {
  tenant = await configuration.tenant();
  staff = (await tenant.run(identityProviders('AddIdentityProvider'), { input: { name: 'Staff' } })).id;
  await justInTime(staff, 1, true);
  directory = await connector('Directory');
  archive = await connector('Archive');
  const input = { name: 'Payroll', signInIdentityProviderIds: [staff] };
  payroll = (await tenant.run(serviceProviders('RegisterServiceProvider'), { input })).id;
});

const connector = async (name: string, identityProviderId = staff): Promise<string> => {
  const input = { identityProviderId, name, connectorType: 'memory', config: { name } };
  return (await tenant.run(connectors('EnableProvisioningConnector'), { input })).id;
};
const justInTime = (id: string, version: number, enabled: boolean) =>
  tenant.run(identityProviders('ConfigureJustInTimeProvisioning'), { input: { identityProviderId: id, version, enabled } });
const configure = (input: object) => tenant.run(serviceProviders('ConfigureOutboundProvisioning'), { input });
const row = (connectorId: string, more: object = {}) => ({ identityProviderId: staff, connectorId, ...more });
const outbound = async (id = payroll) => (await tenant.run(serviceProviders('ServiceProvider'), { id })).outboundProvisioning;

describe('the table of a service provider', () => {
  test('is saved as a whole and told as it was saved', async () => {
    const rows = [row(directory, { blocking: true, jitOutbound: true, deadlineMs: 5_000, whenDeadlinePasses: 'ADMIT' }), row(archive)];
    const saved = await configure({ serviceProviderId: payroll, version: 1, rows });
    expect(saved.accounts).toBe(0);
    expect(saved.outboundProvisioning).toMatchObject({ inherited: false, version: 2 });
    expect(await outbound()).toEqual(saved.outboundProvisioning);
    expect(saved.outboundProvisioning.rows).toMatchObject([
      {
        identityProvider: { name: 'Staff' },
        connector: { name: 'Directory', connectorType: 'memory' },
        ...{ blocking: true, enableRules: false, jitOutbound: true, deadlineMs: 5_000, whenDeadlinePasses: 'ADMIT', warnings: [] },
      },
      { connector: { name: 'Archive' }, blocking: false, jitOutbound: false, deadlineMs: 10_000, whenDeadlinePasses: 'REFUSE' },
    ]);
    expect(await tenant.events()).toContain('outbound-provisioning.configured');
  });

  test('that somebody saved in between is not overwritten', async () => {
    await configure({ serviceProviderId: payroll, version: 1, rows: [row(directory)] });
    const refused = await configure({ serviceProviderId: payroll, version: 1, rows: [row(archive)] });
    expect(refused).toMatchObject({ path: ['version'], currentVersion: 2 });
    expect((await outbound()).rows).toMatchObject([{ connector: { name: 'Directory' } }]);
  });

  test('is refused where JIT outbound is asked for and nobody is provisioned just in time', async () => {
    await justInTime(staff, 2, false);
    const refused = await configure({ serviceProviderId: payroll, version: 1, rows: [row(directory, { jitOutbound: true })] });
    expect(refused.problems).toEqual([
      { path: ['rows', '0', 'jitOutbound'], message: expect.stringMatching(/off for "Staff": enable it in the just-in-time/) },
    ]);
  });

  test('is refused where JIT outbound is asked for and people sign in with a password only', async () => {
    const input = { name: 'Passwords', passwordSignIn: true };
    const { id } = await tenant.run(serviceProviders('RegisterServiceProvider'), { input });
    const refused = await configure({ serviceProviderId: id, version: 1, rows: [row(directory, { jitOutbound: true })] });
    expect(refused.message).toMatch(/local password only, which does not count/);
  });

  test('is refused where the identity provider has no enabled connector', async () => {
    const { id } = await tenant.run(identityProviders('AddIdentityProvider'), { input: { name: 'Empty' } });
    const refused = await configure({ serviceProviderId: payroll, version: 1, rows: [{ identityProviderId: id }] });
    expect(refused.problems).toEqual([
      { path: ['rows', '0', 'identityProviderId'], message: expect.stringMatching(/"Empty" has no enabled provisioning connector/) },
    ]);
  });

  test('is refused for what does not exist, here or in another tenant, by place', async () => {
    const rows = [{ identityProviderId: crypto.randomUUID() }, row(crypto.randomUUID()), row(directory), row(directory, { deadlineMs: 1 })];
    const refused = await configure({ serviceProviderId: payroll, version: 1, rows });
    expect(refused.problems.map((problem: { path: string[] }) => problem.path.join('.'))).toEqual([
      'rows.0.identityProviderId',
      'rows.1.connectorId',
      'rows.3.connectorId',
      'rows.3.deadlineMs',
    ]);
    const elsewhere = await configuration.tenant();
    const foreign = await elsewhere.run(serviceProviders('ConfigureOutboundProvisioning'), {
      input: { serviceProviderId: payroll, version: 1, rows: [] },
    });
    expect(foreign).toMatchObject({ message: 'There is no such service provider.' });
  });

  test('warns when what it stands on is switched off later', async () => {
    await configure({ serviceProviderId: payroll, version: 1, rows: [row(directory, { jitOutbound: true, enableRules: true })] });
    await justInTime(staff, 2, false);
    await tenant.run(connectors('DisableProvisioningConnector'), { input: { id: directory } });
    expect((await outbound()).rows[0].warnings).toEqual([
      expect.stringMatching(/"Directory" is disabled/),
      expect.stringMatching(/no policy is published/),
      expect.stringMatching(/off for "Staff"/),
    ]);
    const kept = await configure({ serviceProviderId: payroll, version: 2, rows: [row(directory)] });
    expect(kept.outboundProvisioning.rows).toHaveLength(1);
  });

  test('is not saved by an operator', async () => {
    const input = { serviceProviderId: payroll, version: 1, rows: [] };
    const refused = await tenant.ask(serviceProviders('ConfigureOutboundProvisioning'), { input }, 'operator');
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe("the tenant's default", () => {
  const saveDefault = async (...rows: object[]) => {
    const { version } = await tenant.run(serviceProviders('DefaultOutboundProvisioning'));
    return configure({ version, rows });
  };

  test('is inherited visibly until the service provider has rows of its own, and again when it gives them back', async () => {
    await saveDefault(row(directory));
    expect(await outbound()).toMatchObject({ inherited: true, version: 1, rows: [{ connector: { name: 'Directory' } }] });
    await configure({ serviceProviderId: payroll, version: 1, rows: [] });
    expect(await outbound()).toMatchObject({ inherited: false, rows: [] });
    const back = await configure({ serviceProviderId: payroll, version: 2, inherit: true });
    expect(back.outboundProvisioning).toMatchObject({ inherited: true, version: 3, rows: [{ connector: { name: 'Directory' } }] });
  });

  test('has a version of its own', async () => {
    expect(await saveDefault(row(directory))).toMatchObject({ outboundProvisioning: { version: 2 } });
    expect(await configure({ version: 1, rows: [] })).toMatchObject({ path: ['version'], currentVersion: 2 });
  });

  test('inherits from nothing', async () => {
    expect((await configure({ version: 1, inherit: true })).problems).toEqual([{ path: ['inherit'], message: expect.any(String) }]);
  });

  test('of which two are saved at once, one is refused', async () => {
    const answers = await Promise.all([configure({ version: 1, rows: [row(directory)] }), configure({ version: 1, rows: [row(archive)] })]);
    expect(answers.map((answer) => answer.currentVersion ?? 'saved').sort()).toEqual([2, 'saved']);
    expect((await tenant.run(serviceProviders('DefaultOutboundProvisioning'))).rows).toHaveLength(1);
  });

  test('gives up the accounts of people of service providers that inherit it, where asked', async () => {
    await saveDefault(row(directory));
    const ada = await person('ada', payroll);
    const saved = await configure({ version: 2, rows: [], accountsOfRemovedRows: 'DEPROVISION' });
    expect(saved.accounts).toBe(1);
    expect(await ending()).toEqual([[ada.id, directory]]);
  });
});

test('rows or inheritance: one of them has to be asked for, and not both', async () => {
  const neither = await configure({ serviceProviderId: payroll, version: 1 });
  const both = await configure({ serviceProviderId: payroll, version: 1, rows: [row(directory)], inherit: true });
  expect([neither.path, both.path]).toEqual([['rows'], ['rows']]);
});

describe('a row that goes', () => {
  beforeEach(async () => {
    await configure({ serviceProviderId: payroll, version: 1, rows: [row(directory), row(archive)] });
  });

  test('touches no account, and people stay assigned', async () => {
    await person('ada', payroll);
    await configure({ serviceProviderId: payroll, version: 2, rows: [row(archive)] });
    const reads = configuration.database.reads(tenant.tenantId);
    expect([await reads.count('assignment', {}), await reads.count('operation', {})]).toEqual([1, 0]);
  });

  test('ends the accounts of people whom nothing else assigns, where asked', async () => {
    const ada = await person('ada', payroll);
    const grace = await person('grace', payroll);
    await configuration.database.transaction(tenant.tenantId, (tx) =>
      tx.insert('assignment', { userId: grace.id, targetId: directory as TargetId, serviceProviderId: null }),
    );
    const saved = await configure({ serviceProviderId: payroll, version: 2, rows: [row(archive)], accountsOfRemovedRows: 'DEPROVISION' });
    expect(saved.accounts).toBe(1);
    expect(await ending()).toEqual([[ada.id, directory]]);
    expect(await configuration.database.reads(tenant.tenantId).find('assignment', {})).toMatchObject([{ userId: grace.id }]);
  });

  test('ends hundreds of accounts in one transaction', async () => {
    const many = 450;
    await configuration.database.transaction(tenant.tenantId, async (tx) => {
      const names = Array.from({ length: many }, (_, index) => `person-${index}`);
      const user = { userStoreId: tenant.userStoreId, attributes: {}, active: true, removedAt: null };
      await tx.insertMany(
        'user',
        names.map((userName) => ({ ...user, userName })),
      );
      const lanes = (await tx.find('user', {})).map(({ id }) => ({ userId: id, targetId: directory as TargetId }));
      await tx.insertMany(
        'assignment',
        lanes.map((lane) => ({ ...lane, serviceProviderId: payroll as ServiceProviderId })),
      );
      await tx.insertMany(
        'link',
        lanes.map((lane) => ({ ...lane, ...linked(lane.userId) })),
      );
    });
    const saved = await configure({
      serviceProviderId: payroll,
      version: 2,
      rows: [row(archive)],
      accountsOfRemovedRows: 'DEPROVISION',
      // More than the guard lets pass, unless whoever asks knows how many they are.
      confirmedAccounts: many,
    });
    expect(saved.accounts).toBe(many);
    expect(await ending()).toHaveLength(many);
  });

  test('leaves accounts alone where the connector says so, and still ends the assignment', async () => {
    await person('ada', payroll);
    await tenant.run(connectors('ConfigureProvisioningConnector'), { input: { id: directory, version: 1, removal: 'LEAVE' } });
    const saved = await configure({ serviceProviderId: payroll, version: 2, inherit: true, accountsOfRemovedRows: 'DEPROVISION' });
    expect(saved.accounts).toBe(0);
    expect(await configuration.database.reads(tenant.tenantId).count('assignment', {})).toBe(0);
  });
});

const linked = (name: string) =>
  ({ accountId: `account of ${name}` as AccountId, origin: 'created', active: true, applied: {}, appliedAt: new Date(0) }) as const;

/** Assigned to the directory by a service provider, with an account there. */
async function person(userName: string, serviceProviderId: string): Promise<User> {
  return configuration.database.transaction(tenant.tenantId, async (tx) => {
    const user = await tx.insert('user', { userStoreId: tenant.userStoreId, userName, attributes: {}, active: true, removedAt: null });
    const lane = { userId: user.id, targetId: directory as TargetId };
    await tx.insert('assignment', { ...lane, serviceProviderId: serviceProviderId as ServiceProviderId });
    await tx.insert('link', { ...lane, ...linked(userName) });
    return user;
  });
}

async function ending(): Promise<readonly (readonly string[])[]> {
  const found = await configuration.database.reads(tenant.tenantId).find('operation', { kind: 'deprovision', state: 'pending' });
  return found.map((operation) => [operation.userId, operation.targetId]);
}
