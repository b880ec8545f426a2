import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type ServiceProvider } from '../support/administer.ts';
import { createBrowser, type Browser } from '../support/browser.ts';
import { settledEvents } from '../support/events.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

let usher: RunningUsher;
let admin: Administrator;
let shop: ServiceProvider;
beforeAll(async () => {
  usher = await startUsher();
  admin = administer(usher);
  shop = await admin.addServiceProvider({ name: 'Shop', more: { passwordSignIn: true, selfRegistration: true } });
});
afterAll(() => usher.close());

const password = 'a password that is long';
const problem = '__typename ... on Problem { message path }';
const mutate = (name: string, input: string, given: object) =>
  admin.do(`mutation($input: ${input}!) { ${name}(input: $input) { ${problem} } }`, { input: given });
const register = async (userName: string): Promise<string> => {
  const document = `mutation($input: RegisterUserInput!) { registerUser(input: $input) { ${problem} ... on RegisteredUser { id } } }`;
  return (await admin.do(document, { input: { serviceProviderId: shop.id, userName, password } })).id;
};
const signIn = async (userName: string, typed = password): Promise<Browser> => {
  const browser = createBrowser();
  await browser.submit(await browser.get(shop.loginUrl), { userName, password: typed });
  return browser;
};
const session = async (browser: Browser): Promise<number> => (await browser.get(`${usher.url}/session`)).status;

describe('the form for a name and password', () => {
  it('takes a name that no database can keep for a wrong one', async () => {
    const browser = createBrowser();
    const page = await browser.submit(await browser.get(shop.loginUrl), { userName: 'a\u0000b', password });
    expect(page.status).toBe(401);
    expect(usher.log.filter((line) => line.includes('22021'))).toEqual([]);
  });

  it('tells the feed when too many wrong passwords lock a user out', async () => {
    const userId = await register('erin');
    for (let tries = 0; tries < 5; tries++) await signIn('erin', 'not the password');
    const { items } = await settledEvents(usher.app.database.reads(usher.tenantId), { after: null, first: 100, types: ['user.locked'] });
    expect(items.map((event) => event.userId)).toEqual([userId]);
  });

  it('takes so many passwords a minute from one address and no more', async () => {
    const narrow = await startUsher({ parts: { rateLimits: { known: 1000, unknown: 1000, passwords: 2 } } });
    try {
      const door = await administer(narrow).addServiceProvider({ name: 'Shop', more: { passwordSignIn: true } });
      const browser = createBrowser();
      const form = await browser.get(door.loginUrl);
      const statuses: number[] = [];
      for (let tries = 0; tries < 3; tries++) statuses.push((await browser.submit(form, { userName: 'ann', password })).status);
      expect(statuses).toEqual([401, 401, 429]);
      expect((await browser.get(door.loginUrl)).status).toBe(200);
    } finally {
      await narrow.close();
    }
  });
});

describe('sessions of a user', () => {
  it('end when the user is deactivated, and do not open again with the user', async () => {
    const userId = await register('ann');
    const [ann, other] = await Promise.all([signIn('ann'), signIn('ann')]);
    await register('bob');
    const bob = await signIn('bob');
    expect([await session(ann), await session(bob)]).toEqual([200, 200]);
    await mutate('deactivateUser', 'UserByIdInput', { id: userId });
    expect(await session(ann)).toBe(401);
    await mutate('reactivateUser', 'UserByIdInput', { id: userId });
    // Nobody asked for this one while the user was deactivated.
    expect(await session(other)).toBe(401);
    expect(await session(bob)).toBe(200);
  });

  it('end with a new password', async () => {
    const userId = await register('cleo');
    const cleo = await signIn('cleo');
    expect(await session(cleo)).toBe(200);
    await mutate('setUserPassword', 'SetUserPasswordInput', { userId, password: 'another password that is long' });
    expect(await session(cleo)).toBe(401);
    expect(await session(await signIn('cleo', 'another password that is long'))).toBe(200);
  });

  it('end with the user, of whom no password stays', async () => {
    const userId = await register('dirk');
    const dirk = await signIn('dirk');
    await mutate('removeUser', 'UserByIdInput', { id: userId });
    expect(await session(dirk)).toBe(401);
    const { rows } = await usher.app.database.query('select password_hash from "user" where id = $1', [userId]);
    expect(rows).toEqual([{ password_hash: null }]);
    const left = await usher.app.database.query('select sid from session where user_id = $1', [userId]);
    expect(left.rows).toEqual([]);
  });
});
