import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IdentityProvider, ServiceProvider } from '../../src/domain/vocabulary.ts';
import { createBrowser } from '../support/browser.ts';
import { startLoginApp, type LoginApp } from '../support/login-app.ts';
import {
  simpleSamlPhpIsHere,
  startSimpleSamlPhp,
  whySimpleSamlPhpIsMissing,
  type SimpleSamlPhp,
  type TrustedServiceProvider,
} from '../support/simplesamlphp.ts';

if (!simpleSamlPhpIsHere) console.warn(`Skipped: ${whySimpleSamlPhpIsMissing}`);

describe.skipIf(!simpleSamlPhpIsHere)('signing in through SimpleSAMLphp', () => {
  let php: SimpleSamlPhp;
  let app: LoginApp;
  let provider: IdentityProvider;
  let payroll: ServiceProvider;

  beforeAll(async () => {
    php = await startSimpleSamlPhp();
    app = await startLoginApp();
    provider = await app.addIdentityProvider({
      issuer: php.entityId,
      entryPoint: php.entryPoint,
      certificates: [php.certificate],
      signRequests: true,
      logoutUrl: php.logoutUrl,
    });
    payroll = app.addServiceProvider({});
  });
  afterAll(async () => {
    await app.close();
    await php.close();
  });

  const trusted = (settings: Partial<TrustedServiceProvider>): TrustedServiceProvider => ({
    entityId: `${app.url}/saml/${provider.id}/metadata`,
    acs: `${app.url}/saml/${provider.id}/callback`,
    logout: `${app.url}/saml/${provider.id}/logout`,
    certificate: provider.authenticator!.ownCertificate!,
    sign: 'both',
    encrypt: false,
    requireSignedRequests: true,
    ...settings,
  });
  const startUrl = (): string => `${app.url}/login/${payroll.id}/${provider.id}`;

  test.each([
    ['the response signed', { sign: 'response' }],
    ['the assertion signed', { sign: 'assertion' }],
    ['both signed', { sign: 'both' }],
    ['the response signed and the assertion encrypted', { sign: 'response', encrypt: true }],
    ['both signed and the assertion encrypted', { sign: 'both', encrypt: true }],
  ] as const)('works with %s', async (_name, settings) => {
    await php.trust(trusted(settings));
    app.completed.length = 0;
    app.changeIdentityProvider(provider.id, { authenticator: { requireEncryption: 'encrypt' in settings } });
    const page = await php.signIn(createBrowser(), startUrl(), 'bob');
    expect(app.log).toEqual([]);
    expect(page.url).toBe(`${app.url}/session`);
    expect(app.completed).toMatchObject([
      {
        signIn: {
          issuer: php.entityId,
          subject: 'bob-0002',
          attributes: { mail: ['bob@example.test'], givenName: ['Bob & "Bobby" <b>'], groups: ['staff'] },
        },
      },
    ]);
  });

  test('ends the session there too', async () => {
    await php.trust(trusted({}));
    app.changeIdentityProvider(provider.id, { authenticator: { requireEncryption: false } });
    const browser = createBrowser();
    await php.signIn(browser, startUrl(), 'alice');
    const page = await browser.post(`${app.url}/logout`, {});
    expect(page.text).toContain('You are signed out');
    expect(page.via.some((url) => url.startsWith(php.logoutUrl))).toBe(true);
    // Without that, it would let alice in without asking.
    expect((await browser.get(startUrl())).text).toContain('name="password"');
  });

  test('is refused when it encrypts with CBC and signs the assertion alone', async () => {
    await php.trust(trusted({ sign: 'assertion', encrypt: true }));
    app.log.length = 0;
    expect((await php.signIn(createBrowser(), startUrl(), 'alice')).status).toBe(403);
    expect(app.log.at(-1)?.fields).toMatchObject({ fault: 'weak-algorithm' });
  });
});
