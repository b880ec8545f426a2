/**
 * Enable Rules from the door to the target: people sign in through a SAML identity provider, a policy decides who is provisioned, and whatever
 * changes later, of them or of the policy, their accounts follow. Among them is a worked example of the original, with our outcome.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type OutboundRow, type ServiceProvider, type Target } from '../support/administer.ts';
import { operations } from '../support/configuration.ts';
import { person, signInAs, until } from '../support/people.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

const policies = operations('policies');
const decisions = operations('rule-decisions');
const problem = '__typename ... on Problem { message path } ... on InvalidInput { problems { path message } }';
let usher: RunningUsher;
let idp: SamlIdentityProvider;
let scim: ScimServer;
let admin: Administrator;
let signInWith: string;

beforeAll(async () => {
  [usher, idp, scim] = await Promise.all([startUsher(), startSamlIdentityProvider(), startScimServer()]);
  admin = administer(usher);
  const { entityId: issuer, entryPoint, certificate } = idp;
  signInWith = (await admin.addSamlIdentityProvider({ name: 'Staff', issuer, entryPoint, certificate })).id;
});
afterAll(async () => {
  await Promise.all([usher.close(), idp.close(), scim.close()]);
});

const mutate = (mutation: string, type: string, input: Record<string, unknown>): Promise<any> =>
  admin.do(`mutation($input: ${type}!) { ${mutation}(input: $input) { ${problem} } }`, { input });
let count = 0;
/** A target and an application of their own, so that no test counts what another one did. */
async function door(row: Omit<Partial<OutboundRow>, 'target'> & Record<string, unknown>, more: Record<string, unknown> = {}) {
  const name = `Directory ${(count += 1)}`;
  const config = { baseUrl: scim.url, authentication: 'bearer', token: scim.token };
  const target: Target = await admin.addTarget({ name, connectorType: 'scim2', config, more });
  const at: ServiceProvider = await admin.addServiceProvider({ name: `Portal ${count}`, signInWith: [signInWith] });
  await admin.configureOutbound(at, [{ target, jitOutbound: true, enableRules: true, ...row }]);
  return { name, target, at, portal: `Portal ${count}` };
}
/** Published and in force. */
async function policy(name: string, content: Record<string, unknown>): Promise<{ readonly id: string; readonly version: number }> {
  const made = await admin.do(policies('CreatePolicy'), { input: { name, ...content } });
  return admin.do(policies('PublishPolicy'), { input: { id: made.id, version: made.version, activate: true } });
}
const onlyGroup = (at: ServiceProvider, groupId: string) => ({
  form: { template: 'GROUP', groupIds: [groupId], serviceProviderIds: [at.id] },
});
const group = async (name: string): Promise<string> =>
  (
    await admin.do(`mutation($input: CreateGroupInput!) { createGroup(input: $input) { ${problem} ... on Group { id } } }`, {
      input: { name },
    })
  ).id;
const members = (mutation: 'addMembers' | 'removeMembers', groupId: string, ...userIds: readonly string[]) =>
  mutate(mutation, 'MembersInput', { groupId, userIds });
async function userOf(name: string): Promise<string> {
  const { edges } = await admin.do('query($part: String) { users(filter: { userNameContains: $part }) { edges { node { id } } } }', {
    part: `${name}@example.org`,
  });
  return edges[0].node.id;
}
const accountsOf = (name: string) => scim.users().filter((user) => user['userName'] === `${name}@example.org`);
async function settled(userId: string): Promise<void> {
  await until(async () => {
    const { edges } = await admin.do('query($id: ID!) { operations(filter: { userId: $id }) { edges { node { state } } } }', {
      id: userId,
    });
    return edges.every(({ node }: { node: { state: string } }) => !['PENDING', 'RUNNING'].includes(node.state));
  });
}
const lookedAgain = (): Promise<unknown> =>
  until(async () => {
    const { edges } = await admin.do('query { reevaluations(first: 50) { edges { node { state } } } }');
    return edges.every((edge: { node: { state: string } }) => edge.node.state === 'DONE');
  });
const isIn = async (browser: { get(url: string): Promise<{ readonly status: number }> }): Promise<boolean> =>
  (await browser.get(`${usher.url}/session`)).status === 200;

describe('a blocking login of somebody whom the rules deny', () => {
  it('is let in without an account, and the decision can be read', async () => {
    const { at, target } = await door({ blocking: true });
    await policy('Engineers only', onlyGroup(at, await group('Engineers')));
    const { browser } = await signInAs(at.loginUrl, signInWith, person(idp, 'dora'));
    expect([await isIn(browser), accountsOf('dora')]).toEqual([true, []]);
    const { edges } = await admin.do(
      'query($id: ID!) { ruleDecisions(filter: { targetId: $id }) { edges { node { answer permitted trigger details { ruleId policy { name version } } } } } }',
      { id: target.connectorId },
    );
    expect(edges.map((edge: any) => edge.node)).toEqual([
      {
        ...{ answer: 'DENY', permitted: false, trigger: 'LOGIN' },
        details: { ruleId: 'deny-the-others', policy: { name: 'Engineers only', version: 1 } },
      },
    ]);
  });

  it('is refused where only the provisioned may enter, and comes in, with the account, once they qualify', async () => {
    const { at } = await door({ blocking: true, requireProvisioned: true });
    const inner = await group('Inner circle');
    await policy('Inner circle only', onlyGroup(at, inner));
    const refused = await signInAs(at.loginUrl, signInWith, person(idp, 'ines'));
    expect([refused.page.status, await isIn(refused.browser)]).toEqual([403, false]);
    expect(refused.page.text).toContain('You are not admitted to this application.');
    await members('addMembers', inner, await userOf('ines'));
    const { browser } = await signInAs(at.loginUrl, signInWith, 'ines');
    expect([await isIn(browser), accountsOf('ines').length]).toEqual([true, 1]);
  });
});

it('a policy that comes to deny many people is published under the guard: their accounts wait for somebody to confirm', async () => {
  const { at, target } = await door({ blocking: true }, { guardCount: 1 });
  const all = { form: { template: 'EMAIL_DOMAIN', emailDomains: ['example.org'], serviceProviderIds: [at.id] } };
  await mutate('configureJustInTimeProvisioning', 'ConfigureJustInTimeProvisioningInput', {
    ...{ identityProviderId: signInWith, enabled: true },
    version: (await admin.do('query($id: ID!) { identityProvider(id: $id) { version } }', { id: signInWith })).version,
  });
  const { version } = await admin.do('query($id: ID!) { identityProvider(id: $id) { version } }', { id: signInWith });
  const attributeMappings = [{ federated: 'mail', local: 'email' }];
  await mutate('changeIdentityProvider', 'ChangeIdentityProviderInput', { id: signInWith, version, attributeMappings });
  const made = await policy('Everybody of example.org', all);
  const crowd = ['gus', 'gil', 'gwen'];
  for (const name of crowd) await signInAs(at.loginUrl, signInWith, person(idp, name));
  expect(crowd.map((name) => accountsOf(name).length)).toEqual([1, 1, 1]);
  const nobody = { form: { ...all.form, emailDomains: ['elsewhere.example'] } };
  const tried = await admin.do(decisions('TryPolicyOnEverybody'), { trial: { policyId: made.id, ...nobody }, first: 100 });
  expect(tried.counts).toMatchObject({ create: 0, end: 3 });
  const changed = await admin.do(policies('ChangePolicy'), { input: { id: made.id, version: made.version, ...nobody } });
  await admin.do(policies('PublishPolicy'), { input: { id: made.id, version: changed.version } });
  await lookedAgain();
  const { edges } = await admin.do('{ heldRemovals { edges { node { targetId count } } } }');
  expect(edges).toEqual([{ node: { targetId: target.connectorId, count: 3 } }]);
  expect(crowd.map((name) => accountsOf(name)[0]!['active'])).toEqual([true, true, true]);
});

describe('the role template of the original, unchanged but for its names', () => {
  it('provisions who has the role, ends the account of who loses it, and never keeps that of who is removed', async () => {
    const { at, name, portal } = await door({ blocking: true });
    const template = readFileSync('test/support/policies/provisioning-role-based.xml', 'utf8');
    const xml = template
      .replaceAll('SP_NAME', portal)
      .replaceAll('IDP_NAME', name)
      .replaceAll('ROLE_1', 'Builders')
      .replaceAll('ROLE_2', 'Planners');
    const builders = await group('Builders');
    await policy('Builders and planners', { xml });
    const { browser } = await signInAs(at.loginUrl, signInWith, person(idp, 'rob'));
    expect([await isIn(browser), accountsOf('rob')]).toEqual([true, []]);
    const rob = await userOf('rob');
    await members('addMembers', builders, rob);
    await settled(rob);
    expect(accountsOf('rob')).toMatchObject([{ active: true }]);
    // The original asks with PUT, denies, sends nothing, and leaves the account as it was.
    await members('removeMembers', builders, rob);
    await settled(rob);
    expect(accountsOf('rob')).toMatchObject([{ active: false }]);
    await members('addMembers', builders, rob);
    await settled(rob);
    expect(accountsOf('rob')).toMatchObject([{ active: true }]);
    // The original asks with DELETE, denies, and the account outlives its person.
    await mutate('removeUser', 'UserByIdInput', { id: rob });
    await settled(rob);
    expect(accountsOf('rob')).toMatchObject([{ active: false }]);
  });
});
