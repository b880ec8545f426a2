/** Groups at SCIM servers that deviate: each deviation is shown at the fake by hand first, then survived. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Call, Connector, GroupCalls } from '../../src/connectors/contract/connector.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import { definitions } from '../../src/connectors/registry.ts';
import type { AccountId, TargetGroupId } from '../../src/domain/vocabulary.ts';
import { startQuirkyScimServer, type Quirks, type QuirkyScimServer } from '../support/targets/quirky-scim-server.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { errorOf, failureOf } from './bench.ts';

const http = createHttpClient({ allowInternalAddresses: true });
const servers: QuirkyScimServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => http.close());

interface Staff {
  readonly server: QuirkyScimServer;
  readonly groups: GroupCalls;
  readonly scim: Connector;
  readonly id: TargetGroupId;
}
/** A server with a group called Staff: ada and bob are in it, cleo is not. */
async function staff(quirks: Quirks = {}, form: Record<string, unknown> = {}): Promise<Staff> {
  const server = await startQuirkyScimServer(quirks);
  servers.push(server);
  for (const id of [ada, bob, cleo]) server.put({ id, userName: id });
  const id = server.groups.put({ displayName: 'Staff', members: [{ value: ada }, { value: bob }] }) as TargetGroupId;
  const scim = connect(server.url, form);
  return { server, scim, groups: scim.groups!, id };
}
function connect(baseUrl: string, form: Record<string, unknown> = {}): Connector {
  return openConnector(definitions, { connectorType: 'scim2', config: { baseUrl, token: 'x', ...form } }, { http, now: Date.now });
}
function call(): Call {
  return { operationId: null, signal: AbortSignal.timeout(10_000), log: () => undefined };
}
async function byHand(server: QuirkyScimServer, id: string, operation: object): Promise<number> {
  const body = JSON.stringify({ Operations: [operation] });
  return (await fetch(`${server.url}/Groups/${encodeURIComponent(id)}`, { method: 'PATCH', body })).status;
}
function writes(server: QuirkyScimServer): readonly string[] {
  return server.requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);
}
const ada = 'ada' as AccountId;
const bob = 'bob' as AccountId;
const cleo = 'cleo' as AccountId;
const nobody = 'nobody' as AccountId;

describe('a server that stores a member twice when it is added twice', () => {
  const quirks = { storesMembersTwice: true };
  it('does so by hand', async () => {
    const { server, id } = await staff(quirks);
    await byHand(server, id, { op: 'add', path: 'members', value: [{ value: ada }] });
    expect(server.groups.membersOf('Staff')).toEqual([ada, bob, ada]);
  });
  it('is told of those only who are not there yet, and of nothing where all are', async () => {
    const { server, groups, id } = await staff(quirks);
    await groups.add(id, [ada, cleo], call());
    await groups.add(id, [ada, cleo], call());
    expect(server.groups.membersOf('Staff')).toEqual([ada, bob, cleo]);
    expect(writes(server)).toEqual(['PATCH']);
  });
  it('stores nobody twice either where it did half of what it then refused', async () => {
    const { server, groups, id } = await staff({ ...quirks, halfDone: true, unknownMember: 400 });
    expect(await groups.add(id, [cleo, nobody], call())).toEqual({ unknown: [nobody] });
    expect(server.groups.membersOf('Staff')).toEqual([ada, bob, cleo]);
  });
});

describe.each([
  ['everybody', []],
  ['nobody', [ada, bob]],
] as const)('a server where removing without a filter in the path removes %s', (bareRemove, left) => {
  it('does so by hand', async () => {
    const { server, id } = await staff({ bareRemove });
    expect(await byHand(server, id, { op: 'remove', path: 'members', value: [{ value: ada }] })).toBe(200);
    expect(server.groups.membersOf('Staff')).toEqual(left);
  });
  it('loses the members that are named, each by a path of its own', async () => {
    const { server, groups, id } = await staff({ bareRemove });
    await groups.remove(id, [ada, cleo], call());
    expect(server.groups.membersOf('Staff')).toEqual([bob]);
    expect(server.requests.at(-1)?.body.Operations).toEqual([
      { op: 'remove', path: 'members[value eq "ada"]' },
      { op: 'remove', path: 'members[value eq "cleo"]' },
    ]);
  });
});

describe('a server that lists no members', () => {
  it('gets and loses them all the same, with one change a call', async () => {
    const { server, groups, id } = await staff({ hidesMembers: true });
    await groups.add(id, [cleo], call());
    await groups.remove(id, [ada], call());
    expect(server.groups.membersOf('Staff')).toEqual([bob, cleo]);
    expect(writes(server)).toEqual(['PATCH', 'PATCH']);
  });
});

describe('a server that refuses to remove who is not there', () => {
  it.each([false, true])('loses those who are (done half when refused: %s)', async (halfDone) => {
    const { server, groups, id } = await staff({ strictRemove: true, halfDone });
    await groups.remove(id, [ada, cleo, bob], call());
    expect(server.groups.membersOf('Staff')).toEqual([]);
  });
});

describe.each([400, 404, 422, 500] as const)('a server that answers %s to members it does not know', (unknownMember) => {
  it('takes the others, and the unknown ones are told', async () => {
    const { server, groups, id } = await staff({ unknownMember });
    expect(await groups.add(id, [nobody, cleo], call())).toEqual({ unknown: [nobody] });
    expect(server.groups.membersOf('Staff')).toEqual([ada, bob, cleo]);
  });
});

describe('a server without PATCH for groups', () => {
  it.each<readonly [string, Quirks]>([
    ['says so', { patchSupported: false, patch: 501 }],
    ['answers 405', { groupPatch: 405 }],
    ['answers 404 and says nothing of itself', { discovery: 404, groupPatch: 404 }],
  ])('that %s is read and written whole: what others put there stays', async (_, quirks) => {
    const { server, groups, id } = await staff({ putKeepsLists: true, ...quirks });
    server.groups.put({ ...server.groups.groups.get(id)!, 'urn:example:extra': { badge: 7 } });
    server.groups.putForeignMember('Staff');
    await groups.rename(id, 'Crew', call());
    await groups.add(id, [ada, cleo], call());
    await groups.remove(id, [bob], call());
    expect(server.groups.membersOf('Crew')).toEqual([ada, 'group-of-others', cleo]);
    expect(server.groups.groups.get(id)).toMatchObject({ 'urn:example:extra': { badge: 7 } });
  });
  it('loses nobody whom others add meanwhile, where it compares versions', async () => {
    const { server, groups, id } = await staff({ patchSupported: false, patch: 501, etags: true, changedAfterRead: true });
    expect(await failureOf(groups.remove(id, [bob], call()))).toEqual({ kind: 'transient', mayHaveApplied: false });
    await groups.remove(id, [bob], call());
    expect(server.groups.membersOf('Staff')).toEqual([ada, 'group-of-others']);
  });
  it('is refused where the administrator wants PATCH only', async () => {
    const { groups, id } = await staff({ groupPatch: 405 }, { updateMethod: 'patch' });
    expect(await failureOf(groups.add(id, [cleo], call()))).toEqual({ kind: 'rejected' });
  });
});

describe('the name of a group', () => {
  it('is compared exactly: another that differs in case is not taken for it', async () => {
    const { server, groups, id } = await staff();
    server.groups.put({ displayName: 'staff' });
    expect(await groups.find('Staff', call())).toEqual([{ id, name: 'Staff' }]);
    expect(await groups.find('STAFF', call())).toEqual([]);
  });
  it('is searched and read without asking for members', async () => {
    const { server, groups, id } = await staff();
    await groups.find('Staff', call());
    await groups.read(id, call());
    const asked = server.requests.filter(({ path }) => path.startsWith('/Groups'));
    expect(asked.map(({ query }) => query.includes('excludedAttributes=members'))).toEqual([true, true]);
  });
  it('does not count as changed where the server left the old one', async () => {
    const { groups, id } = await staff({ neverRenames: true });
    expect(await failureOf(groups.rename(id, 'Crew', call()))).toEqual({ kind: 'rejected' });
  });
});

describe('a server without groups', () => {
  it.each([404, 501] as const)('that answers %s is told as such', async (status) => {
    const { groups } = await staff({ groups: status, discovery: 404 });
    const { failure, message } = await errorOf(groups.create('Staff', call()));
    expect(failure).toEqual({ kind: 'rejected' });
    expect(message).toBe(`The server has no groups: ${status} for Groups below the base URL.`);
    expect(await failureOf(connectAgain().groups!.find('Staff', call()))).toEqual({ kind: 'rejected' });
    function connectAgain(): Connector {
      return connect(servers.at(-1)!.url, { filterUse: 'list' });
    }
  });
  it.each([404, 501] as const)('that answers %s fails the check only where groups are wanted', async (status) => {
    const { server, scim } = await staff({ groups: status });
    expect(await scim.check(call())).toEqual([]);
    expect(await connect(server.url, { groups: true }).check(call())).toEqual([
      { field: 'groups', message: `The server has no groups: ${status} for Groups below the base URL.` },
    ]);
  });
  it('is not what one is that says it has groups and is answered for by something in front of it', async () => {
    const server = await startScimServer();
    try {
      const groups = connect(server.url, { token: server.token }).groups!;
      server.fault('404');
      expect(await failureOf(groups.create('Staff', call()))).toEqual({ kind: 'transient', mayHaveApplied: false });
      expect(server.groups()).toEqual([]);
    } finally {
      await server.close();
    }
  });
  it('is none that has them: the check says nothing', async () => {
    expect(await (await staff({}, { groups: true })).scim.check(call())).toEqual([]);
  });
});
