/**
 * The scenario that Usher is for, through GraphQL and real sign-ins against fake Google and fake Salesforce: employees have accounts at both,
 * customers at neither, and whoever changes or removes them later, the accounts follow. Each test is a row of a table of what other products do.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type OutboundRow, type ServiceProvider, type Target } from '../support/administer.ts';
import { createBrowser, type Browser, type Page } from '../support/browser.ts';
import { cloudDomain, startClouds, type Clouds } from '../support/clouds.ts';
import { testChance } from '../support/database.ts';
import { person, signInAs, until } from '../support/people.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

let usher: RunningUsher;
let clouds: Clouds;
let idp: SamlIdentityProvider;
let admin: Administrator;
let staff: string;
let google: Target;
let salesforce: Target;

beforeAll(async () => {
  [usher, clouds, idp] = await Promise.all([
    // Chance 0 makes the shortest waits before a retry.
    startUsher({ parts: { chance: { ...testChance, random: () => 0 } } }),
    startClouds(),
    startSamlIdentityProvider(),
  ]);
  admin = administer(usher);
  const { entityId: issuer, entryPoint, certificate } = idp;
  [{ id: staff }, google, salesforce] = await Promise.all([
    admin.addSamlIdentityProvider({ name: 'Staff', issuer, entryPoint, certificate }),
    clouds.workspace(admin, 'Google Workspace'),
    clouds.organisation(admin, 'Salesforce'),
  ]);
});
afterEach(() => {
  clouds.google.clear();
  clouds.salesforce.clear();
});
afterAll(async () => {
  await Promise.all([usher.close(), clouds.close(), idp.close()]);
});

const password = 'a good password of somebody';
const nameOf = (who: string): string => `${who}-${randomUUID().slice(0, 8)}@${cloudDomain}`;
const problem = '... on Problem { message path } ... on InvalidInput { problems { path message } }';

async function portal(name: string, rows: readonly OutboundRow[]): Promise<ServiceProvider> {
  const more = { selfRegistration: true, passwordSignIn: true };
  const made = await admin.addServiceProvider({ name: `${name} ${randomUUID().slice(0, 8)}`, signInWith: [staff], more });
  await admin.configureOutbound(made, rows);
  return made;
}
/** Google in the background, Salesforce blocking. */
const employeeReg = (jitOutbound = false): Promise<ServiceProvider> =>
  portal('EmployeeReg', [
    { target: google, jitOutbound },
    { target: salesforce, jitOutbound, blocking: true },
  ]);
const customerReg = (): Promise<ServiceProvider> => portal('CustomerReg', []);

interface Known {
  readonly id: string;
  readonly userName: string;
}
/** `how`: with a password only who signs in with one, for hashing it takes its time. */
async function register(at: ServiceProvider, who: string, how: { readonly password?: string } = {}): Promise<Known> {
  const attributes = Object.entries({ givenName: 'Erin', familyName: 'Miller', phone: '+43 1 100' });
  const input = {
    serviceProviderId: at.id,
    userName: nameOf(who),
    ...how,
    attributes: attributes.map(([name, value]) => ({ name, values: [value] })),
  };
  return admin.do(
    `mutation($input: RegisterUserInput!) { registerUser(input: $input) { ... on RegisteredUser { id userName } ${problem} } }`,
    { input },
  );
}
async function signIn(at: ServiceProvider, { userName }: Known): Promise<{ readonly browser: Browser; readonly page: Page }> {
  const browser = createBrowser();
  const door = await browser.get(at.loginUrl);
  return { browser, page: await browser.waitOut(await browser.submit(door, { userName, password })) };
}
async function isIn(browser: Browser): Promise<boolean> {
  return (await browser.get(`${usher.url}/session`)).status === 200;
}
const mutate = (mutation: string, input: string, variables: Record<string, unknown>): Promise<any> =>
  admin.do(`mutation($input: ${input}!) { ${mutation}(input: $input) { __typename ${problem} } }`, { input: variables });
const change = async (user: Known, attributes: Readonly<Record<string, string>>): Promise<void> => {
  const { version } = await admin.do(`query($id: ID!) { user(id: $id) { version } }`, { id: user.id });
  const patch = Object.entries(attributes).map(([name, value]) => ({ name, values: [value] }));
  await mutate('changeUser', 'ChangeUserInput', { id: user.id, version, attributes: patch });
};
const removeUser = (user: Known) => mutate('removeUser', 'UserByIdInput', { id: user.id });

interface FoundOperation {
  readonly state: string;
  readonly kind: string;
  readonly targetId: string;
}
async function operationsOf(user: Known): Promise<readonly FoundOperation[]> {
  const found = await admin.do(
    `query($id: ID!) { operations(filter: { userId: $id }, first: 50) { edges { node { state kind targetId } } } }`,
    { id: user.id },
  );
  return found.edges.map((edge: { node: FoundOperation }) => edge.node);
}
async function settled(user: Known): Promise<void> {
  await until(async () => (await operationsOf(user)).every(({ state }) => !['PENDING', 'RUNNING'].includes(state)));
}
async function explained(user: Known, at: ServiceProvider, trigger = 'LOGIN'): Promise<Readonly<Record<string, string>>> {
  const { targets } = await admin.do(
    `query($id: ID!, $at: ID!, $trigger: Trigger) { explain(userId: $id, serviceProviderId: $at, trigger: $trigger) { targets { targetName reason } } }`,
    { id: user.id, at: at.id, trigger },
  );
  return Object.fromEntries(
    targets.map(({ targetName, reason }: { readonly targetName: string; readonly reason: string }) => [targetName, reason]),
  );
}
const both = (userName: string) => [...clouds.atGoogle(userName), ...clouds.atSalesforce(userName)];

describe('an employee who registers at EmployeeReg', () => {
  it('gets exactly one account at Google and one at Salesforce, as they were described', async () => {
    const user = await register(await employeeReg(), 'erin');
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toMatchObject([
      { active: true, givenName: 'Erin', familyName: 'Miller', phones: ['+43 1 100'], passwords: 1 },
    ]);
    expect(clouds.atSalesforce(user.userName)).toMatchObject([{ active: true, FirstName: 'Erin', LastName: 'Miller', Phone: '+43 1 100' }]);
  });

  it('waits at the sign-in for Salesforce, which blocks, and not for Google, which does not', async () => {
    const at = await employeeReg();
    await mutate('disableProvisioningConnector', 'ProvisioningConnectorIdInput', { id: google.connectorId });
    clouds.salesforce.latency(150);
    const user = await register(at, 'wendy', { password });
    const { browser } = await signIn(at, user);
    expect(await isIn(browser)).toBe(true);
    expect(clouds.atSalesforce(user.userName)).toMatchObject([{ active: true }]);
    expect(clouds.atGoogle(user.userName)).toEqual([]);
    await mutate('reenableProvisioningConnector', 'ProvisioningConnectorIdInput', { id: google.connectorId });
    await settled(user);
    expect(both(user.userName)).toMatchObject([{ active: true }, { active: true }]);
  });

  it('is not let in where Salesforce blocks and refuses them, and is where the row does not block', async () => {
    const blocking = await employeeReg();
    const user = await register(blocking, 'dora', { password });
    clouds.salesforce.org.takenElsewhere.add(user.userName);
    const background = await portal('EmployeeReg without blocking', [{ target: google }, { target: salesforce }]);
    const refused = await signIn(blocking, user);
    expect([refused.page.status, await isIn(refused.browser)]).toEqual([403, false]);
    expect(await isIn((await signIn(background, user)).browser)).toBe(true);
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toHaveLength(1);
    expect(clouds.atSalesforce(user.userName)).toEqual([]);
  });

  it('has nothing to wait for at the next sign-in, which calls neither of the two', async () => {
    const at = await employeeReg(true);
    const user = await register(at, 'cleo', { password });
    await signIn(at, user);
    await settled(user);
    const calls = (): number => clouds.google.requests.length + clouds.salesforce.requests.length;
    const before = calls();
    expect(await isIn((await signIn(at, user)).browser)).toBe(true);
    expect(calls()).toBe(before);
    expect(await explained(user, at)).toEqual({ 'Google Workspace': 'IN_SYNC', Salesforce: 'IN_SYNC' });
  });
});

describe('a customer who registers at CustomerReg', () => {
  it('is only stored, and signs in', async () => {
    const at = await customerReg();
    const user = await register(at, 'carol', { password });
    expect(await isIn((await signIn(at, user)).browser)).toBe(true);
    expect(await operationsOf(user)).toEqual([]);
    expect(both(user.userName)).toEqual([]);
    expect(await explained(user, at)).toEqual({});
  });
});

describe('somebody whom an administrator adds', () => {
  it('belongs nowhere until they are assigned, and is then provisioned', async () => {
    const userName = nameOf('ada');
    const user: Known = await admin.do(
      `mutation($input: CreateUserInput!) { createUser(input: $input) { ... on User { id userName } ${problem} } }`,
      { input: { userName, attributes: [{ name: 'familyName', values: ['Byron'] }] } },
    );
    expect([await operationsOf(user), both(userName)]).toEqual([[], []]);
    await mutate('assignUser', 'AssignUserInput', { userId: user.id, targetId: google.connectorId, serviceProviderId: null });
    await settled(user);
    expect(clouds.atGoogle(userName)).toMatchObject([{ active: true, familyName: 'Byron' }]);
    expect(clouds.atSalesforce(userName)).toEqual([]);
  });
});

describe('a federated sign-in to EmployeeReg, of somebody whom just-in-time provisioning makes', () => {
  const federated = async (at: ServiceProvider, attributes: Readonly<Record<string, string>> = {}) => {
    const name = `jit-${randomUUID().slice(0, 8)}`;
    person(idp, name, attributes);
    idp.people.set(name, { ...idp.people.get(name)!, nameId: `${name}@${cloudDomain}` });
    const visit = await signInAs(at.loginUrl, staff, name);
    await visit.browser.waitOut(visit.page);
    const session = JSON.parse((await visit.browser.get(`${usher.url}/session`)).text) as { readonly user: Known };
    return { user: session.user, again: () => signInAs(at.loginUrl, staff, name) };
  };

  it('provisions nobody where JIT outbound is off in both rows, and explain says so', async () => {
    const at = await employeeReg(false);
    const { user } = await federated(at);
    expect([await operationsOf(user), both(user.userName)]).toEqual([[], []]);
    expect(await explained(user, at)).toEqual({ 'Google Workspace': 'JIT_OUTBOUND_OFF', Salesforce: 'JIT_OUTBOUND_OFF' });
  });

  it('provisions only to Google where only that row has it on', async () => {
    const at = await portal('EmployeeReg', [
      { target: google, jitOutbound: true },
      { target: salesforce, jitOutbound: false, blocking: true },
    ]);
    const { user } = await federated(at);
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toMatchObject([{ active: true, passwords: 1 }]);
    expect(clouds.atSalesforce(user.userName)).toEqual([]);
  });

  it('is one account, once created and with one password, whatever groups and sign-ins come after it', async () => {
    const at = await employeeReg(true);
    const { user, again } = await federated(at);
    const group = await admin.do(`mutation($input: CreateGroupInput!) { createGroup(input: $input) { ... on Group { id } ${problem} } }`, {
      input: { name: `Engineers ${user.userName}` },
    });
    await mutate('addMembers', 'MembersInput', { groupId: group.id, userIds: [user.id] });
    await again();
    await change(user, { title: 'Engineer' });
    await settled(user);
    await until(() => clouds.atGoogle(user.userName)[0]?.title === 'Engineer');
    expect(clouds.atGoogle(user.userName)).toMatchObject([{ active: true, passwords: 1 }]);
    expect(clouds.atSalesforce(user.userName)).toMatchObject([{ active: true, Title: 'Engineer' }]);
    const inserts = clouds.google.requests.filter(
      ({ method, body }) => method === 'POST' && (body as { readonly primaryEmail?: string } | undefined)?.primaryEmail === user.userName,
    );
    expect(inserts).toHaveLength(1);
  });
});

describe('an employee whom an administrator changes later, in no application', () => {
  it('has the new phone and name at Google and at Salesforce, in the accounts that they had', async () => {
    const user = await register(await employeeReg(), 'phoebe');
    await settled(user);
    const before = both(user.userName).map(({ id }) => id);
    await change(user, { phone: '+43 1 200', familyName: 'Gray' });
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toMatchObject([
      { id: before[0], active: true, familyName: 'Gray', phones: ['+43 1 200'], passwords: 1 },
    ]);
    expect(clouds.atSalesforce(user.userName)).toMatchObject([{ id: before[1], active: true, LastName: 'Gray', Phone: '+43 1 200' }]);
  });

  it('leaves no orphan when they are deleted: Google suspends the account and Salesforce deactivates it', async () => {
    const user = await register(await employeeReg(), 'leo');
    await settled(user);
    const before = both(user.userName).map(({ id }) => id);
    await removeUser(user);
    await settled(user);
    expect(both(user.userName)).toMatchObject([
      { id: before[0], active: false, passwords: 1 },
      { id: before[1], active: false },
    ]);
  });

  it('leaves no orphan either where they are deleted before their accounts were made', async () => {
    const at = await employeeReg();
    for (const { connectorId: id } of [google, salesforce])
      await mutate('disableProvisioningConnector', 'ProvisioningConnectorIdInput', { id });
    const user = await register(at, 'brief');
    await removeUser(user);
    for (const { connectorId: id } of [google, salesforce])
      await mutate('reenableProvisioningConnector', 'ProvisioningConnectorIdInput', { id });
    await settled(user);
    expect(both(user.userName)).toEqual([]);
  });
});

describe('a row with rules on while no policy is published', () => {
  it('provisions nobody at their registration, also not by a later change, and explain says so', async () => {
    const at = await portal('EmployeeReg', [{ target: google }, { target: salesforce, enableRules: true }]);
    const user = await register(at, 'rule');
    await settled(user);
    expect(await explained(user, at, 'REGISTRATION')).toEqual({ 'Google Workspace': 'IN_SYNC', Salesforce: 'NO_PUBLISHED_POLICY' });
    await change(user, { phone: '+43 1 300' });
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toMatchObject([{ active: true, phones: ['+43 1 300'] }]);
    expect(clouds.atSalesforce(user.userName)).toEqual([]);
  });
});

/** Of one test, so that none counts what another one ended. */
interface Gate {
  readonly target: Target;
  readonly name: string;
  readonly engineering: { readonly id: string };
  readonly at: ServiceProvider;
  readonly members: (mutation: 'addMembers' | 'removeMembers', ...users: readonly Known[]) => Promise<unknown>;
  readonly letIn: (...groups: readonly { readonly id: string }[]) => Promise<void>;
}
const addGroup = (): Promise<{ readonly id: string }> =>
  admin.do(`mutation($input: CreateGroupInput!) { createGroup(input: $input) { ... on Group { id } ${problem} } }`, {
    input: { name: `engineering ${randomUUID().slice(0, 8)}` },
  });

async function gate(row: Partial<OutboundRow> = {}): Promise<Gate> {
  const name = `Engineers at Google ${randomUUID().slice(0, 8)}`;
  const target = await clouds.workspace(admin, name);
  const engineering = await addGroup();
  const letIn: Gate['letIn'] = async (...groups) => {
    const id = target.identityProviderId;
    const { version } = await admin.do(`query($id: ID!) { identityProvider(id: $id) { version } }`, { id });
    const outboundRoleGroupIds = groups.map((group) => group.id);
    await mutate('changeIdentityProvider', 'ChangeIdentityProviderInput', { id, version, outboundRoleGroupIds });
    await lookedAgain();
  };
  await letIn(engineering);
  const members: Gate['members'] = (mutation, ...users) =>
    mutate(mutation, 'MembersInput', { groupId: engineering.id, userIds: users.map(({ id }) => id) });
  return { target, name, engineering, at: await portal('EngineerReg', [{ target, ...row }]), members, letIn };
}
const lookedAgain = (): Promise<unknown> =>
  until(async () => {
    const { edges } = await admin.do(`query { reevaluations(first: 50) { edges { node { state } } } }`);
    return edges.every((edge: { node: { state: string } }) => edge.node.state === 'DONE');
  });
const accounts = (...users: readonly Known[]) => users.map(({ userName }) => clouds.atGoogle(userName).map(({ active }) => active));

describe('a role gate: an identity provider that lets only "engineering" through', () => {
  it('makes nothing for a user without the role, and explain says so', async () => {
    const { at, name } = await gate();
    const user = await register(at, 'outside');
    expect([await operationsOf(user), accounts(user)]).toEqual([[], [[]]]);
    expect(await explained(user, at, 'REGISTRATION')).toEqual({ [name]: 'NOT_IN_OUTBOUND_ROLE' });
  });

  it('makes the whole account of a user who is given the role', async () => {
    const { at, members } = await gate();
    const user = await register(at, 'joins');
    await members('addMembers', user);
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toMatchObject([
      { active: true, givenName: 'Erin', familyName: 'Miller', phones: ['+43 1 100'], passwords: 1 },
    ]);
  });

  it('sends only what differs when somebody inside changes', async () => {
    const { at, members } = await gate();
    const user = await register(at, 'changes');
    await members('addMembers', user);
    await settled(user);
    const before = clouds.google.requests.length;
    await change(user, { familyName: 'Gray' });
    await settled(user);
    const writes = clouds.google.requests.slice(before).filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([{ method: 'PATCH', path: expect.any(String), body: { name: { familyName: 'Gray' }, suspended: false } }]);
  });

  it('ends the account of a user whose role is taken away, and gives the same one back with the role', async () => {
    const { at, members } = await gate();
    const user = await register(at, 'returns');
    await members('addMembers', user);
    await settled(user);
    const before = clouds.atGoogle(user.userName).map(({ id }) => id);
    await members('removeMembers', user);
    await settled(user);
    expect(accounts(user)).toEqual([[false]]);
    await change(user, { title: 'Changed outside' });
    await settled(user);
    expect(accounts(user)).toEqual([[false]]);
    await members('addMembers', user);
    await settled(user);
    expect(clouds.atGoogle(user.userName)).toMatchObject([{ id: before[0], active: true, title: 'Changed outside', passwords: 1 }]);
  });

  it('lets in everybody who is put into the group from the side of the group', async () => {
    const { at, members } = await gate();
    const crowd = await Promise.all(['one', 'two', 'three'].map((who) => register(at, who)));
    await members('addMembers', ...crowd);
    await Promise.all(crowd.map(settled));
    expect(accounts(...crowd)).toEqual([[true], [true], [true]]);
  });

  it('is asked beside the rules: who is let through is still nobody where no policy is published', async () => {
    const { at, members } = await gate({ enableRules: true });
    const user = await register(at, 'ruled');
    await members('addMembers', user);
    await settled(user);
    expect(accounts(user)).toEqual([[]]);
  });

  it('opens for everybody when its last group is taken off, and ends again what a new group shuts out', async () => {
    const { at, members, engineering, letIn } = await gate();
    const [inside, outside] = [await register(at, 'in'), await register(at, 'out')];
    await members('addMembers', inside);
    await letIn();
    await Promise.all([inside, outside].map(settled));
    expect(accounts(inside, outside)).toEqual([[true], [true]]);
    await letIn(engineering);
    await Promise.all([inside, outside].map(settled));
    expect(accounts(inside, outside)).toEqual([[true], [false]]);
  });

  it('stays shut when its group is deleted: nobody is left behind at Google, and nobody gets in', async () => {
    const { at, members, engineering, letIn } = await gate();
    const [inside, outside] = [await register(at, 'in'), await register(at, 'out')];
    await members('addMembers', inside);
    await settled(inside);
    const input = { id: engineering.id };
    await expect(mutate('removeGroup', 'RemoveGroupInput', input)).rejects.toThrow('decides by this group');
    expect(accounts(inside)).toEqual([[true]]);
    await mutate('removeGroup', 'RemoveGroupInput', { ...input, evenIfUsed: true });
    await lookedAgain();
    await Promise.all([inside, outside].map(settled));
    const late = await register(at, 'late');
    expect(accounts(inside, outside, late)).toEqual([[false], [], []]);
    const another = await addGroup();
    await letIn(another);
    await mutate('addMembers', 'MembersInput', { groupId: another.id, userIds: [inside.id] });
    await settled(inside);
    expect(accounts(inside, outside, late)).toEqual([[true], [], []]);
  });
});
