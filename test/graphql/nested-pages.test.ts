/** Lists that hang on a record: each is paged by key and counted, and those of all records of a page are read together. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, LaneRequest, Reads, Transaction } from '../../src/commands/ports.ts';
import type { AccountId, Target } from '../../src/domain/vocabulary.ts';
import { addUser, lane as laneOf, makeWorld, type World } from '../persistence/world.ts';
import { ask, bearer, type Headed } from '../support/web.ts';
import { runWebHouse, type WebHouse } from '../support/web-house.ts';

let web: WebHouse;
let viewer: Headed;
let operator: Headed;
let owner: Headed;
/** What was read of the database since it was last emptied. */
const read: string[] = [];

beforeAll(async () => {
  web = await runWebHouse({ settings: { rateLimits: { known: 10_000, unknown: 10_000 } } });
  const world = await makeWorld(web.database, 'Lists');
  await web.database.transaction(world.tenantId, (tx) => fill(tx, world));
  const tenant = (await web.database.tenants.byId(world.tenantId))!;
  viewer = bearer(await web.token(tenant, 'viewer'));
  operator = bearer(await web.token(tenant, 'operator'));
  owner = bearer(await web.token(tenant, 'owner'));
  await web.tenant('another');
  const { database } = web.house;
  const plain: Database['reads'] = database.reads.bind(database);
  Object.assign(database, { reads: (tenantId: World['tenantId']) => noted(plain(tenantId)) });
});
afterAll(() => web.close());

const noted = (reads: Reads): Reads =>
  new Proxy(reads, {
    get: (target, name: keyof Reads) => {
      if (name !== 'tenantId') read.push(name);
      return Reflect.get(target, name) as unknown;
    },
  });

/** Two parents of each list, with three of it each. */
async function fill(tx: Transaction, world: World): Promise<void> {
  const [provider] = await tx.find('identityProvider', {});
  const targets: Target[] = [];
  for (const name of ['East', 'West']) {
    const { id: identityProviderId } = await tx.insert('identityProvider', anew({ ...provider!, name }));
    for (const number of [1, 2, 3])
      targets.push(await tx.insert('target', anew({ ...world.target, identityProviderId, name: `${name} ${number}` })));
  }
  const groups = [
    await tx.insert('group', { name: 'a' }),
    await tx.insert('group', { name: 'b' }),
    await tx.insert('group', { name: 'c' }),
  ];
  for (const userName of ['ann', 'bob']) {
    const { id: userId } = await addUser(tx, world.storeId, userName);
    for (const [index, { id: targetId }] of targets.slice(0, 3).entries()) {
      await tx.insert('membership', { userId, groupId: groups[index]!.id });
      await tx.insert('identity', {
        userId,
        identityProviderId: provider!.id,
        issuer: 'https://idp.test',
        subject: `${userName} ${index}`,
      });
      await tx.insert('assignment', { userId, targetId, serviceProviderId: null });
      const link = { userId, targetId, accountId: `${userName} ${index}` as AccountId, applied: {}, appliedAt: new Date() };
      await tx.insert('link', { ...link, origin: 'created', active: true });
    }
    const policy = await tx.insert('policy', {
      ...{ name: userName, description: '', position: 1, active: false, referencedOnly: false, publishedVersionId: null },
      ...{ draft: '<Policy/>', draftForm: null, draftDigest: null, draftedBy: 'test', draftedAt: new Date() },
    });
    for (const number of [1, 2, 3])
      await tx.insert('policyVersion', { policyId: policy.id, number, xml: '<Policy/>', form: null, digest: null, publishedBy: 'test' });
    await tx.insert('reevaluation', {
      ...{ cause: 'outbound-roles', targetIds: targets.slice(0, 3).map(({ id }) => id), state: 'done' },
      ...{ total: 0, done: 0, requested: 0, cursor: null, finishedAt: new Date() },
    });
  }
  for (const userName of ['cleo', 'dan', 'eve']) {
    const { id: userId } = await addUser(tx, world.storeId, userName);
    for (const { id: targetId } of targets.slice(0, 2)) await hold(tx, world, { userId, targetId }, userName === 'cleo' ? 3 : 0);
  }
}

/** An operation that waits for somebody to confirm it, after so many attempts. */
async function hold(tx: Transaction, world: World, lane: Pick<LaneRequest, 'userId' | 'targetId'>, attempts: number): Promise<void> {
  const [answer] = await tx.requestOperations([laneOf(world, lane)]);
  const { operationId } = answer!;
  await tx.change('operation', operationId, { kind: 'deprovision', state: 'held', heldAt: new Date() });
  for (let number = 1; number <= attempts; number++)
    await tx.insert('attempt', {
      ...{ operationId, number, startedAt: new Date(), endedAt: new Date() },
      ...{ action: null, failureKind: 'transient', failureMessage: 'No answer.' },
    });
}

/** The same settings for a record of its own. */
const anew = <T extends { readonly id: string }>(record: T): T => ({ ...record, id: web.house.chance.uuid() });

interface ListOf {
  readonly edges: readonly { readonly node: { readonly key: string } }[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

test.each([
  ['users', 'groups', 'name'],
  ['users', 'identities', 'subject'],
  ['users', 'assignments', 'id'],
  ['users', 'links', 'accountId'],
  ['operations', 'attempts', 'number'],
  ['identityProviders', 'provisioningConnectors', 'name'],
  ['policies', 'versions', 'number'],
  ['reevaluations', 'provisioningConnectors', 'name'],
  ['heldRemovals', 'operations', 'id'],
])('%s have their %s a page at a time, in one query for all of them', async (parents, list, key) => {
  const lists = async (args: string): Promise<readonly ListOf[]> => {
    const page = `${list}(${args}) { edges { node { key: ${key} } } totalCount pageInfo { hasNextPage endCursor } }`;
    read.length = 0;
    const { data, errors } = await ask(web.url, `{ ${parents}(first: 50) { edges { node { ${page} } } } }`, {}, viewer);
    expect(errors).toBeUndefined();
    const all = data[parents].edges.map(({ node }: any) => node[list]) as readonly ListOf[];
    return all.filter(({ totalCount }) => totalCount === 3);
  };
  const pages = await lists('first: 2');
  // The parents, their lists, what these lead to, and how many: empty lists may be ready to be counted before the others.
  expect(read.length).toBeLessThanOrEqual(5);
  expect(pages.map(({ edges, totalCount, pageInfo }) => [edges.length, totalCount, pageInfo.hasNextPage])).toEqual([
    [2, 3, true],
    [2, 3, true],
  ]);
  for (const [index, { edges, pageInfo }] of pages.entries()) {
    const rest = (await lists(`first: 2, after: "${pageInfo.endCursor}"`))[index];
    expect(rest).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false } });
    const keys = [...edges, ...rest!.edges].map(({ node }) => node.key);
    expect(new Set(keys).size).toBe(3);
    if (key !== 'id') expect(keys).toEqual(parents === 'policies' ? keys.toSorted().toReversed() : keys.toSorted());
  }
});

test.each([
  ['a list of its own', 'groups', (data: any) => data.groups],
  [
    'a list that hangs on a record',
    'users(filter: { userNameContains: "ann" }) { edges { node { groups',
    (data: any) => data.users.edges[0].node.groups,
  ],
  ['tenants, which are in none', 'tenants', (data: any) => data.tenants],
])('a page of %s says where it begins and ends, and whether something came before', async (_of, field, listIn) => {
  const page = async (args: string) => {
    const asked = `${field}(${args}) { edges { cursor } pageInfo { hasPreviousPage startCursor hasNextPage endCursor } }`;
    const { data } = await ask(web.url, `{ ${asked} ${'}'.repeat(asked.split('{').length - asked.split('}').length)} }`, {}, owner);
    return listIn(data);
  };
  const cursorsOf = ({ edges }: any) => edges.map(({ cursor }: any) => cursor);
  const all = cursorsOf(await page('first: 100'));
  expect(all.length).toBeGreaterThan(1);
  expect((await page('first: 1')).pageInfo).toEqual({
    ...{ hasPreviousPage: false, startCursor: all[0] },
    ...{ hasNextPage: true, endCursor: all[0] },
  });
  expect((await page(`first: 100, after: "${all[0]}"`)).pageInfo).toEqual({
    ...{ hasPreviousPage: true, startCursor: all[1] },
    ...{ hasNextPage: false, endCursor: all.at(-1) },
  });
  expect((await page(`after: "${all.at(-1)}"`)).pageInfo).toEqual({
    ...{ hasPreviousPage: true, startCursor: null },
    ...{ hasNextPage: false, endCursor: null },
  });
});

test.each([
  ['tenants', '{ nameContains: "NOTH" }', '{ nameContains: "nobody" }'],
  ['userStores', '{ nameContains: "prim" }', '{ nameContains: "nobody" }'],
])('%s are listed by part of their name', async (list, some, none) => {
  const found = async (filter: string) =>
    (await ask(web.url, `{ ${list}(filter: ${filter}) { edges { node { name } } totalCount } }`, {}, owner)).data[list];
  const names = { tenants: 'another', userStores: 'PRIMARY' };
  expect(await found(some)).toEqual({ edges: [{ node: { name: names[list as keyof typeof names] } }], totalCount: 1 });
  expect(await found(none)).toEqual({ edges: [], totalCount: 0 });
  expect((await found('{ nameContains: null }')).totalCount).toBeGreaterThan(0);
});

test('held removals are listed by connector and by identity provider', async () => {
  const asked = 'edges { node { targetId provisioningConnector { identityProvider { id } } } } totalCount';
  const found = async (filter: string) =>
    (await ask(web.url, `{ heldRemovals(filter: ${filter}) { ${asked} } }`, {}, viewer)).data.heldRemovals;
  const { edges, totalCount } = await found('{}');
  expect(totalCount).toBe(2);
  const [{ node }, { node: other }] = edges;
  expect(await found(`{ targetId: "${node.targetId}" }`)).toEqual({ edges: [{ node }], totalCount: 1 });
  const providerId = node.provisioningConnector.identityProvider.id;
  expect(await found(`{ identityProviderId: "${providerId}" }`)).toEqual({ edges, totalCount });
  const { data } = await ask(web.url, '{ identityProviders { edges { node { id } } } }', {}, viewer);
  const elsewhere = data.identityProviders.edges.map((edge: any) => edge.node.id).find((each: string) => each !== providerId);
  expect(await found(`{ identityProviderId: "${elsewhere}" }`)).toEqual({ edges: [], totalCount: 0 });
  expect(await found(`{ targetId: "${other.targetId}", identityProviderId: "${elsewhere}" }`)).toEqual({ edges: [], totalCount: 0 });
});

test('how many there are is counted only where it is asked', async () => {
  read.length = 0;
  await ask(web.url, '{ users { edges { node { links { edges { node { id } } } } } } }', {}, viewer);
  expect(read).toEqual(['page', 'pagesOf']);
});

test('a cursor of something else is refused', async () => {
  const { errors } = await ask(web.url, '{ users { edges { node { links(after: "x") { edges { cursor } } } } } }', {}, viewer);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ path: ['after'] }] });
});

test('each of several mutations in one document shows what is there after it', async () => {
  const { data } = await ask(
    web.url,
    '{ groups { edges { node { id name version } } } users { edges { node { id userName version } } } }',
    {},
    viewer,
  );
  const [group] = data.groups.edges.map(({ node }: any) => node).filter(({ name }: any) => name === 'a');
  const [user] = data.users.edges.map(({ node }: any) => node).filter(({ userName }: any) => userName === 'ann');
  const groups = '... on User { groups(first: 1) { edges { node { name } } } }';
  const answer = await ask(
    web.url,
    `mutation {
      one: changeUser(input: { id: "${user.id}", version: ${user.version} }) { ${groups} }
      changeGroup(input: { id: "${group.id}", version: ${group.version}, name: "renamed" }) { __typename }
      two: deactivateUser(input: { id: "${user.id}", version: ${user.version} }) { __typename ... on Problem { message } ${groups} }
    }`,
    {},
    operator,
  );
  expect(answer.data.one.groups.edges[0].node.name).toBe('a');
  expect(answer.data.two.groups.edges[0].node.name).toBe('renamed');
});
