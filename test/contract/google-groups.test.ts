/** What is special about Google's groups: they have addresses, and take a while to be seen. */
import { afterAll, describe, expect, it } from 'vitest';
import type { AccountId, TargetGroupId } from '../../src/domain/vocabulary.ts';
import { refusals } from '../support/targets/google-errors.ts';
import { errorOf, failureOf } from './bench.ts';
import { ann, call, googleBench } from './google-bench.ts';

const bench = googleBench();
afterAll(() => bench.close());

async function begin(config: Record<string, unknown> = {}) {
  const server = await bench.start();
  const connector = bench.open(server, config);
  const addressOf = (id: TargetGroupId) => server.directory.groups.get(id)?.email;
  return { server, connector, groups: connector.groups!, addressOf };
}

describe("a group's address", () => {
  it.each([
    ['Sales', 'sales@example.com'],
    ['Büro & Lager (Graz)', 'buro-lager-graz@example.com'],
    ['日本', 'group-c91e26b1@example.com'],
  ])('of %s is %s', async (name, address) => {
    const { groups, addressOf } = await begin();
    const { id } = await groups.create(name, call());
    expect(addressOf(id)).toMatch(name === '日本' ? /^group-[0-9a-f]{8}@example\.com$/ : address);
  });

  it('is in the domain of groups', async () => {
    const { groups, addressOf } = await begin({ groupDomain: 'example.net' });
    expect(addressOf((await groups.create('Sales', call())).id)).toBe('sales@example.net');
  });

  it('is another one where a person or another group has it, and the group is found all the same', async () => {
    const { connector, groups, addressOf } = await begin();
    await connector.create({ ...ann, primaryEmail: 'sales@example.com' }, call());
    const group = await groups.create('Sales', call());
    expect(addressOf(group.id)).toMatch(/^sales-[0-9a-f]{8}@example\.com$/);
    expect(await groups.find('Sales', call())).toEqual([group]);
    expect(await failureOf(groups.create('Sales', call()))).toEqual({ kind: 'conflict' });
    const other = await groups.create('SALES', call());
    expect(await groups.find('SALES', call())).toEqual([other]);
  });

  it('follows a new name, unless somebody chose it or the new one is taken', async () => {
    const { server, connector, groups, addressOf } = await begin();
    const { id } = await groups.create('Sales', call());
    await groups.rename(id, 'Marketing', call());
    expect(addressOf(id)).toBe('marketing@example.com');
    await connector.create({ ...ann, primaryEmail: 'staff@example.com' }, call());
    expect(await groups.rename(id, 'Staff', call())).toEqual({ id, name: 'Staff' });
    expect(addressOf(id)).toBe('marketing@example.com');
    await groups.rename(id, 'Everybody', call());
    expect(addressOf(id)).toBe('marketing@example.com');
    expect(server.directory.groups.get(id)?.name).toBe('Everybody');
  });
});

describe('a group that was just made', () => {
  it('is missing while Google does not show it: how long to believe it is the matter of the house', async () => {
    const { server, connector, groups } = await begin();
    const { id: member } = await connector.create(ann, call());
    server.directory.hideNew(2);
    const { id } = await groups.create('Sales', call());
    expect(await failureOf(groups.add(id, [member], call()))).toEqual({ kind: 'missing' });
    expect(await failureOf(groups.rename(id, 'Marketing', call()))).toEqual({ kind: 'missing' });
    server.answerNext(refusals.notAuthorized());
    expect(await failureOf(groups.add(id, [member], call()))).toEqual({ kind: 'unauthorized' });
    expect(await groups.add(id, [member], call())).toEqual({ unknown: [] });
  });

  it('is not made a second time under its other address while nobody sees who has the first, or what that is called', async () => {
    const { server, groups } = await begin();
    server.directory.hideNew(4, { searches: 9, unnamed: 1 });
    await groups.create('Sales', call());
    const notYet = { kind: 'transient', mayHaveApplied: false };
    expect(await groups.find('Sales', call())).toEqual([]);
    expect(await failureOf(groups.create('Sales', call()))).toEqual(notYet);
    expect(await failureOf(groups.create('Sales', call()))).toEqual(notYet);
    expect(await failureOf(groups.create('Sales', call()))).toEqual(notYet);
    expect(await failureOf(bench.open(server).groups!.create('Sales', call()))).toEqual(notYet);
    expect(await failureOf(bench.open(server).groups!.create('Sales', call()))).toEqual({ kind: 'conflict' });
    expect(server.directory.groups.size).toBe(1);
  });

  it('takes a member that was just made later, and tells one that nobody knows', async () => {
    const { server, connector, groups } = await begin();
    const { id } = await groups.create('Sales', call());
    server.directory.hideNew(1);
    const { id: member } = await connector.create(ann, call());
    const nobody = '100000000000000000000' as AccountId;
    expect(await groups.add(id, [nobody, member], call())).toEqual({ unknown: [nobody, member] });
    server.answerNext(refusals.notAuthorized());
    expect(await errorOf(groups.add(id, [member], call()))).toMatchObject({ failure: { kind: 'unauthorized' }, saidOfNew: true });
    expect(await groups.add(id, [nobody, member], call())).toEqual({ unknown: [nobody] });
  });
});

describe('groups', () => {
  it('are refused where the connector was set up without them, and nothing is asked', async () => {
    const { server, groups } = await begin({ useGroups: false });
    expect(await failureOf(groups.create('Sales', call()))).toEqual({ kind: 'rejected' });
    expect(server.requests).toEqual([]);
  });

  it('stop in the middle where Google wants fewer calls, and go on from there', async () => {
    const { server, connector, groups } = await begin();
    const members = await Promise.all(
      [1, 2, 3, 4].map(async (n) => (await connector.create({ ...ann, primaryEmail: `p${n}@example.com` }, call())).id),
    );
    const { id } = await groups.create('Sales', call());
    server.quota(2);
    expect(await failureOf(groups.add(id, members, call()))).toEqual({ kind: 'throttled', retryAfterMs: 10_000 });
    expect(server.directory.groups.get(id)?.members.size).toBe(2);
    server.quota(Infinity);
    expect(await groups.add(id, members, call())).toEqual({ unknown: [] });
    expect(server.directory.groups.get(id)?.members.size).toBe(4);
  });
});
