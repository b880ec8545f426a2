import { existsSync, mkdirSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type ServiceProvider } from '../support/administer.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

const executablePath = '/usr/bin/chromium';
const isHere = existsSync(executablePath);
if (!isHere) console.warn('Skipped: there is no Chromium at /usr/bin/chromium: apt-get install chromium');

/** Cookies, redirects, the posted assertion, content security policy and refreshing pages as a real browser has them. */
describe.skipIf(!isHere)('in a real browser', () => {
  let browser: Browser;
  let usher: RunningUsher;
  let idp: SamlIdentityProvider;
  let scim: Awaited<ReturnType<typeof startScimServer>>;
  let admin: Administrator;
  let door: ServiceProvider;

  beforeAll(async () => {
    [usher, idp, scim] = await Promise.all([
      startUsher({ settings: { holdInRequestMs: 300 } }),
      startSamlIdentityProvider(),
      startScimServer(),
    ]);
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    admin = administer(usher);
    const provider = await admin.addSamlIdentityProvider({
      name: 'Staff',
      issuer: idp.entityId,
      entryPoint: idp.entryPoint,
      certificate: idp.certificate,
    });
    const target = await admin.addTarget({
      name: 'Directory',
      connectorType: 'scim2',
      config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
    });
    door = await admin.addServiceProvider({
      name: 'Portal',
      signInWith: [provider.id],
      more: { passwordSignIn: true, selfRegistration: true },
    });
    await admin.configureOutbound(door, [{ target, blocking: true, jitOutbound: true }]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), usher.close(), idp.close(), scim.close()]);
  });

  /** A fresh browser with nothing kept; whatever its console complains of fails the test. */
  async function visit(work: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on(
      'console',
      (message) => message.type() === 'error' && !message.location().url.endsWith('/favicon.ico') && complaints.push(message.text()),
    );
    page.on('pageerror', (error) => complaints.push(error.message));
    try {
      await work(page);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }
  const picture = async (page: Page, name: string) => {
    const folder = process.env['USHER_TEST_PICTURES'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}.png` });
  };

  it('a person chooses how to sign in, waits on the waiting page and comes in by itself', async () => {
    scim.latency(1_200);
    await visit(async (page) => {
      await page.goto(door.loginUrl);
      await picture(page, 'chooser');
      await page.getByText('Staff').click();
      await page.locator('[name=user]').fill('alice');
      await page.locator('form').evaluate((form) => (form as unknown as { requestSubmit(): void }).requestSubmit());
      await page.getByText('Directory').waitFor();
      expect(page.url()).toContain('/login/attempts/');
      await picture(page, 'waiting');
      await page.waitForURL(`${usher.url}/session`, { timeout: 20_000 });
      expect(JSON.parse(await page.locator('body').innerText())).toMatchObject({ serviceProvider: { id: door.id } });
    });
    scim.latency(0);
    expect(scim.users()).toHaveLength(1);
  });

  it('a person who registered signs in with a password, and is told the same for a wrong name as for a wrong password', async () => {
    await admin.do(`mutation($input: RegisterUserInput!) { registerUser(input: $input) { __typename ... on Problem { message path } } }`, {
      input: { serviceProviderId: door.id, userName: 'carol@example.org', password: 'a long enough password' },
    });
    const signIn = async (page: Page, name: string, password: string) => {
      await page.goto(door.loginUrl);
      await page.locator('[name=userName]').fill(name);
      await page.locator('[name=password]').fill(password);
      await page.locator('[name=password]').press('Enter');
      await page.waitForLoadState('load');
    };
    await visit(async (page) => {
      await signIn(page, 'carol@example.org', 'a long enough password');
      await page.waitForURL(`${usher.url}/session`, { timeout: 20_000 });
    });
    const context = await browser.newContext();
    const page = await context.newPage();
    const texts = [];
    for (const name of ['carol@example.org', 'nobody@example.org']) {
      await signIn(page, name, 'not this one at all');
      texts.push((await page.locator('body').innerText()).replaceAll(/[0-9A-F-]{12,}/g, ''));
      await picture(page, 'wrong-password');
    }
    expect(texts[0]).toBe(texts[1]);
    expect((await page.goto(`${usher.url}/session`))!.status()).toBe(401);
    await context.close();
  });

  it('a refused person reads a sentence and a reference, and can try again', async () => {
    scim.fault('400', { method: 'POST', times: 10 });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(door.loginUrl);
    await page.getByText('Staff').click();
    await page.locator('[name=user]').fill('bob');
    await page.locator('form').evaluate((form) => (form as unknown as { requestSubmit(): void }).requestSubmit());
    await page.getByText(/[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}/).waitFor({ timeout: 20_000 });
    await picture(page, 'refused');
    expect(await page.locator('body').innerText()).not.toMatch(/Error|at \w+ \(|400/);
    scim.clear();
    await page.getByRole('link').first().click();
    await page.getByText('Staff').waitFor();
    await context.close();
  });
});
