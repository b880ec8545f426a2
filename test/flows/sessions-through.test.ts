/** Sessions of people who came through an identity provider, and sessions that were stored a moment too late. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceProvider } from '../support/administer.ts';
import { createBrowser, type Browser } from '../support/browser.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { settledEvents } from '../support/events.ts';
import { isWaiting, person, signInAs } from '../support/people.ts';
import type { User, UserId } from '../../src/domain/vocabulary.ts';

let engine: Engine;
let app: ServiceProvider;
beforeAll(async () => {
  engine = await startEngine({ settings: { holdInRequestMs: 200 } });
  app = await engine.admin.addServiceProvider({
    name: 'App',
    signInWith: [engine.signInWith],
    more: { passwordSignIn: true, selfRegistration: true },
  });
});
afterAll(() => engine.close());

const password = 'a password that is long';
const mutate = (name: string, input: string, given: object) =>
  engine.admin.do(`mutation($input: ${input}!) { ${name}(input: $input) { __typename ... on Problem { message path } } }`, {
    input: given,
  });
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get(`${engine.usher.url}/session`)).status === 200;
const reads = () => engine.usher.app.database.reads(engine.usher.tenantId);
const userOf = async (browser: Browser): Promise<User> => JSON.parse((await browser.get(`${engine.usher.url}/session`)).text).user;
async function withPassword(userName: string): Promise<Browser> {
  const browser = createBrowser();
  await browser.submit(await browser.get(app.loginUrl), { userName, password });
  return browser;
}
/** Runs this while a session of the user is on its way to the database: it is stored when all is over. */
async function storedAfter(userId: string, work: () => Promise<unknown>): Promise<void> {
  const { database } = engine.usher.app;
  const { rows } = await database.query('select sid, sess::text as sess, expire from session where user_id = $1', [userId]);
  expect(rows).toHaveLength(1);
  await work();
  await database.query('delete from session where user_id = $1', [userId]);
  const [row] = rows;
  await database.query('insert into session (sid, sess, expire) values ($1, $2, $3)', [row?.['sid'], row?.['sess'], row?.['expire']]);
}

describe('unlinking an identity', () => {
  it('ends the sessions that came through its identity provider, and no others', async () => {
    const name = person(engine.idp, `ann-${randomUUID()}`);
    const { browser: federated } = await signInAs(app.loginUrl, engine.signInWith, name);
    const other = (await signInAs(app.loginUrl, engine.signInWith, person(engine.idp, `bob-${randomUUID()}`))).browser;
    const user = await userOf(federated);
    await mutate('setUserPassword', 'SetUserPasswordInput', { userId: user.id, password });
    const local = await withPassword(user.userName);
    const again = (await signInAs(app.loginUrl, engine.signInWith, name)).browser;
    expect([await isIn(again), await isIn(local), await isIn(other)]).toEqual([true, true, true]);

    const [identity] = await reads().find('identity', { userId: user.id });
    await mutate('unlinkIdentity', 'UnlinkIdentityInput', { id: identity?.id });
    expect([await isIn(again), await isIn(local), await isIn(other)]).toEqual([false, true, true]);
    const { items } = await settledEvents(reads(), { after: null, first: 10, types: ['user.sessions-ended'], userId: user.id });
    expect(items.map(({ payload }) => payload)).toEqual([{ sessions: 1, refusedLogins: 0, by: 'api-token' }]);
  });
});

describe('a session that is stored only when all sessions have ended', () => {
  const register = async (): Promise<{ id: UserId; browser: Browser }> => {
    const userName = `user-${randomUUID()}`;
    const document = `mutation($input: RegisterUserInput!) { registerUser(input: $input) { __typename ... on RegisteredUser { id } ... on Problem { message } } }`;
    const { id } = await engine.admin.do(document, { input: { serviceProviderId: app.id, userName, password } });
    return { id, browser: await withPassword(userName) };
  };
  it('opens nothing after a new password', async () => {
    const { id, browser } = await register();
    await storedAfter(id, () => mutate('setUserPassword', 'SetUserPasswordInput', { userId: id, password: `${password} indeed` }));
    expect(await isIn(browser)).toBe(false);
  });
  it('opens nothing when the user is active again', async () => {
    const { id, browser } = await register();
    await storedAfter(id, async () => {
      await mutate('deactivateUser', 'UserByIdInput', { id });
      await mutate('reactivateUser', 'UserByIdInput', { id });
    });
    expect(await isIn(browser)).toBe(false);
  });
});

describe('removing an identity provider', () => {
  it('ends the sessions that came through it', async () => {
    const leaving = await engine.admin.addSamlIdentityProvider({
      name: `Leaving ${randomUUID()}`,
      issuer: engine.idp.entityId,
      entryPoint: engine.idp.entryPoint,
      certificate: engine.idp.certificate,
    });
    const portal = await engine.admin.addServiceProvider({ name: `Portal ${randomUUID()}`, signInWith: [leaving.id] });
    const { browser } = await signInAs(portal.loginUrl, leaving.id, person(engine.idp, `eve-${randomUUID()}`));
    const other = (await signInAs(app.loginUrl, engine.signInWith, person(engine.idp, `fay-${randomUUID()}`))).browser;
    expect([await isIn(browser), await isIn(other)]).toEqual([true, true]);
    const found = await reads().byId('serviceProvider', portal.id);
    await mutate('changeServiceProvider', 'ChangeServiceProviderInput', {
      id: portal.id,
      version: found?.version,
      signInIdentityProviderIds: [engine.signInWith],
    });
    await mutate('removeIdentityProvider', 'IdentityProviderIdInput', { id: leaving.id });
    expect([await isIn(browser), await isIn(other)]).toEqual([false, true]);
  });
});

// Last: nobody signs in through it any more.
describe('disabling an identity provider', () => {
  it('ends the sessions that came through it and refuses the logins that are held, for good', async () => {
    const target = await engine.target();
    const letGo = target.memory.hold();
    const blocking = await engine.serviceProvider({ target, blocking: true, deadlineMs: 60_000, whenDeadlinePasses: 'REFUSE' });
    const held = await engine.signIn(blocking, `cleo-${randomUUID()}`);
    expect(isWaiting(held.page)).toBe(true);
    const { browser: federated } = await signInAs(app.loginUrl, engine.signInWith, person(engine.idp, `dora-${randomUUID()}`));
    const user = await userOf(federated);
    await mutate('setUserPassword', 'SetUserPasswordInput', { userId: user.id, password });
    const local = await withPassword(user.userName);
    const { browser: again } = await signInAs(app.loginUrl, engine.signInWith, person(engine.idp, `erin-${randomUUID()}`));
    expect([await isIn(again), await isIn(local)]).toEqual([true, true]);

    await mutate('disableIdentityProvider', 'IdentityProviderIdInput', { id: engine.signInWith });
    await mutate('enableIdentityProvider', 'IdentityProviderIdInput', { id: engine.signInWith });
    expect([await isIn(again), await isIn(local)]).toEqual([false, true]);
    const refused = await held.browser.waitOut(held.page);
    expect(refused.text).toContain('This way of signing in is switched off.');
    letGo();
    await engine.rest(target);
  });
});
