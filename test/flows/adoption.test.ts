/** Accounts that exist already: linked, asked about, refused, unlinked again; and accounts that nobody but a person may touch. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/connectors/memory/target.ts';
import type { AccountId, Operation, UserId } from '../../src/domain/vocabulary.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { until } from '../support/people.ts';
import { ask, bearer } from '../support/web.ts';
import { settledEvents } from '../support/events.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

const reads = () => engine.usher.app.database.reads(engine.usher.tenantId);
const mutate = (name: string, input: Record<string, unknown>, fields = '__typename ... on Problem { message path }'): Promise<any> =>
  engine.admin.do(`mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${fields} } }`, { input });
const decide = (name: 'refuseAccount' | 'createAnotherAccount', caseId: string) =>
  engine.admin.do(`mutation($input: AdoptionCaseInput!) { ${name}(input: $input) { __typename } }`, { input: { caseId } });
const onLink = (name: 'unlinkAccount' | 'cancelDeletion', input: Record<string, unknown>) =>
  engine.admin.do(`mutation($input: LinkInput!) { ${name}(input: $input) { __typename } }`, { input });

/** A user whom an administrator made, and who belongs at these targets. */
async function member(userName: string, ...targets: readonly MemoryAtHand[]): Promise<{ readonly id: UserId; readonly userName: string }> {
  const user = await mutate(
    'createUser',
    { userName, attributes: [{ name: 'title', values: ['Wanted title'] }] },
    '... on User { id userName }',
  );
  for (const target of targets) await mutate('assignUser', { userId: user.id, targetId: target.connectorId });
  await engine.rest(...targets);
  return user;
}
/** Takes away every reason why the user belongs there. */
async function unassign(userId: UserId, target: MemoryAtHand): Promise<void> {
  for (const { id } of await reads().find('assignment', { userId }))
    await engine.admin.do('mutation($input: RemoveAssignmentInput!) { removeAssignment(input: $input) { __typename } }', { input: { id } });
  await engine.rest(target);
}
const newName = (): string => `somebody-${randomUUID()}`;
const last = async (userId: string): Promise<Operation> => (await engine.operationsOf(userId)).at(-1)!;
const linkOf = async (userId: string) => (await reads().find('link', { userId: userId as UserId }))[0] ?? null;
const cases = async (userId: string): Promise<any[]> =>
  (
    await engine.admin.do(
      `query($filter: AdoptionCaseFilter) { adoptionCases(filter: $filter) { edges { node {
        id state reason accountId decidedBy decidedAt user { userName } provisioningConnector { id }
        wanted { name values } candidates { accountId active attributes { name values } } } } } }`,
      { filter: { userId } },
    )
  ).edges.map((edge: any) => edge.node);
const eventsOf = async (userId: string, ...types: readonly string[]) =>
  (await settledEvents(reads(), { after: null, first: 100, userId: userId as UserId, types })).items;

describe.concurrent('an account that exists already', () => {
  it('is linked to a user whom an administrator made, if it is the only one and its value is theirs', async () => {
    const target = await engine.target();
    const userName = newName();
    const account = target.memory.put({ userName, title: 'by hand' });
    const user = await member(userName, target);
    expect(await linkOf(user.id)).toMatchObject({ accountId: account.id, origin: 'adopted' });
    expect(target.memory.accounts()).toMatchObject([{ id: account.id, attributes: { title: 'Wanted title' } }]);
  });

  it('is not had by whoever registers under its name, until an administrator vouches for them', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target, blocking: true });
    const name = newName();
    const account = target.memory.put({ userName: name, title: 'Chief' });
    const user = await engine.register(app, name);
    await engine.rest(target);
    expect(await last(user.id)).toMatchObject({ state: 'failed', failureKind: 'rejected' });
    expect((await last(user.id)).failureMessage).toMatch(/only registered themself/);
    expect(await cases(user.id)).toMatchObject([{ state: 'WAITING', reason: 'SELF_REGISTERED', candidates: [{ accountId: account.id }] }]);
    expect(target.memory.accounts()).toEqual([account]);
    await mutate('confirmUser', { id: user.id });
    await engine.rest(target);
    expect(await linkOf(user.id)).toMatchObject({ accountId: account.id });
    // What waited has come right.
    expect(await cases(user.id)).toEqual([]);
  });

  it('may be theirs, too, after an identity provider or an administrator said who they are', async () => {
    const app = await engine.serviceProvider();
    const [one, other] = [await engine.register(app), await engine.register(app)];
    expect(await reads().byId('user', one.id)).toMatchObject({ selfRegistered: true });
    await mutate('linkIdentity', { userId: one.id, identityProviderId: engine.signInWith, subject: one.userName });
    await engine.changeTitle(other.id, 'known to us');
    for (const { id } of [one, other]) expect(await reads().byId('user', id)).toMatchObject({ selfRegistered: false });
  });

  it('waits with both sides shown where the connector asks, and is linked by a decision', async () => {
    const target = await engine.target({ adoption: 'ASK' });
    const userName = newName();
    const account = target.memory.put({ userName, title: 'by hand' });
    const user = await member(userName, target);
    const [waiting] = await cases(user.id);
    expect(waiting).toMatchObject({
      state: 'WAITING',
      reason: 'SET_TO_ASK',
      user: { userName },
      provisioningConnector: { id: target.connectorId },
    });
    expect(waiting.wanted).toContainEqual({ name: 'title', values: ['Wanted title'] });
    expect(waiting.candidates[0].attributes).toContainEqual({ name: 'title', values: ['by hand'] });
    const foreign = await ask(
      engine.usher.url,
      `mutation($input: LinkAccountInput!) { linkAccount(input: $input) { __typename } }`,
      { input: { caseId: waiting.id, accountId: 'another' } },
      bearer(engine.usher.token),
    );
    expect(foreign.data.linkAccount.__typename).toBe('InvalidInput');
    await mutate('linkAccount', { caseId: waiting.id, accountId: account.id });
    await engine.rest(target);
    expect(await linkOf(user.id)).toMatchObject({ accountId: account.id, origin: 'adopted', active: true });
    expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'Wanted title' } }]);
    expect(await last(user.id)).toMatchObject({ state: 'succeeded', trigger: 'operator' });
    expect(await cases(user.id)).toMatchObject([
      { state: 'LINKED', accountId: account.id, wanted: [], candidates: [], decidedBy: expect.stringMatching(/^api-token /) },
    ]);
    expect((await eventsOf(user.id, 'adoption.undecided', 'adoption.decided')).map((event) => event.type)).toEqual([
      'adoption.undecided',
      'adoption.decided',
    ]);
    expect(JSON.stringify(await settledEvents(reads(), { after: null, first: 1_000, userId: user.id }))).not.toMatch(
      /by hand|Wanted title/,
    );
    expect(engine.usher.log.some((line) => line.includes('by hand'))).toBe(false);
  });

  it('is brought back, or made anew, for whom it was linked to by hand', async () => {
    const target = await engine.target({ removal: 'DELETE' });
    const account = target.memory.put({ userName: 'by another name' });
    const user = await mutate('createUser', { userName: newName() }, '... on User { id }');
    const assign = (): Promise<unknown> => mutate('assignUser', { userId: user.id, targetId: target.connectorId });
    await mutate('linkAccount', { userId: user.id, targetId: target.connectorId, accountId: account.id });
    await assign();
    await engine.rest(target);
    await unassign(user.id, target);
    expect(target.memory.accounts()).toEqual([]);
    await assign();
    await engine.rest(target);
    expect(await linkOf(user.id)).toMatchObject({ accountId: account.id, active: true });
    // Somebody else deletes it: a change finds that it is gone, and that there is none to bring back.
    memoryStore(target.name).removeAccount(account.id);
    memoryStore(target.name).deleted.clear();
    await engine.changeTitle(user.id, 'changed');
    await engine.rest(target);
    expect(await last(user.id)).toMatchObject({ state: 'succeeded' });
    expect((await linkOf(user.id))?.accountId).not.toBe(account.id);
  });

  it('is not theirs once refused, whatever is asked for afterwards', async () => {
    const target = await engine.target({ adoption: 'ASK' });
    const userName = newName();
    const account = target.memory.put({ userName });
    const user = await member(userName, target);
    const [waiting] = await cases(user.id);
    await decide('refuseAccount', waiting.id);
    await engine.rest(target);
    await engine.changeTitle(user.id, 'again');
    await engine.rest(target);
    expect(await last(user.id)).toMatchObject({ state: 'failed', failureMessage: expect.stringMatching(/decided/) });
    expect(await cases(user.id)).toMatchObject([{ state: 'REFUSED', candidates: [] }]);
    expect(target.memory.accounts()).toEqual([account]);
    // By hand it is still possible.
    await mutate('linkAccount', { userId: user.id, targetId: target.connectorId, accountId: account.id });
    await engine.rest(target);
    expect(await linkOf(user.id)).toMatchObject({ accountId: account.id });
  });

  it('stays beside another one that is made, where the target lets both exist; else the conflict is told', async () => {
    const [lax, strict] = [await engine.target({ adoption: 'ASK', matchingAttribute: 'emails' }), await engine.target({ adoption: 'ASK' })];
    const name = newName();
    lax.memory.put({ userName: `old ${name}`, emails: [`${name}@example.org`] });
    strict.memory.put({ userName: name });
    const user = await mutate(
      'createUser',
      { userName: name, attributes: [{ name: 'email', values: [`${name}@example.org`] }] },
      '... on User { id }',
    );
    for (const target of [lax, strict]) await mutate('assignUser', { userId: user.id, targetId: target.connectorId });
    await engine.rest(lax, strict);
    for (const each of await cases(user.id)) await decide('createAnotherAccount', each.id);
    await engine.rest(lax, strict);
    expect(lax.memory.accounts()).toHaveLength(2);
    expect(strict.memory.accounts()).toHaveLength(1);
    const failed = await reads().find('operation', { userId: user.id, targetId: strict.connectorId as never, state: 'failed' });
    expect(failed.at(-1)).toMatchObject({ failureKind: 'conflict' });
  });

  it('waits where several match, and a decision takes the right one', async () => {
    const target = await engine.target();
    const userName = newName();
    const [, second] = [target.memory.put({ userName, title: 'one' }), target.memory.put({ userName, title: 'two' })];
    const user = await member(userName, target);
    const [waiting] = await cases(user.id);
    expect(waiting).toMatchObject({ reason: 'AMBIGUOUS', candidates: [{}, {}] });
    await mutate('linkAccount', { caseId: waiting.id, accountId: second.id });
    await until(async () => (await linkOf(user.id)) !== null || (await last(user.id)).failureKind === 'conflict');
    expect((await linkOf(user.id))?.accountId ?? second.id).toBe(second.id);
  });

  it('refuses a login that waits for it at once', async () => {
    const target = await engine.target({ adoption: 'ASK' });
    const app = await engine.serviceProvider({ target, blocking: true, deadlineMs: 60_000 });
    const name = `login-${randomUUID()}`;
    target.memory.put({ userName: `${name}@example.org` });
    const { page } = await engine.signIn(app, name);
    expect(page.status).toBe(403);
    expect(await reads().find('loginAttempt', { state: 'refused', refusal: 'not-provisioned' })).not.toEqual([]);
  });

  it('forgets what it shows when its user is removed', async () => {
    const target = await engine.target({ adoption: 'ASK' });
    const userName = newName();
    target.memory.put({ userName });
    const user = await member(userName, target);
    expect(await cases(user.id)).toHaveLength(1);
    await engine.admin.do(`mutation($input: UserByIdInput!) { removeUser(input: $input) { __typename } }`, { input: { id: user.id } });
    await engine.rest(target);
    expect(await cases(user.id)).toEqual([]);
    expect(target.memory.accounts()).toMatchObject([{ active: true }]);
  });
});

describe.concurrent('a link that was made wrongly', () => {
  it('is undone: the account stays untouched, and is never adopted again unless somebody links it by hand', async () => {
    const target = await engine.target();
    const userName = newName();
    const account = target.memory.put({ userName });
    const user = await member(userName, target);
    const before = target.memory.accounts();
    const calls = target.memory.calls.length;
    await onLink('unlinkAccount', { userId: user.id, targetId: target.connectorId });
    expect(await linkOf(user.id)).toBeNull();
    expect([target.memory.accounts(), target.memory.calls.length]).toEqual([before, calls]);
    await engine.changeTitle(user.id, 'not for that account');
    await engine.rest(target);
    expect(await last(user.id)).toMatchObject({ state: 'failed' });
    expect(target.memory.accounts()).toEqual(before);
    await mutate('linkAccount', { userId: user.id, targetId: target.connectorId, accountId: account.id });
    await engine.rest(target);
    expect(await linkOf(user.id)).toMatchObject({ accountId: account.id });
    expect(await eventsOf(user.id, 'account.unlinked')).toHaveLength(1);
  });
});

describe.concurrent('a protected account', () => {
  const protect = (target: MemoryAtHand, id: AccountId, protectedAs: string | null): void => {
    const store = memoryStore(target.name);
    store.byId.set(id, { ...store.byId.get(id)!, protectedAs });
  };

  it('is not adopted, whoever asks and whoever links it by hand', async () => {
    const [told, listed] = [await engine.target(), await engine.target({ protectedAccounts: ['BOSS@example.org'] })];
    const userName = 'boss@example.org';
    const accounts = [told, listed].map((target) => target.memory.put({ userName, title: 'Boss' }));
    protect(told, accounts[0]!.id, 'super administrator');
    const user = await member(userName, told, listed);
    for (const operation of await engine.operationsOf(user.id))
      expect(operation).toMatchObject({ state: 'failed', failureKind: 'rejected', failureMessage: expect.stringMatching(/protected/) });
    await mutate('linkAccount', { userId: user.id, targetId: listed.connectorId, accountId: accounts[1]!.id });
    await engine.rest(listed);
    expect(await last(user.id)).toMatchObject({ state: 'failed', failureMessage: expect.stringMatching(/protected/) });
    for (const target of [told, listed]) {
      expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'Boss' } }]);
      expect(target.memory.calls.some((call) => ['update', 'create', 'deactivate', 'delete'].includes(call.method))).toBe(false);
    }
  });

  it('is neither changed nor ended once it is on the list, or once its target says so', async () => {
    const [told, listed] = [await engine.target(), await engine.target()];
    const user = await member(newName(), told, listed);
    const [one, other] = [told.memory.accounts()[0]!, listed.memory.accounts()[0]!];
    protect(told, one.id, 'super administrator');
    await engine.admin.do(
      `mutation($input: ConfigureProvisioningConnectorInput!) { configureProvisioningConnector(input: $input) { __typename } }`,
      {
        input: { id: listed.connectorId, version: listed.version, protectedAccounts: [other.id] },
      },
    );
    await engine.changeTitle(user.id, 'first');
    await engine.rest(told, listed);
    expect(listed.memory.accounts()).toMatchObject([{ attributes: { title: 'Wanted title' } }]);
    // The target told with the answer to that update; from then on it is left alone.
    await engine.changeTitle(user.id, 'second');
    await engine.rest(told, listed);
    expect(told.memory.accounts()).toMatchObject([{ attributes: { title: 'first' } }]);
    await engine.admin.do(`mutation($input: UserByIdInput!) { removeUser(input: $input) { __typename } }`, { input: { id: user.id } });
    await engine.rest(told, listed);
    for (const target of [told, listed]) {
      expect(target.memory.accounts()).toMatchObject([{ active: true }]);
      expect(target.memory.calls.some((call) => call.method === 'deactivate')).toBe(false);
    }
  });
});

it('touches nothing that has no link: other accounts of a SCIM target stay as they are, byte for byte', async () => {
  const scim = await startScimServer();
  try {
    for (const name of ['one', 'two', 'three'])
      await fetch(`${scim.url}/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${scim.token}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: `${name}@example.org`,
          title: 'somebody else',
          active: true,
        }),
      });
    const strangers = scim.users();
    expect(strangers).toHaveLength(3);
    const target = await engine.admin.addTarget({
      name: `scim ${randomUUID()}`,
      connectorType: 'scim2',
      config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
      more: { adoption: 'ASK' },
    });
    const names = ['one@example.org', newName(), newName()];
    const ids: string[] = [];
    for (const userName of names) {
      const user = await mutate('createUser', { userName, attributes: [] }, '... on User { id }');
      ids.push(user.id);
      await mutate('assignUser', { userId: user.id, targetId: target.connectorId });
    }
    await engine.rest(target);
    for (const id of ids) await engine.changeTitle(id, 'changed');
    await engine.rest(target);
    for (const id of ids)
      await engine.admin.do(`mutation($input: UserByIdInput!) { removeUser(input: $input) { __typename } }`, { input: { id } });
    await engine.rest(target);
    expect(strangers.map(({ id }) => scim.users().find((user) => user.id === id))).toEqual(strangers);
    expect(scim.users()).toHaveLength(5);
  } finally {
    await scim.close();
  }
});
