import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type OutboundRow, type ServiceProvider } from '../support/administer.ts';
import { createBrowser } from '../support/browser.ts';
import { simpleSamlPhpIsHere, startSimpleSamlPhp, whySimpleSamlPhpIsMissing, type SimpleSamlPhp } from '../support/simplesamlphp.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

if (!simpleSamlPhpIsHere) console.warn(`Skipped: ${whySimpleSamlPhpIsMissing}`);

type ScimServer = Awaited<ReturnType<typeof startScimServer>>;

describe.skipIf(!simpleSamlPhpIsHere)('a person who signs in through SimpleSAMLphp', () => {
  let usher: RunningUsher;
  let php: SimpleSamlPhp;
  let admin: Administrator;
  let identityProviderId: string;
  const servers: ScimServer[] = [];

  beforeAll(async () => {
    [usher, php] = await Promise.all([startUsher({ settings: { holdInRequestMs: 1_000 } }), startSimpleSamlPhp()]);
    admin = administer(usher);
    const added = await admin.addSamlIdentityProvider({
      name: 'SimpleSAMLphp',
      issuer: php.entityId,
      entryPoint: php.entryPoint,
      certificate: php.certificate,
      saml: { signRequests: true, logoutUrl: php.logoutUrl },
    });
    identityProviderId = added.id;
    const { saml, authenticator } = await admin.do(
      `query($id: ID!) { identityProvider(id: $id) { saml { entityId callbackUrl logoutUrl } authenticator { ... on SamlAuthenticator { ownCertificate { pem } } } } }`,
      { id: added.id },
    );
    await php.trust({
      entityId: saml.entityId,
      acs: saml.callbackUrl,
      logout: saml.logoutUrl,
      certificate: authenticator.ownCertificate.pem,
      sign: 'both',
      encrypt: true,
      requireSignedRequests: true,
    });
  });
  afterAll(async () => {
    await Promise.all([usher.close(), php.close(), ...servers.map((server) => server.close())]);
  });

  /** A service provider with one target of its own. */
  async function door(name: string, row: Omit<OutboundRow, 'target'>): Promise<{ scim: ScimServer; serviceProvider: ServiceProvider }> {
    const scim = await startScimServer();
    servers.push(scim);
    const target = await admin.addTarget({
      name,
      connectorType: 'scim2',
      config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
    });
    const serviceProvider = await admin.addServiceProvider({ name, signInWith: [identityProviderId] });
    await admin.configureOutbound(serviceProvider, [{ target, jitOutbound: true, ...row }]);
    return { scim, serviceProvider };
  }
  const enter = async (serviceProvider: ServiceProvider) => {
    const browser = createBrowser();
    return { browser, page: await php.signIn(browser, `${serviceProvider.loginUrl}/${identityProviderId}`, 'alice') };
  };
  const isSignedIn = async (browser: ReturnType<typeof createBrowser>) => (await browser.get(`${usher.url}/session`)).status === 200;
  const accountAppears = (scim: ScimServer) => expect.poll(() => scim.users().length, { timeout: 10_000 }).toBe(1);

  it('is held until the account exists', async () => {
    const { scim, serviceProvider } = await door('Held', { blocking: true });
    const { browser } = await enter(serviceProvider);
    expect(scim.users()).toHaveLength(1);
    expect(await isSignedIn(browser)).toBe(true);
  });
  it('is let in at once and provisioned in the background', async () => {
    const { scim, serviceProvider } = await door('Background', {});
    scim.latency(400);
    const { browser } = await enter(serviceProvider);
    expect(await isSignedIn(browser)).toBe(true);
    expect(scim.users()).toHaveLength(0);
    await accountAppears(scim);
  });
  it('is refused with a reference where the target refuses the account', async () => {
    const { scim, serviceProvider } = await door('Refused', { blocking: true });
    scim.fault('400', { method: 'POST' });
    const { browser, page } = await enter(serviceProvider);
    expect(page.text).toMatch(/[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}/);
    expect(await isSignedIn(browser)).toBe(false);
    expect(scim.users()).toHaveLength(0);
  });
  it('is refused when the deadline passes, and gets the account all the same', async () => {
    const { scim, serviceProvider } = await door('Timed out', { blocking: true, deadlineMs: 700 });
    scim.latency(1_200);
    const { browser, page } = await enter(serviceProvider);
    const last = await browser.waitOut(page);
    expect(last.text).toMatch(/[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}/);
    expect(await isSignedIn(browser)).toBe(false);
    await accountAppears(scim);
    // The next try finds it there and waits for nothing.
    const calls = scim.requests.length;
    await expect.poll(async () => isSignedIn((await enter(serviceProvider)).browser), { timeout: 10_000 }).toBe(true);
    expect(scim.requests.length).toBe(calls);
  });
  it('is shown a waiting page that goes on by itself', async () => {
    const { scim, serviceProvider } = await door('Resumed', { blocking: true });
    scim.latency(1_000);
    const { browser, page } = await enter(serviceProvider);
    expect(page.text).toContain('http-equiv="refresh"');
    expect(page.text).toContain('Resumed');
    await browser.waitOut(page);
    expect(scim.users()).toHaveLength(1);
    expect(await isSignedIn(browser)).toBe(true);
  });
});
