import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settledEvents } from '../support/events.ts';
import { UniqueViolation } from '../../src/commands/ports.ts';
import type { AccountId, TenantId, UserId } from '../../src/domain/vocabulary.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { addUser, inAMinute, lane, makeWorld, succeeded, type World } from './world.ts';

let database: TestDatabase;
let ours: World;
let theirs: World;
beforeAll(async () => {
  database = await testDatabase();
  ours = await makeWorld(database, 'Ours');
  theirs = await makeWorld(database, 'Theirs');
});
afterAll(() => database.close());

describe('records', () => {
  it('come back as they went in, plain', async () => {
    const read = await database.reads(ours.tenantId).byId('target', ours.target.id);
    expect(read).toEqual(ours.target);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('never show hashes and sealed secrets', async () => {
    await database.transaction(ours.tenantId, async (tx) => {
      await tx.setPassword({ kind: 'user', id: ours.user.id }, 'CANARY-HASH');
      await tx.putSecrets({ kind: 'target', id: ours.target.id }, { token: 'CANARY-TOKEN' });
    });
    const reads = database.reads(ours.tenantId);
    const shown = JSON.stringify([
      await reads.find('user', {}),
      await reads.find('target', {}),
      await reads.provisioningView(ours.user.id, null),
      await reads.loginView(ours.serviceProvider.id, { userId: ours.user.id }),
    ]);
    expect(shown).not.toMatch(/CANARY|v1\.test/);
  });

  it('are found by equality, lists, null, dates and parts of a text', async () => {
    const made = await database.transaction(ours.tenantId, async (tx) => [
      await addUser(tx, ours.storeId, 'per_cent%'),
      await addUser(tx, ours.storeId, 'perxcenty'),
    ]);
    const reads = database.reads(ours.tenantId);
    const names = async (where: Parameters<typeof reads.find<'user'>>[1]) => (await reads.find('user', where)).map((user) => user.userName);
    expect(await names({ userName: { contains: 'PER_CENT%' } })).toEqual(['per_cent%']);
    expect(await names({ userName: 'PerXcentY' })).toEqual(['perxcenty']);
    expect(await names({ id: made.map((user) => user.id), removedAt: null })).toEqual(['per_cent%', 'perxcenty']);
    expect(await names({ createdAt: { since: made[0]!.createdAt, before: new Date(Date.now() + 1000) }, active: true })).toContain(
      'perxcenty',
    );
    expect(await names({ createdAt: { before: new Date(0) } })).toEqual([]);
    expect(await names({ id: 'no id at all' as UserId })).toEqual([]);
  });

  it('are paged by key, forwards and backwards', async () => {
    const world = await makeWorld(database, 'Pages');
    await database.transaction(world.tenantId, async (tx) => {
      for (const name of ['b', 'c', 'd', 'e']) await addUser(tx, world.storeId, name);
    });
    const reads = database.reads(world.tenantId);
    const first = await reads.page('user', { where: {}, first: 2, after: null, newestFirst: true });
    expect(first.items.map((user) => user.userName)).toEqual(['e', 'd']);
    expect(first.hasNextPage).toBe(true);
    const last = await reads.page('user', { where: {}, first: 9, after: first.items[1]!.id, newestFirst: true });
    expect(last.items.map((user) => user.userName)).toEqual(['c', 'b', 'ada']);
    expect(last.hasNextPage).toBe(false);
    expect(await reads.count('user', {})).toBe(5);
  });

  it('are paged and counted for several parents at once, of this tenant alone', async () => {
    const world = await makeWorld(database, 'Parents');
    const stranger = await database.transaction(theirs.tenantId, async (tx) => {
      await tx.insert('assignment', { userId: theirs.user.id, targetId: theirs.target.id, serviceProviderId: null });
      return theirs.user.id;
    });
    const [many, few, none] = await database.transaction(world.tenantId, async (tx) => {
      const [many, few, none] = [world.user, await addUser(tx, world.storeId, 'few'), await addUser(tx, world.storeId, 'none')];
      const groups = [];
      for (const name of ['a', 'b', 'c']) groups.push(await tx.insert('group', { name }));
      for (const group of groups) await tx.insert('membership', { userId: many.id, groupId: group.id });
      await tx.insert('membership', { userId: few.id, groupId: groups[0]!.id });
      return [many.id, few.id, none.id];
    });
    const reads = database.reads(world.tenantId);
    const request = { where: {}, first: 2, after: null, newestFirst: true };
    const pages = await reads.pagesOf('membership', 'userId', [many, few, none, 'no id'], request);
    const all = await reads.find('membership', { userId: many });
    expect([...pages.keys()].sort()).toEqual([many, few].sort());
    expect(pages.get(many)).toEqual({ items: all.toReversed().slice(0, 2), hasNextPage: true });
    expect(pages.get(few)).toMatchObject({ items: [{ userId: few }], hasNextPage: false });
    const next = await reads.pagesOf('membership', 'userId', [many], { ...request, after: all[1]!.id });
    expect(next.get(many)).toEqual({ items: [all[0]], hasNextPage: false });
    expect(await reads.pagesOf('membership', 'userId', [many], { ...request, after: 'no id' })).toEqual(new Map());
    const some = { groupId: all.slice(0, 2).map(({ groupId }) => groupId) };
    expect(await reads.countsOf('membership', 'userId', [many, few, none], some)).toEqual(
      new Map([
        [many, 2],
        [few, 1],
      ]),
    );
    expect(await reads.pagesOf('assignment', 'userId', [stranger], request)).toEqual(new Map());
    expect(await reads.countsOf('assignment', 'userId', [stranger], {})).toEqual(new Map());
  });

  it('refuse a change of a version that is no more', async () => {
    const changed = await database.transaction(ours.tenantId, (tx) => tx.change('user', ours.user.id, { attributes: { a: [1] } }, 1));
    expect(changed).toMatchObject({ version: 2, attributes: { a: [1] } });
    expect(await database.transaction(ours.tenantId, (tx) => tx.change('user', ours.user.id, { active: false }, 1))).toBe('stale');
    const nobody = ours.user.id.replace(/^./, 'f');
    expect(await database.transaction(ours.tenantId, (tx) => tx.change('user', nobody, { active: false }, 1))).toBe('missing');
  });

  it('have names that are taken without regard to case, until their user is removed', async () => {
    const add = () => database.transaction(ours.tenantId, (tx) => addUser(tx, ours.storeId, 'Bob'));
    const bob = await add();
    await expect(database.transaction(ours.tenantId, (tx) => addUser(tx, ours.storeId, 'BOB'))).rejects.toThrow(UniqueViolation);
    await database.transaction(ours.tenantId, (tx) => tx.change('user', bob.id, { removedAt: new Date() }));
    expect((await add()).id).not.toBe(bob.id);
  });

  it('start over a first sign-in that met another of the same person', async () => {
    const identityProviderId = ours.target.identityProviderId;
    const who = { identityProviderId, issuer: 'https://idp', subject: 'eve' };
    const signIn = () =>
      database.transaction(ours.tenantId, async (tx) => {
        const { known } = await tx.loginView(ours.serviceProvider.id, who);
        if (known) return known.user.id;
        const user = await addUser(tx, ours.storeId, 'eve');
        await tx.insert('identity', { ...who, userId: user.id });
        return user.id;
      });
    const ids = await Promise.all(Array.from({ length: 8 }, signIn));
    expect(new Set(ids).size).toBe(1);
  });

  it('keep every character, also where a statement is prepared and runs again', async () => {
    const nasty = [`O'Brien`, `'); drop table "user"; --`, 'a\\b"c{d},e', '$1 ünï 💥', `\\'`, ''];
    for (const name of nasty) {
      const made = await database.transaction(ours.tenantId, (tx) =>
        tx.insert('user', { userStoreId: ours.storeId, userName: name, attributes: { name: [name] }, active: true, removedAt: null }),
      );
      const found = await database.reads(ours.tenantId).find('user', { userName: [name, 'nobody else'] });
      expect(found).toEqual([made]);
      expect(found[0]).toMatchObject({ userName: name, attributes: { name: [name] } });
      expect(await database.reads(ours.tenantId).find('user', { userName: name })).toEqual([made]);
    }
  });

  it('commit together or not at all', async () => {
    const failing = database.transaction(ours.tenantId, async (tx) => {
      await addUser(tx, ours.storeId, 'nobody');
      throw new Error('on second thoughts');
    });
    await expect(failing).rejects.toThrow('on second thoughts');
    expect(await database.reads(ours.tenantId).count('user', { userName: 'nobody' })).toBe(0);
  });

  it('run statements of one transaction one after the other although nobody waited', async () => {
    const counts = await database.transaction(ours.tenantId, (tx) =>
      Promise.all([tx.count('user', {}), tx.insert('group', { name: 'Parallel' }), tx.count('group', { name: 'Parallel' })]),
    );
    expect(counts[2]).toBe(1);
  });
});

describe('another tenant', () => {
  it('is reached by no read', async () => {
    const reads = database.reads(ours.tenantId);
    const { user, target, serviceProvider } = theirs;
    for (const kind of ['user', 'target', 'serviceProvider', 'identityProvider', 'userStore', 'operation', 'link'] as const) {
      expect((await reads.find(kind, {})).every((record) => record.tenantId === ours.tenantId)).toBe(true);
      const page = await reads.page(kind, { where: {}, first: 100, after: null, newestFirst: false });
      expect(page.items.every((record) => record.tenantId === ours.tenantId)).toBe(true);
    }
    expect(await reads.byId('user', user.id)).toBeNull();
    expect(await reads.find('user', { id: user.id })).toEqual([]);
    expect(await reads.count('target', { id: target.id })).toBe(0);
    expect(await reads.provisioningView(user.id, serviceProvider.id)).toBeNull();
    expect(await reads.loginView(serviceProvider.id, { userId: user.id })).toEqual({
      serviceProvider: null,
      identityProvider: null,
      known: null,
    });
    expect(await reads.secretNamesOf('target', [target.id])).toEqual(new Map());
  });

  it('is reached by no write', async () => {
    const { user, target } = theirs;
    await database.transaction(ours.tenantId, async (tx) => {
      expect(await tx.change('user', user.id, { userName: 'stolen' })).toBe('missing');
      expect(await tx.remove('user', { id: user.id })).toBe(0);
      expect(await tx.lockUser(user.id)).toBeNull();
      expect(await tx.clearCondition(target.id)).toBe(false);
    });
    const refused = [
      () => database.transaction(ours.tenantId, (tx) => tx.putSecrets({ kind: 'target', id: target.id }, { token: 'x' })),
      () => database.transaction(ours.tenantId, (tx) => tx.setPassword({ kind: 'user', id: user.id }, 'x')),
      () => database.transaction(ours.tenantId, (tx) => tx.requestOperations([lane(theirs)])),
      () => database.transaction(ours.tenantId, (tx) => tx.requestOperations([lane(ours, { targetId: target.id })])),
    ];
    for (const attempt of refused) await expect(attempt()).rejects.toThrow(/There is no/);
    expect(await database.reads(theirs.tenantId).byId('user', user.id)).toEqual(user);
  });

  it('is not settled by an operation that says the wrong tenant', async () => {
    const [answer] = await database.transaction(theirs.tenantId, (tx) =>
      tx.requestOperations([lane(theirs, { lease: { owner: 'login', until: inAMinute() } })]),
    );
    const settlement = { ...succeeded(answer!.leased!), tenantId: ours.tenantId };
    expect(await database.operations.settle([settlement])).toEqual(['refused']);
    expect(await database.operations.settle([succeeded(answer!.leased!)])).toEqual(['settled']);
  });

  it('tells no event', async () => {
    await database.transaction(theirs.tenantId, (tx) =>
      tx.append([{ type: 'user.created', userId: theirs.user.id, payload: { by: 'x' } }]),
    );
    const { items } = await settledEvents(database.reads(ours.tenantId), { after: null, first: 1000, userId: theirs.user.id });
    expect(items).toEqual([]);
  });
});

describe('the views', () => {
  it('show the rows of the tenant until the service provider has its own, and whatever the user is assigned or linked to', async () => {
    const world = await makeWorld(database, 'Views');
    const row = { blocking: true, enableRules: false, jitOutbound: true, deadlineMs: 1000, whenDeadlinePasses: 'refuse' as const };
    const reads = database.reads(world.tenantId);
    const spId = world.serviceProvider.id;
    await database.transaction(world.tenantId, (tx) =>
      tx.insert('outboundRow', { ...row, serviceProviderId: null, targetId: world.target.id }),
    );
    expect((await reads.provisioningView(world.user.id, spId))!.candidates).toMatchObject([{ row: { serviceProviderId: null } }]);
    await database.transaction(world.tenantId, (tx) => tx.change('serviceProvider', spId, { ownsOutboundRows: true }));
    expect((await reads.provisioningView(world.user.id, spId))!.candidates).toEqual([]);
    await database.transaction(world.tenantId, async (tx) => {
      await tx.insert('assignment', { userId: world.user.id, targetId: world.target.id, serviceProviderId: spId });
      await tx.insert('link', {
        userId: world.user.id,
        targetId: world.target.id,
        accountId: 'a1' as AccountId,
        origin: 'created',
        active: true,
        applied: { userName: 'ada' },
        appliedAt: new Date(),
      });
      const group = await tx.insert('group', { name: 'Staff' });
      await tx.insert('membership', { groupId: group.id, userId: world.user.id });
    });
    const view = await reads.provisioningView(world.user.id, spId);
    expect(view!.groupIds).toHaveLength(1);
    expect(view!.candidates).toMatchObject([
      {
        row: null,
        link: { accountId: 'a1' },
        assignments: [{ serviceProviderId: spId }],
        identityProvider: { name: 'Corporate' },
        unfinished: null,
      },
    ]);
    expect(view!.candidates[0]!.link!.appliedAt).toBeInstanceOf(Date);
  });

  it('know nobody who was removed', async () => {
    const world = await makeWorld(database, 'Gone');
    await database.transaction(world.tenantId, (tx) => tx.change('user', world.user.id, { removedAt: new Date() }));
    expect((await database.reads(world.tenantId).loginView(world.serviceProvider.id, { userId: world.user.id })).known).toBeNull();
  });
});

describe('keys and credentials', () => {
  it('are used once, also by two at the same time', async () => {
    const use = () => database.transaction(ours.tenantId, (tx) => tx.useOnce('assertion 1', inAMinute()));
    expect((await Promise.all([use(), use(), use()])).filter(Boolean)).toHaveLength(1);
    expect(await database.transaction(theirs.tenantId, (tx) => tx.useOnce('assertion 1', inAMinute()))).toBe(true);
    expect(await database.forgetUsedBefore(new Date(Date.now() + 120_000))).toBe(2);
  });

  it('lock from the fifth wrong password on, for a minute and doubling', async () => {
    const holder = { tenantId: ours.tenantId, kind: 'user', id: ours.user.id } as const;
    const reserve = (seconds: number) => database.credentials.reserveTry(holder, new Date(Date.now() + seconds * 1_000));
    for (let n = 1; n < 5; n++) expect(await reserve(0)).toEqual({ hash: 'CANARY-HASH', number: n, locks: false });
    expect(await reserve(0)).toEqual({ hash: 'CANARY-HASH', number: 5, locks: true });
    expect(await reserve(30)).toBeNull();
    expect(await reserve(90)).toEqual({ hash: 'CANARY-HASH', number: 6, locks: true });
    expect(await reserve(90 + 90)).toBeNull();
    expect(await reserve(90 + 150)).toMatchObject({ number: 7 });
    await database.credentials.forgetTries(holder, 7);
    expect(await reserve(0)).toMatchObject({ number: 1, locks: false });
    await database.credentials.forgetTries({ ...holder, tenantId: theirs.tenantId }, 1);
    expect(await database.credentials.reserveTry({ ...holder, tenantId: theirs.tenantId }, new Date())).toBeNull();
    expect(await reserve(0)).toMatchObject({ number: 2 });
    await database.credentials.forgetTries(holder, 2);
  });

  it('are no ids of accounts for a user or at a target of another tenant', async () => {
    const claim = (tenantId: TenantId, userId = ours.user.id, targetId = ours.target.id) =>
      database.claimUserId(tenantId, { userId, targetId, base: 'ada', choices: ['ada'] });
    expect([
      await claim(theirs.tenantId),
      await claim(ours.tenantId, theirs.user.id),
      await claim(ours.tenantId, ours.user.id, theirs.target.id),
    ]).toEqual([null, null, null]);
    expect(await claim(ours.tenantId)).toEqual({ base: 'ada', value: 'ada' });
  });

  it('keep what was tried after a right password, and its lock', async () => {
    const holder = { tenantId: ours.tenantId, kind: 'user', id: ours.user.id } as const;
    const now = new Date();
    for (let n = 1; n <= 5; n++) await database.credentials.reserveTry(holder, now);
    await database.credentials.forgetTries(holder, 2);
    expect(await database.credentials.reserveTry(holder, now)).toBeNull();
    expect(await database.credentials.reserveTry(holder, new Date(now.getTime() + 61_000))).toMatchObject({ number: 4, locks: false });
    await database.credentials.forgetTries(holder, 4);
  });

  it('let API tokens in until they expire or are revoked, noting their use once a minute', async () => {
    const now = new Date();
    const token = { id: crypto.randomUUID(), name: 'ci', role: 'operator' as const, expiresAt: inAMinute() };
    await database.transaction(ours.tenantId, (tx) => tx.insertApiToken(token, 'abc'));
    expect(await database.credentials.apiToken('abc', now)).toMatchObject({ role: 'operator', tenantId: ours.tenantId });
    await database.credentials.apiToken('abc', new Date(now.getTime() + 1000));
    expect((await database.reads(ours.tenantId).byId('apiToken', token.id))!.lastUsedAt).toEqual(now);
    expect(await database.credentials.apiToken('abc', new Date(now.getTime() + 120_000))).toBeNull();
    await database.transaction(ours.tenantId, (tx) => tx.change('apiToken', token.id, { revokedAt: now }));
    expect(await database.credentials.apiToken('abc', now)).toBeNull();
  });

  it('raise the version of a tenant for one of two', async () => {
    const { version } = await database.reads(ours.tenantId).tenant();
    const raise = () => database.transaction(ours.tenantId, (tx) => tx.raiseTenantVersion(version));
    expect((await Promise.all([raise(), raise()])).sort()).toEqual(['raised', 'stale']);
  });
});

describe('removal', () => {
  it('of a target takes its links and operations with it and touches no user', async () => {
    const world = await makeWorld(database, 'Removal');
    await database.transaction(world.tenantId, (tx) => tx.requestOperations([lane(world)]));
    await database.transaction(world.tenantId, (tx) => tx.remove('target', { id: world.target.id }));
    const reads = database.reads(world.tenantId);
    expect(await reads.count('operation', {})).toBe(0);
    expect(await reads.count('user', {})).toBe(1);
  });
});
