import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceProvider } from '../../src/domain/vocabulary.ts';
import { createBrowser, type Page } from '../support/browser.ts';
import { startLoginApp, type LoginApp } from '../support/login-app.ts';

let app: LoginApp;
let shop: ServiceProvider;
const loginUrl = (): string => `${app.url}/login/${shop.id}`;

beforeAll(async () => {
  app = await startLoginApp();
  shop = app.addServiceProvider({ name: 'Shop', passwordSignIn: true, returnUrls: ['https://shop.example.test/'] });
  await app.addUser('dora', 'a long enough password');
});
afterAll(() => app.close());
beforeEach(() => {
  app.completed.length = 0;
  for (const stored of app.users.values()) stored.wrong = 0;
});

async function signIn(userName: string, password: string): Promise<Page> {
  const browser = createBrowser();
  return browser.submit(await browser.get(loginUrl()), { userName, password });
}

describe('signing in with a password', () => {
  test('opens a session', async () => {
    const page = await signIn('dora', 'a long enough password');
    expect(page.url).toBe(`${app.url}/session`);
    expect(JSON.parse(page.text)).toMatchObject({ user: { userName: 'dora' }, serviceProvider: { name: 'Shop' } });
    expect(app.completed).toMatchObject([
      { signIn: { kind: 'password', userId: app.users.get('dora')!.user.id }, serviceProviderId: shop.id },
    ]);
    expect(app.completed[0]?.browserHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('takes an allowed return address along', async () => {
    const browser = createBrowser();
    const form = await browser.get(`${loginUrl()}?returnTo=${encodeURIComponent('https://shop.example.test/cart')}`);
    const page = await browser.submit(form, { userName: 'dora', password: 'a long enough password' }, { stay: true });
    expect(page.headers.get('location')).toBe('https://shop.example.test/cart');
  });

  test('answers a wrong name, a wrong password and a locked account with the same page', async () => {
    const wrongPassword = await signIn('dora', 'not the password');
    const wrongName = await signIn('nobody', 'not the password');
    for (let i = 0; i < 5; i++) await signIn('dora', 'not the password');
    const locked = await signIn('dora', 'a long enough password');
    expect([wrongPassword, wrongName, locked].map((page) => page.status)).toEqual([401, 401, 401]);
    expect(wrongName.text).toBe(wrongPassword.text);
    expect(locked.text).toBe(wrongPassword.text);
    expect(wrongName.text).toContain('That did not work.');
    expect(app.completed).toEqual([]);
  });

  test('a right password clears the count, and while locked nothing is counted', async () => {
    const stored = app.users.get('dora')!;
    for (let i = 0; i < 4; i++) await signIn('dora', 'not the password');
    expect(stored.wrong).toBe(4);
    await signIn('dora', 'a long enough password');
    expect(stored.wrong).toBe(0);
    stored.wrong = 5;
    await signIn('dora', 'not the password');
    expect(stored.wrong).toBe(5);
  });

  test('somebody without a password is not let in with an empty one', async () => {
    app.users.get('dora')!.hash = null;
    expect((await signIn('dora', '')).status).toBe(401);
    await app.addUser('dora', 'a long enough password');
  });

  test('is for our own form only', async () => {
    const fields = { userName: 'dora', password: 'a long enough password' };
    const browser = createBrowser();
    expect((await browser.post(`${loginUrl()}/password`, fields, { from: 'https://evil.example.test/' })).status).toBe(403);
    expect((await browser.post(`${loginUrl()}/password`, fields, { from: 'https://shop.example.test/' })).status).toBe(403);
    expect((await fetch(`${loginUrl()}/password`, { method: 'POST', body: new URLSearchParams(fields) })).status).toBe(403);
    expect(app.completed).toEqual([]);
  });

  test('is not there where the service provider does not allow it', async () => {
    const other = app.addServiceProvider({ passwordSignIn: false });
    const page = await createBrowser().post(`${app.url}/login/${other.id}/password`, {
      userName: 'dora',
      password: 'a long enough password',
    });
    expect(page.status).toBe(404);
    expect((await createBrowser().get(`${app.url}/login/${other.id}`)).text).not.toContain('type="password"');
  });

  test('a database that fails is not told as a wrong password', async () => {
    app.house.complete = async () => Promise.reject(new Error('gone'));
    expect((await signIn('dora', 'a long enough password')).status).toBe(500);
    app.house = { ...app.usualHouse };
  });

  test('a form that is too large is answered with the fixed page', async () => {
    expect((await signIn('dora', 'x'.repeat(20_000))).status).toBe(413);
  });
});
