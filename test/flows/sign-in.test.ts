import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type ServiceProvider, type Target } from '../support/administer.ts';
import { createBrowser } from '../support/browser.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

type ScimServer = Awaited<ReturnType<typeof startScimServer>>;
let usher: RunningUsher;
let idp: SamlIdentityProvider;
let scim: ScimServer;
let admin: Administrator;
let target: Target;
let signInWith: string;
let held: ServiceProvider;
let background: ServiceProvider;
let customers: ServiceProvider;

beforeAll(async () => {
  [usher, idp, scim] = await Promise.all([startUsher(), startSamlIdentityProvider(), startScimServer()]);
  admin = administer(usher);
  signInWith = (
    await admin.addSamlIdentityProvider({ name: 'Staff', issuer: idp.entityId, entryPoint: idp.entryPoint, certificate: idp.certificate })
  ).id;
  target = await admin.addTarget({
    name: 'Directory',
    connectorType: 'scim2',
    config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
  });
  held = await admin.addServiceProvider({ name: 'Employees', signInWith: [signInWith] });
  background = await admin.addServiceProvider({ name: 'Intranet', signInWith: [signInWith] });
  customers = await admin.addServiceProvider({ name: 'Customers', signInWith: [signInWith] });
  await admin.configureOutbound(held, [{ target, blocking: true, jitOutbound: true }]);
  await admin.configureOutbound(background, [{ target, jitOutbound: true }]);
});
afterAll(async () => {
  await Promise.all([usher.close(), idp.close(), scim.close()]);
});

function person(name: string) {
  idp.people.set(name, {
    name,
    nameId: `${name}@example.org`,
    attributes: { givenName: name, sn: 'Example', mail: `${name}@example.org` },
  });
  return name;
}

async function signIn(serviceProvider: ServiceProvider, name: string) {
  const browser = createBrowser();
  const form = await browser.get(`${serviceProvider.loginUrl}/${signInWith}`);
  const posting = await browser.submit(form, { user: name });
  const page = await browser.submit(posting);
  return { browser, page };
}
const accountsOf = (name: string) => scim.users().filter((user) => user['userName'] === `${name}@example.org`);
async function until(what: () => boolean | Promise<boolean>, ms = 5_000) {
  const end = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('signing in through a SAML identity provider', () => {
  it('is held until the account exists where the row is blocking', async () => {
    const { page, browser } = await signIn(held, person('ada'));
    expect(accountsOf('ada')).toHaveLength(1);
    expect(page.status).toBe(200);
    const session = JSON.parse((await browser.get(`${usher.url}/session`)).text);
    expect(session).toMatchObject({ user: { userName: 'ada@example.org' } });
  });
  it('opens at once where the row is not blocking, and a worker makes the account', async () => {
    scim.latency(150);
    const { browser } = await signIn(background, person('bob'));
    expect(accountsOf('bob')).toHaveLength(0);
    expect((await browser.get(`${usher.url}/session`)).status).toBe(200);
    await until(() => accountsOf('bob').length === 1);
    scim.latency(0);
  });
  it('only stores the person where the service provider has no outbound rows', async () => {
    const { browser } = await signIn(customers, person('eve'));
    expect((await browser.get(`${usher.url}/session`)).status).toBe(200);
    const users = await admin.do(`{ users(filter: { userNameContains: "eve@" }) { edges { node { userName } } } }`);
    expect(users.edges).toHaveLength(1);
    expect(accountsOf('eve')).toHaveLength(0);
  });
  it.each([
    ['of three hundred characters', `${'x'.repeat(300)}@example.org`],
    ['with a control character', 'zo\u007fe@example.org'],
  ])('makes no user of a name %s', async (_what, nameId) => {
    idp.people.set('zoe', { name: 'zoe', nameId, attributes: {} });
    const { page, browser } = await signIn(customers, 'zoe');
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('its name cannot be one')]);
    expect((await browser.get(`${usher.url}/session`)).status).toBe(401);
  });
  it('costs no call where the account is already right', async () => {
    await signIn(held, person('cleo'));
    // Connectors are tried in the background after they were saved.
    await until(async () => {
      const { edges } = await admin.do('{ provisioningConnectors { edges { node { lastCheck { at } } } } }');
      return edges.every(({ node }: any) => node.lastCheck !== null);
    });
    const before = scim.requests.length;
    const { browser } = await signIn(held, 'cleo');
    expect((await browser.get(`${usher.url}/session`)).status).toBe(200);
    expect(scim.requests.length).toBe(before);
  });
  it('comes in as the user who is there already, once an administrator linked the identity', async () => {
    const user = await admin.do(`mutation { createUser(input: { userName: "grace" }) { ... on User { id } } }`);
    const link = `mutation($input: LinkIdentityInput!) { linkIdentity(input: $input) { ... on Identity { id } ... on Problem { message path } } }`;
    const input = { userId: user.id, identityProviderId: signInWith, subject: 'grace@example.org' };
    const identity = await admin.do(link, { input });
    const come = async () => {
      const { browser } = await signIn(customers, person('grace'));
      const page = await browser.get(`${usher.url}/session`);
      return page.status === 200 ? JSON.parse(page.text).user.id : page.status;
    };
    expect(await come()).toBe(user.id);
    const other = await admin.do(`mutation { createUser(input: { userName: "hopper" }) { ... on User { id } } }`);
    await expect(admin.do(link, { input: { ...input, userId: other.id } })).rejects.toThrow('known by this subject already');
    await admin.do(
      `mutation($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { ... on Identity { id } ... on Problem { message path } } }`,
      {
        input: { id: identity.id },
      },
    );
    expect(await come()).not.toBe(user.id);
  });
});
