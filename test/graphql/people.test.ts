/** Users, groups, operations, explain and the feed over HTTP: one round of each, who may see what, and how much it costs. */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AddMembersDocument,
  AssignUserDocument,
  ChangeUserDocument,
  CreateGroupDocument,
  CreateUserDocument,
  EventCatalogueDocument,
  EventsDocument,
  ExplainDocument,
  GroupMembersDocument,
  OperationsDocument,
  ProvisionUserNowDocument,
  RegisterUserDocument,
  RetryOperationsDocument,
  UserDocument,
  UsersDocument,
  type EventsQuery,
} from '../../schema/documents/graphql.ts';
import { definitionsWithMemory } from '../../src/connectors/registry.ts';
import type { AccountId, Role } from '../../src/domain/vocabulary.ts';
import type { Database, Reads } from '../../src/commands/ports.ts';
import { makeWorld, type World } from '../persistence/world.ts';
import { settledEvents } from '../support/events.ts';
import { ask, bearer, type Answer, type Headed } from '../support/web.ts';
import { runWebHouse, type WebHouse } from '../support/web-house.ts';

let web: WebHouse;
let world: World;
const as = {} as Record<Role, Headed>;
beforeAll(async () => {
  web = await runWebHouse({
    house: { definitions: definitionsWithMemory },
    settings: { rateLimits: { known: 10_000, unknown: 10_000, registrations: 3 } },
  });
  world = await makeWorld(web.database, 'People');
  const tenant = (await web.database.tenants.byId(world.tenantId))!;
  for (const role of ['viewer', 'operator', 'administrator'] as const) as[role] = bearer(await web.token(tenant, role));
});
afterAll(async () => web.close());

const write = <T>(work: Parameters<typeof web.database.transaction<T>>[1]) => web.database.transaction(world.tenantId, work);

test('text that the database cannot keep is refused before it gets there, whoever asks', async () => {
  const nul = 'a\u0000b';
  const found = await ask(web.url, '{ users(filter: { userNameContains: "a\\u0000" }) { totalCount } }', {}, as.viewer);
  expect(found.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ path: ['filter', 'userNameContains'] }] });
  const yearZero = await ask(web.url, '{ operations(filter: { since: "0000-01-01T00:00:00Z" }) { totalCount } }', {}, as.viewer);
  expect(yearZero.errors?.[0]?.extensions).toMatchObject({ problems: [{ path: ['filter', 'since'] }] });
  const halves = await ask(web.url, CreateGroupDocument, { input: { name: 'half \ud83d' } }, as.operator);
  expect(halves.data?.createGroup).toMatchObject({ path: ['name'], message: expect.stringContaining('cannot be kept') });
  const signIn = 'mutation ($name: String!) { signIn(input: { userName: $name, password: "x" }) { __typename ... on Problem { path } } }';
  const anybody = await ask(web.url, signIn, { name: nul });
  expect(anybody.data?.['signIn']).toEqual({ __typename: 'InvalidInput', path: ['userName'] });
  expect(web.logged.filter((line) => line.includes('22021'))).toEqual([]);
});

test('a user is made, found, changed and put into a group', async () => {
  const input = { userName: 'hopper', attributes: [{ name: 'email', values: ['grace@example.com', 'g@example.com'] }] };
  const made = await ask(web.url, CreateUserDocument, { input }, as.operator);
  const user = made.data?.createUser as { id: string; version: number };
  expect(user).toMatchObject({
    userName: 'hopper',
    active: true,
    userStore: { name: 'PRIMARY' },
    attributes: [{ name: 'email', type: 'STRING', values: ['grace@example.com', 'g@example.com'] }],
  });
  const changed = await ask(
    web.url,
    ChangeUserDocument,
    {
      input: {
        id: user.id,
        version: user.version,
        attributes: [
          { name: 'email', values: null },
          { name: 'age', type: 'NUMBER', values: ['x'] },
        ],
      },
    },
    as.operator,
  );
  expect(changed.data?.changeUser).toMatchObject({
    path: ['attributes', '1', 'values', '0'],
    problems: [{ message: 'This is not a number.' }],
  });

  const group = (await ask(web.url, CreateGroupDocument, { input: { name: 'Navy' } }, as.operator)).data?.createGroup as { id: string };
  await ask(web.url, AddMembersDocument, { input: { groupId: group.id, userIds: [user.id] } }, as.operator);
  const members = await ask(web.url, GroupMembersDocument, { groupId: group.id }, as.viewer);
  expect(members.data?.groupMembers?.edges).toMatchObject([{ node: { userName: 'hopper' } }]);
  const found = await ask(web.url, UserDocument, { id: user.id }, as.viewer);
  expect(found.data?.user?.groups.edges).toEqual([{ node: { id: group.id, name: 'Navy' } }]);
  const listed = await ask(web.url, UsersDocument, { filter: { userNameContains: 'HOP' } }, as.viewer);
  expect(listed.data?.users.edges).toHaveLength(1);
});

test('who is assigned has an operation; retrying what did not fail does nothing', async () => {
  const assigned = await ask(web.url, AssignUserDocument, { input: { userId: world.user.id, targetId: world.target.id } }, as.operator);
  expect(assigned.data?.assignUser).toMatchObject({ targetId: world.target.id, serviceProviderId: null });
  const operations = await ask(web.url, OperationsDocument, { filter: { userId: world.user.id, states: ['PENDING'] } }, as.viewer);
  expect(operations.data?.operations.edges).toMatchObject([{ node: { kind: 'PROVISION', trigger: 'CHANGE', countedAttempts: 0 } }]);
  const retried = await ask(web.url, RetryOperationsDocument, { input: {} }, as.operator);
  expect(retried.data?.retryOperations).toEqual({ looked: 0, retried: 0, hasMore: false, endCursor: null });
  const wrong = await ask(web.url, RetryOperationsDocument, { input: { after: 'nothing' } }, as.operator);
  expect(wrong.data?.retryOperations).toMatchObject({ path: ['after'] });
});

describe('explain', () => {
  test('tells each target with its reason and writes nothing; values of a person are for operators', async () => {
    const ada = await write(async (tx) => {
      const user = await tx.insert('user', {
        userStoreId: world.storeId,
        userName: 'countess',
        attributes: { title: ['Countess'] },
        active: true,
        removedAt: null,
      });
      await tx.insert('assignment', { userId: user.id, targetId: world.target.id, serviceProviderId: null });
      await tx.insert('link', {
        userId: user.id,
        targetId: world.target.id,
        accountId: 'account of ada' as AccountId,
        origin: 'created',
        active: true,
        applied: { userName: 'countess', externalId: user.id, title: 'Lady' },
        appliedAt: new Date(),
      });
      await tx.insert('outboundRow', {
        serviceProviderId: null,
        targetId: world.target.id,
        blocking: true,
        enableRules: false,
        jitOutbound: true,
        deadlineMs: 4000,
        whenDeadlinePasses: 'admit',
      });
      return user;
    });
    const question = { userId: ada.id, serviceProviderId: world.serviceProvider.id };
    const forOperator = (await ask(web.url, ExplainDocument, question, as.operator)).data?.explain;
    expect(forOperator).toMatchObject({
      holdsLogin: true,
      trigger: 'LOGIN',
      targets: [
        {
          targetName: 'Directory',
          identityProviderName: 'Corporate',
          assigned: true,
          rowOrigin: 'INHERITED',
          row: { blocking: true, deadlineMs: 4000, admitsAfterDeadline: true },
          gate: 'EVERYBODY',
          rule: null,
          link: { accountId: 'account of ada' },
          hindrances: [],
          differences: [{ attribute: 'title', from: ['Lady'], to: ['Countess'] }],
          operation: 'PROVISION',
          reason: 'DIFFERS',
          explanation: 'The account differs from what it should be: what differs is sent.',
        },
      ],
    });
    const forViewer = (await ask(web.url, ExplainDocument, question, as.viewer)).data?.explain;
    expect(forViewer?.targets[0]?.differences).toEqual([{ attribute: 'title', from: null, to: null }]);
    expect(await web.database.reads(world.tenantId).find('operation', { userId: ada.id })).toEqual([]);

    await write((tx) =>
      tx.insert('targetCondition', {
        targetId: world.target.id,
        suspendedAt: new Date(),
        pausedUntil: null,
        consecutiveFailures: 0,
        circuitOpenUntil: null,
      }),
    );
    const suspended = (await ask(web.url, ExplainDocument, question, as.viewer)).data?.explain;
    expect(suspended?.targets[0]?.hindrances).toEqual(['SUSPENDED']);
    const now = await ask(web.url, ProvisionUserNowDocument, { input: question }, as.operator);
    expect(now.data?.provisionUserNow).toMatchObject({ targets: [{ operation: 'PROVISION', reason: 'DIFFERS', wouldAssign: true }] });
  });

  test('of somebody or something unknown is null', async () => {
    const { id } = world.target;
    expect((await ask(web.url, ExplainDocument, { userId: id }, as.viewer)).data?.explain).toBeNull();
    expect((await ask(web.url, ExplainDocument, { userId: world.user.id, serviceProviderId: id }, as.viewer)).data?.explain).toBeNull();
  });
});

test('registering is for anybody, a few times a minute from one address', async () => {
  await write((tx) => tx.change('serviceProvider', world.serviceProvider.id, { selfRegistration: true }));
  const register = (userName: string) =>
    ask(web.url, RegisterUserDocument, { input: { serviceProviderId: world.serviceProvider.id, userName } });
  expect((await register('first')).data?.registerUser).toMatchObject({ userName: 'first' });
  expect((await register('First')).data?.registerUser).toMatchObject({ path: ['userName'], message: 'This user name is taken.' });
  await register('third');
  expect((await register('fourth')).errors?.[0]?.extensions).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
});

test('a list with everything that hangs on it costs a handful of statements, however long it is', async () => {
  await write(async (tx) => {
    const groups = await Promise.all(['East', 'West'].map((name) => tx.insert('group', { name })));
    for (let i = 0; i < 30; i++) {
      const user = await tx.insert('user', {
        userStoreId: world.storeId,
        userName: `many ${i}`,
        attributes: {},
        active: true,
        removedAt: null,
      });
      await tx.insert('assignment', { userId: user.id, targetId: world.target.id, serviceProviderId: world.serviceProvider.id });
      for (const group of groups) await tx.insert('membership', { userId: user.id, groupId: group.id });
    }
  });
  const statements: string[] = [];
  const { database } = web.house;
  const plain: Database['reads'] = database.reads.bind(database);
  const counted = (inner: Reads): Reads =>
    new Proxy(inner, {
      get: (target, name: keyof Reads) => {
        const value: unknown = Reflect.get(target, name);
        return typeof value !== 'function'
          ? value
          : (...args: readonly unknown[]) => {
              statements.push(`${name} ${String(args[0])}`);
              return (value as (...all: readonly unknown[]) => unknown)(...args);
            };
      },
    });
  Object.assign(database, { reads: (tenantId: typeof world.tenantId) => counted(plain(tenantId)) });
  const source = `{ users(first: 50, filter: { userNameContains: "many" }) { edges { node { userName userStore { name }
    groups(first: 1) { edges { node { name } } totalCount pageInfo { hasNextPage } }
    identities { edges { node { id } } } links { edges { node { appliedAttributes } } }
    assignments { edges { node { user { id } provisioningConnector { name } serviceProvider { name } } } } } } } }`;
  const answer = await ask(web.url, source, {}, as.viewer);
  Object.assign(database, { reads: plain });
  expect(answer.errors).toBeUndefined();
  expect(answer.data.users.edges).toHaveLength(30);
  for (const { node } of answer.data.users.edges) {
    expect(node.groups).toEqual({ edges: [{ node: { name: 'East' } }], totalCount: 2, pageInfo: { hasNextPage: true } });
    expect(node.assignments.edges).toMatchObject([{ node: { provisioningConnector: { name: 'Directory' } } }]);
  }
  // Users, their stores, four lists, the groups and how many, and what assignments lead to; users that were read already are asked for again.
  expect(statements.length).toBeLessThanOrEqual(11);
});

describe('the feed', () => {
  test('is a page at a time, and tells nothing of tokens to a viewer', async () => {
    const catalogue = await ask(web.url, EventCatalogueDocument, {}, as.viewer);
    expect(catalogue.data?.eventCatalogue).toContainEqual({
      type: 'api-token.created',
      when: 'An API token was made.',
      payload: [
        { name: 'apiTokenId', type: 'string' },
        { name: 'role', type: 'string' },
      ],
      needs: 'ADMINISTRATOR',
    });
    const all = async (headers: Headed) => {
      const types: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page: Answer<EventsQuery> = await ask(web.url, EventsDocument, { after, first: 3 }, headers);
        types.push(...(page.data?.events.events ?? []).map((event) => event.type));
        after = page.data?.events.endPosition ?? null;
        if (page.data?.events.hasNextPage !== true) return types;
      }
    };
    await expect.poll(() => all(as.administrator)).toContain('api-token.created');
    const told = await all(as.viewer);
    expect(told).toContain('user.created');
    expect(told.filter((type) => type.startsWith('api-token'))).toEqual([]);
    const wrong = await ask(web.url, EventsDocument, { after: 'yesterday' }, as.viewer);
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('is followed from a position over a WebSocket, each event once, and another tenant hears nothing of it', async () => {
    const reads = web.database.reads(world.tenantId);
    // Else what happened before may be told only after this position.
    await settledEvents(reads, { after: null, first: 1 });
    const start = await reads.lastPosition();
    const client = createClient({
      url: `${web.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: as.operator,
    });
    const follow = (variables: Record<string, unknown>) =>
      client.iterate<{ provisioningEvents: { type: string; position: string; user: { userName: string } | null } }>({
        query:
          'subscription ($after: String, $filter: EventFilter) { provisioningEvents(after: $after, filter: $filter) { type position user { userName } } }',
        variables,
      });
    const create = (userName: string) => ask(web.url, CreateUserDocument, { input: { userName } }, as.operator);
    await create('missed');
    const events = follow({ after: start, filter: { types: ['user.created'] } });
    const missed = (await events.next()).value;
    expect(missed?.data?.provisioningEvents).toMatchObject({ type: 'user.created', user: { userName: 'missed' } });
    const next = events.next();
    const stranger = await web.database.tenants.create('Strangers');
    await ask(web.url, CreateUserDocument, { input: { userName: 'elsewhere' } }, bearer(await web.token(stranger, 'operator')));
    await create('live');
    expect((await next).value?.data?.provisioningEvents).toMatchObject({ user: { userName: 'live' } });
    await events.return?.();
    const refused = (await follow({ after: 'yesterday' }).next()).value;
    expect(refused?.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);

    const crowd = Array.from({ length: 10 }, () => follow({ after: start }));
    await Promise.all(crowd.map((each) => each.next()));
    const tooMany = (await follow({ after: start }).next()).value;
    expect(tooMany?.errors).toMatchObject([{ extensions: { code: 'FEED_CLOSED', reason: 'too-many', lastPosition: start } }]);
    await client.dispose();
  });
});
