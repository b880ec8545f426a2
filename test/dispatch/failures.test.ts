/** What each kind of failure does to the operation, to its target, and to nobody else. All at once, each with targets of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryFault } from '../../src/connectors/memory/target.ts';
import type { Operation, TargetId } from '../../src/domain/vocabulary.ts';
import { testChance } from '../support/database.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { until } from '../support/people.ts';
import { settledEvents } from '../support/events.ts';

let engine: Engine;
/** How often the worker has looked at the conditions of targets. */
let looked = 0;
beforeAll(async () => {
  // Chance 0 makes the shortest waits: one second before the first retry.
  engine = await startEngine({ settings: { attemptTimeoutMs: 3_000 }, parts: { chance: { ...testChance, random: () => 0 } } });
  const { operations } = engine.usher.app.database;
  const look = operations.closedTargets.bind(operations);
  Object.assign(operations, {
    closedTargets: async (now: Date) => {
      const found = await look(now);
      looked += 1;
      return found;
    },
  });
});
afterAll(() => engine.close());

const fail = (kind: 'unauthorized' | 'missing'): Extract<MemoryFault, { kind: 'fail' }> => ({
  kind: 'fail',
  when: 'before',
  failure: { kind },
});
const weather = (times: number): MemoryFault => ({
  kind: 'fail',
  when: 'before',
  failure: { kind: 'transient', mayHaveApplied: false },
  times,
});

const stateOf = async (target: MemoryAtHand): Promise<string> =>
  (await engine.admin.do(`query($id: ID!) { provisioningConnector(id: $id) { condition { state } } }`, { id: target.connectorId }))
    .condition.state;
const connector = (mutation: string, target: MemoryAtHand): Promise<{ version: number }> =>
  engine.admin.do(
    `mutation($input: ProvisioningConnectorIdInput!) { ${mutation}(input: $input) { __typename ... on ProvisioningConnector { version } } }`,
    {
      input: { id: target.connectorId },
    },
  );
const reads = () => engine.usher.app.database.reads(engine.usher.tenantId);
const attemptsOf = (operation: Operation) => reads().find('attempt', { operationId: operation.id });
const only = async (userId: string): Promise<Operation> => {
  const [operation, ...others] = await engine.operationsOf(userId);
  if (!operation || others.length > 0) throw new Error('There is not exactly one operation.');
  return operation;
};
const settled = (userId: string, state: Operation['state']) =>
  until(async () => (await engine.operationsOf(userId)).every((o) => o.state === state), 30_000);

/** So many more looks; between two of them the worker fetches what is due several times. */
const looks = (times: number): Promise<unknown> => {
  const enough = looked + times;
  return until(() => looked >= enough);
};

describe.concurrent('a target that fails', () => {
  it('throttles: pauses as a whole until it said, spends no attempt, and holds up no other target', async () => {
    const [busy, other] = [await engine.target(), await engine.target()];
    const app = await engine.serviceProvider({ target: busy }, { target: other });
    busy.memory.inject({ kind: 'fail', when: 'before', failure: { kind: 'throttled', retryAfterMs: 3_000 }, method: 'find' });
    const first = await engine.register(app);
    await until(async () => (await stateOf(busy)) === 'PAUSED');
    const pausedUntil = (await reads().find('targetCondition', { targetId: busy.connectorId as TargetId }))[0]?.pausedUntil?.getTime() ?? 0;
    const second = await engine.register(app);
    await engine.rest(other);
    expect(other.memory.accounts()).toHaveLength(2);
    expect(busy.memory.accounts()).toHaveLength(0);
    await engine.rest(busy);
    expect(busy.memory.accounts()).toHaveLength(2);
    const ofBusy = [...(await engine.operationsOf(first.id)), ...(await engine.operationsOf(second.id))].filter(
      (o) => o.targetId === busy.connectorId,
    );
    const attempts = (await Promise.all(ofBusy.map(attemptsOf))).flat().sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
    expect(attempts.map((attempt) => attempt.failureKind)).toEqual(['throttled', null, null]);
    expect(pausedUntil - (attempts[0]?.startedAt.getTime() ?? 0)).toBeGreaterThanOrEqual(3_000);
    for (const later of attempts.slice(1)) expect(later.startedAt.getTime()).toBeGreaterThanOrEqual(pausedUntil);
    expect(ofBusy.map((operation) => operation.attempts)).toEqual([1, 1]);
  });

  it('refuses our credentials: is suspended, waits without attempts, and goes on when its configuration changes', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    target.memory.inject({ ...fail('unauthorized'), method: 'find' });
    const first = await engine.register(app);
    await until(async () => (await stateOf(target)) === 'SUSPENDED');
    const second = await engine.register(app);
    const calls = target.memory.calls.length;
    await looks(2);
    expect(target.memory.calls.length).toBe(calls);
    expect((await only(first.id)).attempts).toBe(0);
    const { version } = await reads()
      .byId('target', target.connectorId as TargetId)
      .then((found) => found ?? Promise.reject(new Error('gone')));
    await engine.admin.do(
      `mutation($input: ConfigureProvisioningConnectorInput!) { configureProvisioningConnector(input: $input) { __typename ... on Problem { message path } } }`,
      {
        input: { id: target.connectorId, version, maxConcurrentCalls: 7 },
      },
    );
    await engine.rest(target);
    expect(target.memory.accounts()).toHaveLength(2);
    expect((await only(second.id)).state).toBe('succeeded');
    expect(await stateOf(target)).toBe('WORKING');
  });

  it('fails five times in a row: its circuit opens, one call at a time tries it, and it closes', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    target.memory.inject(weather(1_000));
    const users = await Promise.all(Array.from({ length: 5 }, () => engine.register(app)));
    await until(async () => (await stateOf(target)) === 'CIRCUIT_OPEN');
    target.memory.clearFaults();
    const letGo = target.memory.hold();
    const failed = target.memory.calls.length;
    users.push(await engine.register(app));
    await until(() => target.memory.calls.length > failed, 30_000);
    // It is half open now: whatever else is due waits for what this one call finds.
    await looks(1);
    letGo();
    await engine.rest(target);
    expect(target.memory.accounts()).toHaveLength(6);
    expect(await stateOf(target)).toBe('WORKING');
    const events = await settledEvents(reads(), { after: null, first: 1_000, targetId: target.connectorId as TargetId });
    expect(events.items.map((event) => event.type).filter((type) => type.startsWith('target.'))).toEqual([
      'target.circuit-opened',
      'target.circuit-closed',
    ]);
    const openedAt = events.items.find((event) => event.type === 'target.circuit-opened')?.at ?? new Date(NaN);
    const operations = await Promise.all(users.map(({ id }) => only(id)));
    const attempts = (await Promise.all(operations.map(attemptsOf))).flat().sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
    const later = attempts.filter(({ startedAt }) => startedAt >= openedAt);
    const worked = later.findIndex(({ failureKind }) => failureKind === null);
    expect(worked).toBeGreaterThanOrEqual(0);
    // One after the other, until one finds that it works again.
    for (const [index, probe] of later.slice(0, worked + 1).entries())
      expect(later[index + 1]?.startedAt.getTime()).toBeGreaterThanOrEqual(probe.endedAt.getTime());
  });

  it('holds up no other target, and no login that does not wait for it', async () => {
    const [stuck, good] = [await engine.target(), await engine.target()];
    const app = await engine.serviceProvider({ target: stuck }, { target: good, blocking: true, deadlineMs: 60_000 });
    const letGo = stuck.memory.hold();
    for (let i = 0; i < 20; i++) await engine.register(app);
    const { browser, page } = await engine.signIn(app, 'not-waiting-for-it');
    await browser.waitOut(page);
    expect((await browser.get(`${engine.usher.url}/session`)).status).toBe(200);
    await engine.rest(good);
    expect(good.memory.accounts()).toHaveLength(21);
    expect(stuck.memory.accounts()).toHaveLength(0);
    letGo();
  });

  it('is disabled: its operations wait, and run when it is enabled again', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const known = await engine.register(app);
    await engine.rest(target);
    await connector('disableProvisioningConnector', target);
    await engine.changeTitle(known.id, 'while away');
    const calls = target.memory.calls.length;
    await looks(2);
    expect(target.memory.calls.length).toBe(calls);
    await connector('reenableProvisioningConnector', target);
    await until(() => target.memory.accounts()[0]?.attributes['title'] === 'while away');
  });
});

describe.concurrent('an account', () => {
  it('is looked for before it is made again, where the answer never came', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    target.memory.inject({ kind: 'hang', when: 'after', method: 'create' });
    const user = await engine.register(app);
    await settled(user.id, 'succeeded');
    expect(target.memory.accounts()).toHaveLength(1);
    const attempts = await attemptsOf(await only(user.id));
    expect(attempts.map((attempt) => attempt.action)).toEqual([null, 'linked']);
    const [link] = await reads().find('link', { userId: user.id });
    expect(link).toMatchObject({ accountId: target.memory.accounts()[0]?.id, origin: 'created' });
  });

  it('that somebody else made is taken over only where that is allowed, and only if there is one', async () => {
    const [open, closed] = [await engine.target({ adoption: 'LINK' }), await engine.target({ adoption: 'REFUSE' })];
    const twice = await engine.target({ adoption: 'LINK' });
    const app = await engine.serviceProvider({ target: open }, { target: closed }, { target: twice });
    const userName = `adopted-${engine.usher.tenantId}`;
    for (const target of [open, closed, twice, twice]) target.memory.put({ userName, title: 'by hand' });
    const user = await engine.register(app, userName);
    // Who only registered themself gets hold of no account that exists already.
    await engine.rest(open, closed, twice);
    expect(await reads().find('link', { userId: user.id })).toEqual([]);
    await engine.admin.do(`mutation($input: ConfirmUserInput!) { confirmUser(input: $input) { __typename } }`, { input: { id: user.id } });
    await engine.rest(open, closed, twice);
    const states = new Map((await engine.operationsOf(user.id)).map((operation) => [operation.targetId as string, operation]));
    expect(states.get(open.connectorId)).toMatchObject({ state: 'succeeded' });
    expect(states.get(closed.connectorId)).toMatchObject({ state: 'failed', failureKind: 'rejected', failureAttribute: 'userName' });
    expect(states.get(twice.connectorId)).toMatchObject({ state: 'failed', failureKind: 'rejected', failureAttribute: 'userName' });
    const links = await reads().find('link', { userId: user.id });
    expect(links).toMatchObject([{ targetId: open.connectorId, accountId: open.memory.accounts()[0]?.id, origin: 'adopted' }]);
    expect([open, closed, twice].map((target) => target.memory.accounts().length)).toEqual([1, 1, 2]);
  });

  it('that vanished at the target is made anew by the next change', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    target.memory.reset();
    await engine.changeTitle(user.id, 'Still here');
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'Still here' } }]);
    expect(await reads().find('link', { userId: user.id })).toMatchObject([{ accountId: target.memory.accounts()[0]?.id }]);
  });

  it('of a person who is removed is deactivated, deleted or left, as its target is set', async () => {
    const targets = await Promise.all(['DEACTIVATE', 'DELETE', 'LEAVE'].map((removal) => engine.target({ removal })));
    const app = await engine.serviceProvider(...targets.map((target) => ({ target })));
    const user = await engine.register(app);
    await engine.rest(...targets);
    await engine.admin.do(`mutation($input: UserByIdInput!) { removeUser(input: $input) { __typename } }`, { input: { id: user.id } });
    await engine.rest(...targets);
    expect(targets.map((target) => target.memory.accounts().map((account) => account.active))).toEqual([[false], [], [true]]);
    expect(await reads().find('link', { userId: user.id })).toEqual([]);
  });
});
