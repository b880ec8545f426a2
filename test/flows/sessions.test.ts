import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, type Administrator, type ServiceProvider } from '../support/administer.ts';
import type { UserId } from '../../src/domain/vocabulary.ts';
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
const listed = (filter: object = {}) =>
  admin.do(
    `query($filter: SessionFilter) { sessions(filter: $filter) { totalCount edges { node {
       id kind userId signedInAt expiresAt user { userName } serviceProvider { name } loginAttempt { id state } administrator { id } } } } }`,
    { filter },
  );
const events = async (types: readonly string[], userId: string) =>
  (await settledEvents(usher.app.database.reads(usher.tenantId), { after: null, first: 100, types, userId: userId as UserId })).items;
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

  it('are listed while they are alive, with who is in them and no word of the cookie', async () => {
    const userId = await register('fay');
    const fay = await signIn('fay');
    const { signedInAt, user } = JSON.parse((await fay.get(`${usher.url}/session`)).text);
    expect(user.id).toBe(userId);
    const found = await listed({ userId, serviceProviderId: shop.id, kind: 'USER' });
    expect(found.totalCount).toBe(1);
    const { node } = found.edges[0];
    expect(node).toMatchObject({
      kind: 'USER',
      userId,
      user: { userName: 'fay' },
      serviceProvider: { name: 'Shop' },
      loginAttempt: { state: 'OPENED' },
      administrator: null,
    });
    expect(Math.abs(Date.parse(node.signedInAt) - Date.parse(signedInAt))).toBeLessThan(5_000);
    expect(Date.parse(node.expiresAt)).toBeGreaterThan(Date.now());
    const { rows } = await usher.app.database.query('select sid, sess::text as sess from session where user_id = $1', [userId]);
    expect(JSON.stringify(found)).not.toContain(String(rows[0]?.['sid']));
    // The id opens nothing, signed or not.
    const thief = createBrowser();
    thief.setCookie('127.0.0.1', 'usher-session', node.id);
    expect(await session(thief)).toBe(401);
    expect((await listed({ userId, serviceProviderId: userId })).totalCount).toBe(0);
    await usher.app.database.query(`update session set expire = now() - interval '1 second' where user_id = $1`, [userId]);
    expect((await listed({ userId })).totalCount).toBe(0);
  });

  it('are paged by key, newest first', async () => {
    const userId = await register('gus');
    for (let time = 0; time < 3; time++) await signIn('gus');
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const page: any = await admin.do(
        `query($userId: ID!, $after: String) { sessions(first: 2, after: $after, filter: { userId: $userId }) {
           edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
        { userId, after },
      );
      ids.push(...page.edges.map((edge: any) => edge.node.id));
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(ids).toHaveLength(3);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it('are ended one by one, with an event', async () => {
    const userId = await register('hal');
    const first = await signIn('hal');
    const second = await signIn('hal');
    const [newest, oldest] = (await listed({ userId })).edges.map((edge: any) => edge.node.id);
    const end = `mutation($input: EndSessionInput!) { endSession(input: $input) { ${problem} ... on Removed { id } } }`;
    expect(await admin.do(end, { input: { id: oldest } })).toEqual({ __typename: 'Removed', id: oldest });
    expect([await session(first), await session(second)]).toEqual([401, 200]);
    const [event] = await events(['user.session-ended'], userId);
    expect(event?.payload).toEqual({ sessionId: oldest, serviceProviderId: shop.id, by: 'api-token' });
    await expect(admin.do(end, { input: { id: oldest } })).rejects.toThrow('There is no such session.');
    expect((await listed({ userId })).edges.map((edge: any) => edge.node.id)).toEqual([newest]);
  });

  it('are ended all at once, and the user may sign in again', async () => {
    const userId = await register('ida');
    await register('jon');
    const [here, there, jon] = [await signIn('ida'), await signIn('ida'), await signIn('jon')];
    const end = `mutation($input: EndSessionsOfUserInput!) { endSessionsOfUser(input: $input) { ${problem} ... on EndedSessions { sessions refusedLogins } } }`;
    expect(await admin.do(end, { input: { userId } })).toMatchObject({ sessions: 2, refusedLogins: 0 });
    expect([await session(here), await session(there), await session(jon)]).toEqual([401, 401, 200]);
    // Nothing is left to end, so nothing is told.
    expect(await admin.do(end, { input: { userId } })).toMatchObject({ sessions: 0, refusedLogins: 0 });
    const told = await events(['user.sessions-ended'], userId);
    expect(told.map((event) => event.payload)).toEqual([{ sessions: 2, refusedLogins: 0, by: 'api-token' }]);
    expect(await session(await signIn('ida'))).toBe(200);
  });

  it('end with the service provider they are for', async () => {
    const passing = await admin.addServiceProvider({ name: 'Passing', more: { passwordSignIn: true } });
    const userId = await register('kim');
    const browser = createBrowser();
    await browser.submit(await browser.get(passing.loginUrl), { userName: 'kim', password });
    const stays = await signIn('kim');
    expect((await listed({ userId })).totalCount).toBe(2);
    await mutate('removeServiceProvider', 'RemoveServiceProviderInput', { id: passing.id });
    expect([await session(browser), await session(stays)]).toEqual([401, 200]);
    expect((await listed({ userId })).edges.map((edge: any) => edge.node.serviceProvider.name)).toEqual(['Shop']);
  });
});
