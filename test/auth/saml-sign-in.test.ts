import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IdentityProvider, ServiceProvider } from '../../src/domain/vocabulary.ts';
import { createBrowser, formOf, type Browser } from '../support/browser.ts';
import { startLoginApp, type LoginApp } from '../support/login-app.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';

let idp: SamlIdentityProvider;
let app: LoginApp;
let provider: IdentityProvider;
let payroll: ServiceProvider;
const startUrl = (): string => `${app.url}/login/${payroll.id}/${provider.id}`;

beforeAll(async () => {
  idp = await startSamlIdentityProvider();
  app = await startLoginApp();
  provider = await app.addIdentityProvider({ issuer: idp.entityId, entryPoint: idp.entryPoint, certificates: [idp.certificate] });
  payroll = app.addServiceProvider({ returnUrls: [`${app.url}/session?app=1`, 'https://app.example.test/pages/'] });
});
afterAll(async () => {
  await app.close();
  await idp.close();
});
beforeEach(() => {
  app.completed.length = 0;
  app.refused.length = 0;
  app.log.length = 0;
  app.house = { ...app.usualHouse };
  app.changeIdentityProvider(provider.id, {
    enabled: true,
    authenticator: {
      signRequests: false,
      requireEncryption: false,
      subjectAttribute: null,
      logoutUrl: null,
      certificates: [idp.certificate],
    },
  });
});

describe('signing in with SAML', () => {
  test('a person signs in through the login form and the session tells who they are', async () => {
    const browser = createBrowser();
    const chooser = await browser.get(`${app.url}/login/${payroll.id}`);
    expect(chooser.text).toContain('Sign in to Payroll');
    const way = /<a class="choice" href="([^"]+)">Corporate login/.exec(chooser.text)![1]!;
    const form = await browser.get(way);
    const posted = await browser.submit(form, { user: 'alice' });
    const session = await browser.submit(posted);
    expect(session.url).toBe(`${app.url}/session`);
    expect(JSON.parse(session.text)).toMatchObject({
      user: { userName: 'alice-0001' },
      serviceProvider: { id: payroll.id, name: 'Payroll' },
    });
    expect(app.completed).toMatchObject([
      {
        tenantId: app.tenantId,
        serviceProviderId: payroll.id,
        returnTo: null,
        signIn: {
          kind: 'federated',
          identityProviderId: provider.id,
          issuer: idp.entityId,
          subject: 'alice-0001',
          attributes: { mail: ['alice@example.test'], groups: ['staff', 'design'] },
        },
      },
    ]);
  });

  test('an attribute without values is absent', async () => {
    idp.next({ person: 'carol' });
    await createBrowser().signIn(startUrl());
    const { signIn } = app.completed[0]!;
    expect(signIn.kind === 'federated' && Object.keys(signIn.attributes)).toEqual(['mail', 'givenName', 'sn']);
  });

  test('somebody in a thousand groups comes in, with sections and numbered characters in their names', async () => {
    const groups = Array.from({ length: 1_000 }, (_, i) => `cn=group ${i},ou=groups`);
    const attributesXml =
      `<saml:AttributeStatement><saml:Attribute Name="groups">${groups
        .map((group) => `\n<saml:AttributeValue xmlns:xs="urn:xs" xmlns:xsi="urn:xsi" xsi:type="xs:string">${group}</saml:AttributeValue>`)
        .join('')}</saml:Attribute>` +
      `<saml:Attribute Name="cn"><saml:AttributeValue><![CDATA[A </b> C]]>&#246;&#xA;&#x1F600;</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`;
    idp.next({ person: 'alice', wrong: { attributesXml } });
    await createBrowser().signIn(startUrl());
    const { signIn } = app.completed[0]!;
    expect(signIn.kind === 'federated' && signIn.attributes).toEqual({ groups, cn: ['A </b> C\u00f6\n\u{1f600}'] });
  });

  test('values of one attribute are gathered, once each; nested, nil and empty ones are left out', async () => {
    const nested = '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">pairwise-9</saml:NameID>';
    const attribute = (name: string, ...values: readonly string[]): string =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`;
    idp.next({
      person: 'alice',
      wrong: {
        attributesXml:
          `<saml:AttributeStatement>${attribute('role', 'a', 'b', 'a')}${attribute('empty', '')}${attribute('role', 'c')}` +
          `${attribute('eptid', nested)}${attribute('object', '<x>1</x><y>2</y>')}${attribute('spaced', '\n   value\n ')}${attribute('__proto__', 'p')}` +
          `<saml:Attribute Name="nil"><saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></saml:Attribute></saml:AttributeStatement>` +
          `<saml:AttributeStatement>${attribute('second', 'x &lt;b&gt;')}</saml:AttributeStatement>`,
      },
    });
    await createBrowser().signIn(startUrl());
    const { signIn } = app.completed[0]!;
    expect(signIn.kind === 'federated' && Object.entries(signIn.attributes)).toEqual([
      ['role', ['a', 'b', 'c']],
      ['eptid', ['pairwise-9']],
      ['spaced', ['value']],
      ['__proto__', ['p']],
      ['second', ['x <b>']],
    ]);
  });

  test.each(['response', 'assertion', 'both'] as const)('a response is accepted with this signed: %s', async (sign) => {
    idp.next({ person: 'alice', wrong: { sign } });
    const page = await createBrowser().signIn(startUrl());
    expect(page.status).toBe(200);
    expect(app.completed).toHaveLength(1);
  });

  test.each(['response', 'assertion', 'both'] as const)('an encrypted assertion is accepted with this signed: %s', async (sign) => {
    app.changeIdentityProvider(provider.id, { authenticator: { requireEncryption: true } });
    idp.next({ person: 'alice', wrong: { sign, encryptTo: provider.authenticator!.ownCertificate! } });
    const page = await createBrowser().signIn(startUrl());
    expect(page.status).toBe(200);
    expect(app.completed).toMatchObject([{ signIn: { subject: 'alice-0001' } }]);
  });

  test('any of several certificates may have signed', async () => {
    app.changeIdentityProvider(provider.id, {
      authenticator: { certificates: [provider.authenticator!.ownCertificate!, idp.certificate] },
    });
    idp.next({ person: 'bob' });
    expect((await createBrowser().signIn(startUrl())).status).toBe(200);
  });

  test('requests are signed with SHA-256 where that is set, and the identity provider finds the key in our metadata', async () => {
    app.changeIdentityProvider(provider.id, { authenticator: { signRequests: true } });
    const strict = await startSamlIdentityProvider({ keys: { certificate: idp.certificate, privateKey: idp.privateKey } });
    try {
      app.changeIdentityProvider(provider.id, { authenticator: { issuer: strict.entityId, entryPoint: strict.entryPoint } });
      strict.next({ person: 'alice' });
      expect((await createBrowser().signIn(startUrl())).status).toBe(200);
      expect(strict.requests).toMatchObject([
        { signed: true, issuer: `${app.url}/saml/${provider.id}/metadata`, acs: `${app.url}/saml/${provider.id}/callback` },
      ]);
    } finally {
      app.changeIdentityProvider(provider.id, { authenticator: { issuer: idp.entityId, entryPoint: idp.entryPoint } });
      await strict.close();
    }
  });

  test('the subject may be an attribute, if it has exactly one value', async () => {
    app.changeIdentityProvider(provider.id, { authenticator: { subjectAttribute: 'mail' } });
    idp.next({ person: 'alice' });
    await createBrowser().signIn(startUrl());
    expect(app.completed).toMatchObject([{ signIn: { subject: 'alice@example.test' } }]);
    app.changeIdentityProvider(provider.id, { authenticator: { subjectAttribute: 'groups' } });
    idp.next({ person: 'alice' });
    expect((await createBrowser().signIn(startUrl())).status).toBe(403);
    expect(app.log.at(-1)?.fields).toMatchObject({ fault: 'subject' });
  });

  test('two tabs sign in side by side', async () => {
    const browser = createBrowser();
    const first = await browser.get(startUrl());
    const second = await browser.get(startUrl());
    const secondDone = await browser.submit(await browser.submit(second, { user: 'bob' }));
    const firstDone = await browser.submit(await browser.submit(first, { user: 'alice' }));
    expect([secondDone.status, firstDone.status]).toEqual([200, 200]);
    expect(app.completed.map((one) => one.signIn.kind === 'federated' && one.signIn.subject)).toEqual(['bob-0002', 'alice-0001']);
  });

  test('a browser that begins over and over carries no more than a request has room for', async () => {
    const browser = createBrowser();
    const allowed = `${app.url}/session?`;
    const returnTo = encodeURIComponent(allowed + 'x'.repeat(500 - allowed.length));
    const far = app.addServiceProvider({ returnUrls: [`${app.url}/`] });
    const start = `${app.url}/login/${far.id}/${provider.id}?returnTo=${returnTo}`;
    for (let i = 0; i < 50; i++) expect((await browser.get(start, { stay: true })).status).toBe(302);
    expect(cookieHeader(browser).length).toBeLessThan(6_200);
    idp.next({ person: 'bob' });
    expect((await browser.signIn(start)).url).toContain('xxx');
  });

  test('logins that are held make room for one another, and are not pushed out by new ones', async () => {
    const browser = createBrowser();
    const user = await app.addUser('held', 'a long enough password');
    app.house.complete = async (input) => app.heldFor(user, input);
    for (let i = 0; i < 12; i++) {
      const posted = await browser.submit(await browser.get(startUrl()), { user: 'bob' });
      await browser.submit(posted, {}, { stay: true });
    }
    const held = () => [...browser.cookies('127.0.0.1').keys()].filter((name) => name.startsWith('usher-held-'));
    const last = held();
    expect(last.length).toBeGreaterThanOrEqual(2);
    for (let i = 0; i < 30; i++) await browser.get(startUrl(), { stay: true });
    expect(held()).toEqual(last);
    expect(cookieHeader(browser).length).toBeLessThan(6_200);
  });

  test('a return address of more than 500 characters is as none', async () => {
    idp.next({ person: 'alice' });
    const long = encodeURIComponent(`${app.url}/session?app=${'x'.repeat(500)}`);
    expect((await createBrowser().signIn(`${startUrl()}?returnTo=${long}`)).url).toBe(`${app.url}/session`);
  });

  test.each([
    ['cross-site', 'image', 403],
    ['same-site', 'iframe', 403],
    ['cross-site', 'document', 302],
    ['same-origin', 'empty', 302],
    ['none', 'document', 302],
  ])('a start from %s for %s gets %i', async (site, destination, status) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-dest': destination };
    const page = await createBrowser().get(startUrl(), { stay: true, headers });
    expect([page.status, page.headers.has('set-cookie')]).toEqual([status, status === 302]);
  });

  test('a session that was there before is not gone on with', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    await browser.signIn(startUrl());
    const before = browser.cookies('127.0.0.1').get('usher-session');
    idp.next({ person: 'bob' });
    await browser.signIn(startUrl());
    expect(browser.cookies('127.0.0.1').get('usher-session')).not.toBe(before);
    expect(JSON.parse((await browser.get(`${app.url}/session`)).text)).toMatchObject({ user: { userName: 'bob-0002' } });
  });

  test('a return address goes with the login, if the service provider allows it', async () => {
    const allowed = encodeURIComponent(`${app.url}/session?app=1`);
    idp.next({ person: 'alice' });
    expect((await createBrowser().signIn(`${startUrl()}?returnTo=${allowed}`)).url).toBe(`${app.url}/session?app=1`);
    idp.next({ person: 'alice' });
    expect((await createBrowser().signIn(`${startUrl()}?returnTo=${encodeURIComponent('https://evil.example.test/')}`)).url).toBe(
      `${app.url}/session`,
    );
    expect(app.completed.map((one) => one.returnTo)).toEqual([`${app.url}/session?app=1`, null]);
  });

  test('an identity provider that is switched off, or not of this service provider, is not asked', async () => {
    const other = app.addServiceProvider({ signInIdentityProviderIds: [] });
    expect((await createBrowser().get(`${app.url}/login/${other.id}/${provider.id}`)).status).toBe(403);
    app.changeIdentityProvider(provider.id, { enabled: false });
    const page = await createBrowser().get(startUrl());
    expect(page.status).toBe(403);
    expect(page.text).toContain('switched off');
    expect(page.text).toMatch(/<code>[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}<\/code>/);
  });

  test('metadata names our addresses and our certificate twice', async () => {
    const page = await createBrowser().get(`${app.url}/saml/${provider.id}/metadata`);
    expect(page.headers.get('content-type')).toContain('application/samlmetadata+xml');
    expect(page.text).toContain(`entityID="${page.url}"`);
    expect(page.text).toContain(`Location="${app.url}/saml/${provider.id}/callback"`);
    expect(page.text.match(/use="(signing|encryption)"/g)).toHaveLength(2);
    expect(page.text).toContain('AuthnRequestsSigned="false"');
    expect(page.text).not.toContain('PRIVATE');
  });

  test('unknown ids and malformed ones give the same fixed page', async () => {
    for (const path of [
      '/login/nothing',
      '/login/00000000-0000-7000-8000-000000000000',
      '/saml/%27/metadata',
      `/login/${payroll.id}/x`,
      '/login/attempts/1',
      '/login/%ff',
    ]) {
      const page = await createBrowser().get(app.url + path);
      expect([404, 400]).toContain(page.status);
      expect(page.text).toMatch(/<code>[0-9A-F-]+<\/code>/);
      expect(page.text).not.toMatch(/at .*\.ts|Error/);
    }
  });
});

describe('a held login', () => {
  test('waits on its own page, for this browser only, and goes on when the door opens', async () => {
    const held: { outcome?: ReturnType<LoginApp['heldFor']> } = {};
    app.house.complete = async (input) => (held.outcome = app.heldFor(await someone(), input));
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    const waiting = await browser.signIn(startUrl());
    // Its house knows nothing of it any more, so the way leads back to the beginning.
    expect(waiting.text).toContain('Please begin here');
    const { attempt } = held.outcome!;
    expect(waiting.url).toBe(`${app.url}/login/attempts/${attempt.id}`);

    app.house.resume = async () => held.outcome!;
    app.house.complete = async (input) => (held.outcome = app.heldFor(await someone(), input));
    idp.next({ person: 'alice' });
    const page = await browser.signIn(startUrl());
    expect(page.status).toBe(200);
    expect(page.text).toContain('<meta http-equiv="refresh" content="2"');
    expect(page.text).toContain('Google &#60;Workspace&#62;: being prepared');
    expect(app.resumed.at(-1)).toMatchObject({ loginAttemptId: held.outcome!.attempt.id, browserHash: held.outcome!.attempt.browserHash });

    expect((await createBrowser().get(page.url)).status).toBe(404);
    expect((await browser.get(`${app.url}/session`)).status).toBe(401);

    const user = await someone();
    const { id } = held.outcome!.attempt;
    app.house.resume = async () =>
      ({ ...app.openedFor(user, { serviceProviderId: payroll.id, returnTo: null }), loginAttemptId: id }) as never;
    const open = await browser.waitOut(page);
    expect(open.url).toBe(`${app.url}/session`);
    expect(open.status).toBe(200);
    // Asked once more, the page leads to where the session is.
    expect((await browser.get(page.url)).url).toBe(`${app.url}/session`);
  });

  test('that is refused shows fixed words, a reference and a way to try again', async () => {
    app.house.complete = async () => ({ kind: 'refused', reason: 'deadline-passed', reference: 'ABCD-1234-EF56' });
    idp.next({ person: 'alice' });
    const page = await createBrowser().signIn(startUrl());
    expect(page.status).toBe(403);
    expect(page.text).toContain('longer than it should');
    expect(page.text).toContain('ABCD-1234-EF56');
    expect(page.text).toContain(`href="${app.url}/login/${payroll.id}"`);
  });

  test('a failure inside shows a number and no more', async () => {
    app.house.complete = async () => Promise.reject(new Error('relation "user" does not exist'));
    idp.next({ person: 'alice' });
    const page = await createBrowser().signIn(startUrl());
    expect(page.status).toBe(500);
    expect(page.text).not.toContain('relation');
    const reference = /<code>([^<]+)<\/code>/.exec(page.text)![1]!;
    expect(app.log.find((line) => line.fields['reference'] === reference)?.fact).toBe('A login route failed');
  });
});

describe('signing out', () => {
  test('ends the session here and at the identity provider', async () => {
    app.changeIdentityProvider(provider.id, { authenticator: { logoutUrl: idp.logoutUrl } });
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    await browser.signIn(startUrl());
    const page = await browser.post(`${app.url}/logout`, {});
    expect(page.text).toContain('You are signed out');
    expect(page.via.some((url) => url.startsWith(idp.logoutUrl))).toBe(true);
    expect(idp.logouts).toMatchObject([{ signed: true }]);
    expect(idp.logouts[0]?.xml).toContain('>alice-0001<');
    expect((await browser.get(`${app.url}/session`)).status).toBe(401);
  });

  test('leads back to the application where it asks for an allowed address', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    await browser.signIn(startUrl());
    const page = await browser.post(
      `${app.url}/logout`,
      { returnTo: 'https://app.example.test/pages/bye' },
      { from: 'https://app.example.test/', stay: true },
    );
    expect(page.headers.get('location')).toBe('https://app.example.test/pages/bye');
  });

  test('is not done for a page of somebody else, nor for a request that does not say where it comes from', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    await browser.signIn(startUrl());
    expect((await browser.post(`${app.url}/logout`, {}, { from: 'https://evil.example.test/' })).status).toBe(403);
    expect((await fetch(`${app.url}/logout`, { method: 'POST', headers: { cookie: cookieHeader(browser) } })).status).toBe(403);
    expect((await browser.get(`${app.url}/session`)).status).toBe(200);
    expect((await fetch(`${app.url}/logout`)).status).toBe(404);
  });

  test('of somebody switched off happens by asking for the session', async () => {
    const browser = createBrowser();
    idp.next({ person: 'bob' });
    await browser.signIn(startUrl());
    const stored = app.users.get('bob-0002')!;
    stored.user = { ...stored.user, active: false };
    expect((await browser.get(`${app.url}/session`)).status).toBe(401);
    stored.user = { ...stored.user, active: true };
    expect((await browser.get(`${app.url}/session`)).status).toBe(401);
  });
});

describe('pages and cookies', () => {
  test('pages are closed to scripts, frames and caches', async () => {
    const page = await createBrowser().get(`${app.url}/login/${payroll.id}`);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${app.url} https://app.example.test`);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).not.toContain('<script');
  });

  test('names are escaped wherever they stand', async () => {
    const hostile = app.addServiceProvider({ name: '<img src=x onerror=alert(1)>"\'' });
    const page = await createBrowser().get(`${app.url}/login/${hostile.id}?returnTo="><script>`);
    expect(page.text).not.toContain('<img');
    expect(page.text).not.toContain('<script');
  });

  test('behind TLS, cookies are bound to the host, and the one for the answer comes along across sites', async () => {
    const secure = await startLoginApp({ publicUrl: 'https://door.example.test/usher' });
    const one = await secure.addIdentityProvider({ issuer: idp.entityId, entryPoint: idp.entryPoint, certificates: [idp.certificate] });
    const application = secure.addServiceProvider({});
    const response = await fetch(`${secure.url}/login/${application.id}/${one.id}`, { redirect: 'manual' });
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(
      /^__Host-usher-login-_[0-9a-f]{40}=[\w-]+; Max-Age=900; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=None$/,
    );
    expect(response.headers.get('location')).toContain(`${idp.entryPoint}?SAMLRequest=`);
    await secure.close();
  });

  test('the form for the identity provider posts to us and nowhere else', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    const page = await browser.get(startUrl());
    expect(formOf(page).action).toBe(`${app.url}/saml/${provider.id}/callback`);
  });

  test('the router works below a path of somebody else’s application', async () => {
    const mounted = await startLoginApp({ mountedAt: '/door' });
    const one = await mounted.addIdentityProvider({ issuer: idp.entityId, entryPoint: idp.entryPoint, certificates: [idp.certificate] });
    const application = mounted.addServiceProvider({});
    idp.next({ person: 'alice' });
    const page = await createBrowser().signIn(`${mounted.url}/login/${application.id}/${one.id}`);
    expect(page.url).toBe(`${mounted.url}/session`);
    expect(page.status).toBe(200);
    await mounted.close();
  });
});

async function someone() {
  return app.users.get('eve')?.user ?? app.addUser('eve', 'a long enough password');
}

const cookieHeader = (browser: Browser) => [...browser.cookies('127.0.0.1')].map(([name, value]) => `${name}=${value}`).join('; ');
