import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Call, Connector } from '../../src/connectors/contract/connector.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import { definitions } from '../../src/connectors/registry.ts';
import { scim2 } from '../../src/connectors/scim2/index.ts';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { startQuirkyScimServer, type Quirks, type QuirkyScimServer } from '../support/targets/quirky-scim-server.ts';
import { createBench, failureOf } from './bench.ts';
import { liveChecks } from './live-kit.ts';

const http = createHttpClient({ allowInternalAddresses: true });
const servers: QuirkyScimServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => http.close());

async function connect(quirks: Quirks, form: Record<string, unknown> = {}): Promise<{ server: QuirkyScimServer; scim: Connector }> {
  const server = await startQuirkyScimServer(quirks);
  servers.push(server);
  const config = { baseUrl: server.url, token: 'x', ...form };
  return { server, scim: openConnector(definitions, { connectorType: 'scim2', config }, { http, now: Date.now }) };
}
function call(): Call {
  return { operationId: null, signal: AbortSignal.timeout(10_000), log: () => undefined };
}
function methodsOf(server: QuirkyScimServer): readonly string[] {
  return server.requests.filter(({ path }) => path !== '/ServiceProviderConfig').map(({ method }) => method);
}

/** Servers as they are met, each with several quirks at once. All of them keep the whole contract through this connector. */
const survivors: readonly (readonly [string, Quirks])[] = [
  ['has no quirks', {}],
  [
    'has no discovery, knows filters on userName only, sends application/json and conflicts without scimType',
    { discovery: 404, filter: 'only-user-name', contentType: 'application/json', conflict: 'without-scim-type', deleteAnswersBody: true },
  ],
  ['uses the name as id and answers 500 for who is gone', { idIsUserName: true, missing: 500, filterSupported: true }],
  ['says it has no PATCH', { patchSupported: false, patch: 501, putKeepsLists: true, etags: true }],
  ['has no PATCH and does not say so', { discovery: 404, patch: 404, putKeepsLists: true }],
  ['refuses PATCH although it says it knows it', { patch: 405 }],
  ['answers discovery with a page in HTML, refuses filters, and pages by three', { discovery: 200, filter: 400, pageSize: 3 }],
  ['ignores filters and pages by two', { filter: 'ignored', pageSize: 2 }],
  ['ignores filters and paging', { filter: 'ignored', ignoresPaging: true }],
  ['has filters not implemented and discovery broken', { discovery: 500, filter: 501 }],
  ['says 404 where a filter matches nobody', { filter: 404, filterSupported: false }],
  ['answers without a body', { createAnswersLocation: true, changesAnswer204: true }],
  ['reads application/json only', { acceptsOnly: 'application/json', conflict: '400-uniqueness' }],
  ['refuses to remove what is not there', { strictRemove: true }],
  [
    'stores a member as often as it is added, and keeps those who are gone',
    { storesMembersTwice: true, keepsDanglingMembers: true, bareRemove: 'everybody' },
  ],
  [
    'does half of what it refuses, and refuses members it does not know',
    { halfDone: true, storesMembersTwice: true, strictRemove: true, unknownMember: 400, uniqueGroupNames: true },
  ],
  ['says 404 for members it does not know and has no discovery', { discovery: 404, unknownMember: 404, bareRemove: 'nobody' }],
  ['fails at members it does not know', { unknownMember: 500, storesMembersTwice: true }],
  ['never lists members', { hidesMembers: true, unknownMember: 422 }],
  ['has PATCH for accounts only', { groupPatch: 405, putKeepsLists: true, etags: true }],
  ['has PATCH for accounts only and says nothing of itself', { discovery: 404, groupPatch: 404 }],
];

describe.each(survivors)('a server that %s', (_, quirks) => {
  const checks = liveChecks(scim2).filter(({ name }) => !(quirks.idIsUserName && name.startsWith('a renamed account keeps its id')));
  it('keeps the contract', async () => {
    const { scim, server } = await connect(quirks);
    const bench = createBench(scim2, scim, { baseUrl: server.url, token: 'x' }, {}, quirks.hidesMembers ? null : server.groups);
    for (const check of checks) {
      await check.run(bench).catch((error: unknown) => {
        throw new Error(`Broken: ${check.name}`, { cause: error });
      });
    }
    expect(await bench.cleanUp()).toEqual([]);
    expect(server.users.size).toBe(0);
    expect(server.groups.groups.size).toBe(0);
  });
});

describe('what others set at the server', () => {
  const others = {
    userName: 'ada',
    roles: [{ value: 'admin' }],
    name: { familyName: 'Lovelace', middleName: 'King' },
    'urn:example:extra': { badge: 7 },
    emails: [{ value: 'ada@example.com', type: 'home', display: 'Ada' }],
  };
  it.each([['PATCH', {}] as const, ['PUT', { patchSupported: false, patch: 501 }] as const])('stays through %s', async (_, quirks) => {
    const { server, scim } = await connect(quirks);
    const id = server.put(others) as AccountId;
    await scim.update(id, { givenName: 'Augusta', title: 'Countess' }, call());
    expect(server.users.get(id)).toMatchObject({
      ...others,
      name: { ...others.name, givenName: 'Augusta' },
      title: 'Countess',
      active: true,
    });
  });
  it('is not overwritten by a PUT where the server compares versions', async () => {
    const { server, scim } = await connect({ patchSupported: false, patch: 501, etags: true, changedAfterRead: true });
    const id = server.put(others) as AccountId;
    expect(await failureOf(scim.update(id, { title: 'Countess' }, call()))).toEqual({ kind: 'transient', mayHaveApplied: false });
    await scim.update(id, { title: 'Countess' }, call());
    expect(server.users.get(id)).toMatchObject({ title: 'Countess', nickName: 'changed meanwhile' });
  });
});

describe('finding an account', () => {
  it('gives both where the server lets names in that differ in case', async () => {
    const { server, scim } = await connect({ caseSensitiveNames: true });
    server.put({ userName: 'A@X' });
    server.put({ userName: 'a@x' });
    expect(await scim.find('userName', 'a@x', call())).toHaveLength(2);
  });
  it('asks in lower case as well, for servers that compare by case', async () => {
    const { server, scim } = await connect({ filter: 'case-sensitive' });
    server.put({ userName: 'ada@x' });
    expect(await scim.find('userName', 'Ada@X', call())).toHaveLength(1);
  });
  it('looks through the list for a name that the server called taken but did not show', async () => {
    const { server, scim } = await connect({ filter: 'case-sensitive' });
    server.put({ userName: 'Ada@X' });
    expect(await scim.find('userName', 'ada@x', call())).toEqual([]);
    expect(await failureOf(scim.create({ userName: 'ada@x' }, call()))).toMatchObject({ kind: 'conflict' });
    expect(await scim.find('userName', 'ada@x', call())).toHaveLength(1);
  });
  it('does not believe an empty answer about externalId from a server that promises no filters', async () => {
    const { server, scim } = await connect({ discovery: 404, filter: 'only-user-name' });
    server.put({ userName: 'ada', externalId: 'u1' });
    expect(await scim.find('externalId', 'u1', call())).toHaveLength(1);
    expect(await scim.find('externalId', 'U1', call())).toEqual([]);
  });
  it('does not list a server that is too large, and says so', async () => {
    const { server, scim } = await connect({ filterSupported: false }, { listingLimit: 5 });
    for (let i = 0; i < 7; i++) server.put({ userName: `u${i}` });
    expect(await failureOf(scim.find('userName', 'u9', call()))).toEqual({ kind: 'rejected' });
  });
  it('lists nobody where the administrator wants filters only', async () => {
    const { server, scim } = await connect({ filter: 400 }, { filterUse: 'filter' });
    expect(await failureOf(scim.find('userName', 'ada', call()))).toEqual({ kind: 'rejected', attribute: 'userName' });
    expect(server.requests.some(({ query }) => query.includes('startIndex'))).toBe(false);
  });
  it('filters nothing where the administrator wants the list', async () => {
    const { server, scim } = await connect({ filter: 500 }, { filterUse: 'list' });
    server.put({ userName: 'ada' });
    expect(await scim.find('userName', 'Ada', call())).toHaveLength(1);
    expect(server.requests.some(({ query }) => query.includes('filter'))).toBe(false);
  });
});

describe('changing an account', () => {
  it('tries PATCH once at a server that has none, and then no more', async () => {
    const { server, scim } = await connect({ discovery: 404, patch: 405 });
    const id = server.put({ userName: 'ada' }) as AccountId;
    await scim.update(id, { title: 'A' }, call());
    await scim.update(id, { title: 'B' }, call());
    expect(methodsOf(server)).toEqual(['PATCH', 'GET', 'GET', 'PUT', 'GET', 'PUT']);
  });
  it('is refused where the administrator wants PATCH only and the server has none', async () => {
    const { server, scim } = await connect({ patch: 501 }, { updateMethod: 'patch' });
    const id = server.put({ userName: 'ada' }) as AccountId;
    expect(await failureOf(scim.update(id, { title: 'A' }, call()))).toEqual({ kind: 'rejected' });
  });
  it('sends one operation with its whole path for every attribute', async () => {
    const { server, scim } = await connect({});
    const id = server.put({ userName: 'ada' }) as AccountId;
    await scim.update(id, { givenName: 'Ada', department: 'Engines', emails: ['a@x', 'b@x'], title: null, manager: 'm1' }, call());
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    expect(server.requests.at(-1)?.body.Operations).toEqual([
      { op: 'replace', path: 'active', value: true },
      { op: 'replace', path: 'name.givenName', value: 'Ada' },
      { op: 'replace', path: `${enterprise}:department`, value: 'Engines' },
      {
        op: 'replace',
        path: 'emails',
        value: [
          { type: 'work', value: 'a@x', primary: true },
          { type: 'other', value: 'b@x', primary: false },
        ],
      },
      { op: 'remove', path: 'title' },
      { op: 'replace', path: `${enterprise}:manager`, value: { value: 'm1' } },
    ]);
  });
  it('does not count access as ended where the server left it', async () => {
    const { server, scim } = await connect({ neverDeactivates: true });
    const id = server.put({ userName: 'ada', active: true }) as AccountId;
    expect(await failureOf(scim.deactivate!(id, call()))).toEqual({ kind: 'rejected' });
  });
});
