/** Logins that wait for blocking targets: what opens them, what refuses them, who may go on with them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, type Browser, type Page } from '../support/browser.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { isWaiting, signInAs, until, person } from '../support/people.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ settings: { attemptTimeoutMs: 60_000, holdInRequestMs: 700 } });
});
afterAll(() => engine.close());

const somebody = (): string => `somebody-${randomUUID()}`;
const blocking = (target: MemoryAtHand, deadlineMs = 60_000, whenDeadlinePasses: 'REFUSE' | 'ADMIT' = 'REFUSE') => ({
  target,
  blocking: true,
  deadlineMs,
  whenDeadlinePasses,
});
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get(`${engine.usher.url}/session`)).status === 200;
const reference = /[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}/;
const attemptOf = async (page: Page) => {
  const id = new URL(page.url).pathname.split('/').at(-1) ?? '';
  return engine.usher.app.database.reads(engine.usher.tenantId).byId('loginAttempt', id);
};
const deactivate = async (name: string): Promise<void> => {
  const found = await engine.admin.do(`query($name: String!) { users(filter: { userNameContains: $name }) { edges { node { id } } } }`, {
    name,
  });
  await engine.admin.do(`mutation($input: UserByIdInput!) { deactivateUser(input: $input) { __typename } }`, {
    input: { id: found.edges[0].node.id },
  });
};

describe('a held login', () => {
  // Alone and first: it measures.
  it('waits for three targets about as long as for one of them', async () => {
    // Two calls each: 300 ms.
    const targets = await Promise.all([1, 2, 3].map(() => engine.target()));
    for (const target of targets) target.memory.setLatency(150);
    const [first] = targets;
    const one = await engine.serviceProvider(...(first ? [blocking(first)] : []));
    const three = await engine.serviceProvider(...targets.map((target) => blocking(target)));
    const took = async (app: typeof one): Promise<number> => {
      const browser = createBrowser();
      const form = await browser.get(`${app.loginUrl}/${engine.signInWith}`);
      const posting = await browser.submit(form, { user: person(engine.idp, somebody()) });
      const start = performance.now();
      await browser.waitOut(await browser.submit(posting));
      const end = performance.now();
      expect(await isIn(browser)).toBe(true);
      return end - start;
    };
    // The quickest of several, in turns: what a busy machine adds is left out, what we add is not.
    let [ofOne, ofThree] = [Infinity, Infinity];
    for (let round = 0; round < 25 && (round < 5 || ofThree / ofOne > 1.15); round++) {
      ofOne = Math.min(ofOne, await took(one));
      ofThree = Math.min(ofThree, await took(three));
    }
    console.log(`held by one target ${Math.round(ofOne)} ms, by three ${Math.round(ofThree)} ms: ${(ofThree / ofOne).toFixed(2)}`);
    expect(ofThree / ofOne).toBeLessThanOrEqual(1.15);
  }, 120_000);
});

describe.concurrent('a login that is held', () => {
  it('is refused with a reference where the deadline passes, and admitted where the row says so', async () => {
    const target = await engine.target();
    const [strict, lenient] = [
      await engine.serviceProvider(blocking(target, 500)),
      await engine.serviceProvider(blocking(target, 500, 'ADMIT')),
    ];
    const letGo = target.memory.hold();
    const refused = await engine.signIn(strict, somebody());
    const refusedAt = await refused.browser.waitOut(refused.page);
    expect(refusedAt.status).toBe(403);
    expect(refusedAt.text).toMatch(reference);
    expect(await isIn(refused.browser)).toBe(false);
    const admitted = await engine.signIn(lenient, somebody());
    await admitted.browser.waitOut(admitted.page);
    expect(await isIn(admitted.browser)).toBe(true);
    letGo();
    // What was not ready in time is made all the same.
    await engine.rest(target);
    expect(target.memory.accounts()).toHaveLength(2);
  });

  it('shows a waiting page that goes on by itself, to one browser only', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target));
    const letGo = target.memory.hold();
    const { browser, page } = await engine.signIn(app, somebody());
    expect(isWaiting(page)).toBe(true);
    expect(page.text).toContain('being prepared');
    const stranger = createBrowser();
    const elsewhere = await engine.signIn(app, somebody());
    letGo();
    for (const other of [stranger, elsewhere.browser]) {
      const denied = await other.get(page.url);
      expect(isWaiting(denied)).toBe(false);
      expect(denied.status).toBeGreaterThanOrEqual(400);
    }
    expect(await isIn(stranger)).toBe(false);
    await browser.waitOut(page);
    expect(await isIn(browser)).toBe(true);
  });

  it('is refused at once where the target refuses the account', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target, 300_000));
    target.memory.inject({ kind: 'fail', when: 'before', failure: { kind: 'rejected', attribute: 'userName' }, method: 'create' });
    const { browser, page } = await engine.signIn(app, somebody());
    const after = await browser.waitOut(page);
    expect(after.status).toBe(403);
    expect(after.text).toMatch(reference);
    expect(await isIn(browser)).toBe(false);
  });

  it('is refused at once where the target refuses our credentials, now or since before', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target, 300_000));
    target.memory.inject({ kind: 'fail', when: 'before', failure: { kind: 'unauthorized' }, method: 'find' });
    for (let time = 0; time < 2; time++) {
      const { browser, page } = await engine.signIn(app, somebody());
      expect((await browser.waitOut(page)).status).toBe(403);
      expect(await isIn(browser)).toBe(false);
    }
    expect(target.memory.calls.filter((call) => call.method === 'find')).toHaveLength(1);
  });

  it('does not let in somebody who was deactivated meanwhile, whatever the row admits', async () => {
    const target = await engine.target();
    const strict = await engine.serviceProvider(blocking(target));
    const lenient = await engine.serviceProvider(blocking(target, 60_000, 'ADMIT'));
    for (const app of [strict, lenient]) {
      const letGo = target.memory.hold();
      const name = somebody();
      const { browser, page } = await engine.signIn(app, name);
      expect(isWaiting(page)).toBe(true);
      await deactivate(name);
      letGo();
      expect((await browser.waitOut(page)).status).toBe(403);
      expect(await isIn(browser)).toBe(false);
      expect(await attemptOf(page)).toMatchObject({ state: 'refused' });
    }
  });

  it('is refused when its user is signed out everywhere meanwhile', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target));
    const letGo = target.memory.hold();
    const { browser, page } = await engine.signIn(app, somebody());
    expect(isWaiting(page)).toBe(true);
    const { userId } = (await attemptOf(page))!;
    const ended = await engine.admin.do(
      `mutation($input: EndSessionsOfUserInput!) { endSessionsOfUser(input: $input) { ... on EndedSessions { sessions refusedLogins } } }`,
      { input: { userId } },
    );
    expect(ended).toEqual({ sessions: 0, refusedLogins: 1 });
    const after = await browser.waitOut(page);
    expect(after.status).toBe(403);
    expect(after.text).toContain('You were signed out');
    letGo();
    await engine.rest(target);
    expect((await browser.get(page.url)).status).toBeGreaterThanOrEqual(400);
    expect(await isIn(browser)).toBe(false);
    expect(await attemptOf(page)).toMatchObject({ state: 'refused', refusal: 'signed-out' });
  });

  it('does not open once more when the session it opened was ended', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target));
    const letGo = target.memory.hold();
    const { browser, page } = await engine.signIn(app, somebody());
    const { hostname } = new URL(page.url);
    // As if the answer that opened it were lost: these cookies may come for it again.
    const [beforehand, again] = [createBrowser(), createBrowser()];
    for (const [name, value] of browser.cookies(hostname)) for (const copy of [beforehand, again]) copy.setCookie(hostname, name, value);
    letGo();
    await browser.waitOut(page);
    await beforehand.get(page.url);
    expect([await isIn(browser), await isIn(beforehand)]).toEqual([true, true]);
    const { userId } = (await attemptOf(page))!;
    const { edges } = await engine.admin.do(`query($userId: ID!) { sessions(filter: { userId: $userId }) { edges { node { id } } } }`, {
      userId,
    });
    for (const { node } of edges)
      await engine.admin.do(`mutation($input: EndSessionInput!) { endSession(input: $input) { ... on Removed { id } } }`, {
        input: { id: node.id },
      });
    expect((await again.get(page.url)).status).toBe(403);
    expect([await isIn(browser), await isIn(beforehand), await isIn(again)]).toEqual([false, false, false]);
  });

  it('is decided without its browser, when nobody comes back for it', async () => {
    const [soon, late] = [await engine.target(), await engine.target()];
    const [opens, refuses] = [await engine.serviceProvider(blocking(soon)), await engine.serviceProvider(blocking(late, 2_000))];
    const [letSoonGo, letLateGo] = [soon.memory.hold(), late.memory.hold()];
    const [first, second] = [await engine.signIn(opens, somebody()), await engine.signIn(refuses, somebody())];
    expect([isWaiting(first.page), isWaiting(second.page)]).toEqual([true, true]);
    letSoonGo();
    await until(async () => (await attemptOf(first.page))?.state === 'opened');
    await until(async () => (await attemptOf(second.page))?.state === 'refused');
    letLateGo();
  });

  it('opens in both tabs of one browser, with one account', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target));
    const letGo = target.memory.hold();
    const name = somebody();
    const { browser, page } = await engine.signIn(app, name);
    const second = await signInAs(app.loginUrl, engine.signInWith, name, browser);
    expect([isWaiting(page), isWaiting(second.page)]).toEqual([true, true]);
    expect(second.page.url).not.toBe(page.url);
    letGo();
    for (const tab of [page, second.page]) expect((await browser.waitOut(tab)).status).toBe(200);
    expect(await isIn(browser)).toBe(true);
    expect(target.memory.accounts()).toHaveLength(1);
    expect([(await attemptOf(page))?.state, (await attemptOf(second.page))?.state]).toEqual(['opened', 'opened']);
  });

  it('waits for the one more that follows, where the person changed while their account was being made', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target));
    const name = person(engine.idp, somebody());
    const letGo = target.memory.hold();
    const first = await engine.signIn(app, name);
    person(engine.idp, name, { title: 'Director' });
    const second = await engine.signIn(app, name);
    target.memory.setLatency(400);
    letGo();
    await second.browser.waitOut(second.page);
    // In through the second door: so the account is what the second assertion said.
    expect(target.memory.accounts()[0]?.attributes).toMatchObject({ title: 'Director' });
    await first.browser.waitOut(first.page);
  });

  it('waits for the account to be made right again, where it is just being ended', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider(blocking(target));
    const name = somebody();
    await engine.signIn(app, name);
    await engine.rest(target);
    const letGo = target.memory.hold();
    const before = target.memory.calls.length;
    await deactivate(name);
    await until(() => target.memory.calls.length > before);
    const found = await engine.admin.do(`query($name: String!) { users(filter: { userNameContains: $name }) { edges { node { id } } } }`, {
      name,
    });
    await engine.admin.do(`mutation($input: UserByIdInput!) { reactivateUser(input: $input) { __typename } }`, {
      input: { id: found.edges[0].node.id },
    });
    const { browser, page } = await engine.signIn(app, name);
    letGo();
    await browser.waitOut(page);
    expect(await isIn(browser)).toBe(true);
    expect(target.memory.accounts()).toMatchObject([{ active: true }]);
  });
});
