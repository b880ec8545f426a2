/** What is special about Salesforce: names unique over all organisations, licences and limits, users that cannot be deleted. */
import { describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { errorOf, failureOf } from './bench.ts';
import { ann, salesforceWorld } from './salesforce-world.ts';

describe('a new user', () => {
  it('gets what Salesforce wants and nobody gives', async () => {
    const { connector, call, user } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    expect(user(id)).toMatchObject({
      Alias: 'alee',
      CommunityNickname: 'ann',
      TimeZoneSidKey: 'Europe/London',
      LocaleSidKey: 'en_GB',
      EmailEncodingKey: 'UTF-8',
      LanguageLocaleKey: 'en_US',
      Usher_Id__c: 'user-1',
      IsActive: true,
    });
    expect(id).toHaveLength(18);
  });

  it('gets profile, role, permission sets, flags and typed custom fields by name', async () => {
    const { connector, call, user, server, permissionSetsOf } = await salesforceWorld();
    const wanted = {
      ...ann,
      profile: 'Standard Platform User',
      role: 'SalesWest',
      permissionSets: ['Report Builder', 'Beta_Tester'],
      UserPermissionsMarketingUser: true,
      Desk__c: '12',
      Remote__c: 'true',
    };
    const account = await connector.create(wanted, call);
    expect(user(account.id)).toMatchObject({
      ProfileId: server.org.rows('Profile').find((row) => row['Name'] === 'Standard Platform User')?.['Id'],
      UserRoleId: server.org.rows('UserRole')[0]?.['Id'],
      Desk__c: 12,
      Remote__c: true,
    });
    expect(permissionSetsOf(account.id)).toEqual(['Beta_Tester', 'Report_Builder']);
    expect(account.attributes).toMatchObject({ profile: 'Standard Platform User', role: 'Sales West', Desk__c: 12, Remote__c: true });
  });

  it('is refused without a profile, and before anything is made where a name is wrong', async () => {
    const { connector, open, call, server } = await salesforceWorld();
    expect(await failureOf(open({ profile: '' }).create(ann, call))).toEqual({ kind: 'rejected', attribute: 'profile' });
    for (const [attribute, value] of Object.entries({
      profile: 'Nope',
      role: 'Nope',
      permissionSets: ['Nope'],
      publicGroups: ['Nope'],
      No_Such__c: 'x',
    }))
      expect(await failureOf(connector.create({ ...ann, [attribute]: value }, call)), attribute).toEqual({ kind: 'rejected', attribute });
    expect(server.org.rows('User')).toHaveLength(1);
  });

  it('is named by the attribute where Salesforce refuses a field', async () => {
    const { connector, call } = await salesforceWorld();
    for (const [attribute, value] of Object.entries({
      Title: 'x'.repeat(81),
      Alias: 'ninechars',
      Email: 'no address',
      Username: 'no-address',
      TimeZoneSidKey: 'Mars/Olympus',
      LastName: '',
    })) {
      const error = await errorOf(connector.create({ ...ann, [attribute]: value }, call));
      expect(error.failure, attribute).toEqual({ kind: 'rejected', attribute });
      if (value !== '') expect(error.message).not.toContain(value);
    }
  });

  it('that cannot be completed is deactivated, so that nobody has access unseen', async () => {
    const { connector, call, server, told } = await salesforceWorld();
    const error = await errorOf(connector.create({ ...ann, permissionSets: ['Auditor'] }, call));
    expect(error.failure).toEqual({ kind: 'rejected', attribute: 'permissionSets' });
    const made = server.org.rows('User').find((row) => row['Username'] === ann.Username);
    expect(made?.['IsActive']).toBe(false);
    expect(error.written).toEqual({ accountId: made?.['Id'], active: false });
    expect(told.join()).toContain('a user that could not be completed is deactivated');
  });

  it('that can neither be completed nor deactivated is told as it is', async () => {
    const { connector, call, server } = await salesforceWorld();
    server.fault('503', { method: 'PATCH' });
    const error = await errorOf(connector.create({ ...ann, permissionSets: ['Auditor'] }, call));
    expect(error.failure).toEqual({ kind: 'rejected', attribute: 'permissionSets' });
    expect(error.message).toMatch(/deactivating it until that is mended failed as well: Salesforce answered 503/);
    const made = server.org.rows('User').find((row) => row['Username'] === ann.Username);
    expect(error.written).toEqual({ accountId: made?.['Id'], active: true });
  });

  it('is healed by the next attempt where the answer in the middle was lost', async () => {
    const { connector, call, server, permissionSetsOf } = await salesforceWorld();
    const wanted = { ...ann, permissionSets: ['Beta_Tester'] };
    await connector.find('Username', 'warm-up@example.com', call);
    const assigning = server.org.rows('PermissionSetAssignment').length;
    server.faultAt({ method: 'POST', path: '/composite/sobjects', kind: 'reset-before-write' });
    expect(await failureOf(connector.create(wanted, call))).toEqual({ kind: 'transient', mayHaveApplied: true });
    const [found] = await connector.find('Username', ann.Username, call);
    expect(found?.attributes['ownId']).toBe('user-1');
    await connector.update(found!.id, wanted, call);
    expect(permissionSetsOf(found!.id)).toEqual(['Beta_Tester']);
    // The profile's own permission set, and the one.
    expect(server.org.rows('PermissionSetAssignment')).toHaveLength(assigning + 2);
    expect(server.org.rows('User').filter((row) => row['Username'] === ann.Username)).toHaveLength(1);
  });
});

describe('an update', () => {
  it('sends what changed and nothing else', async () => {
    const { connector, call, server } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    server.requests.length = 0;
    await connector.update(id, { Title: 'Chief', Department: null }, call);
    const writes = server.requests.filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([{ method: 'PATCH', path: `/sobjects/User/${id}`, body: { Title: 'Chief', Department: null, IsActive: true } }]);
  });

  it('takes back only the permission sets that Usher gave', async () => {
    const { connector, call, server, permissionSetsOf } = await salesforceWorld();
    const { id } = await connector.create({ ...ann, permissionSets: ['Beta_Tester', 'Report_Builder'] }, call);
    const byHand = server.org.rows('PermissionSet').find((row) => row['Name'] === 'Super')?.['Id'] ?? null;
    server.org.put('PermissionSetAssignment', { AssigneeId: id, PermissionSetId: byHand });
    await connector.update(id, { permissionSets: ['Report_Builder'] }, call, { permissionSets: ['Beta_Tester', 'Report_Builder'] });
    expect(permissionSetsOf(id)).toEqual(['Report_Builder', 'Super']);
    await connector.update(id, { permissionSets: null }, call, { permissionSets: ['Report_Builder'] });
    expect(permissionSetsOf(id)).toEqual(['Super']);
  });

  it('keeps public groups by difference where the form allows it', async () => {
    const { open, call, server } = await salesforceWorld();
    const connector = open({ usePublicGroups: true });
    const [staff, sales, byHand] = ['Staff', 'Sales', 'Choir'].map((name) =>
      server.org.put('Group', { Name: `The ${name}`, DeveloperName: name, Type: 'Regular' }),
    );
    const { id } = await connector.create({ ...ann, publicGroups: ['Staff', 'The Sales'] }, call);
    server.org.put('GroupMember', { GroupId: byHand!, UserOrGroupId: id });
    const groups = (): unknown[] => server.org.rows('GroupMember').map((row) => row['GroupId']);
    expect(groups()).toEqual([staff, sales, byHand]);
    const after = await connector.update(id, { publicGroups: ['Staff'] }, call, { publicGroups: ['Staff', 'The Sales'] });
    expect(groups()).toEqual([staff, byHand]);
    expect(after.attributes['publicGroups']).toEqual(['Choir', 'Staff']);
  });

  it('does not clear what Salesforce wants of every user', async () => {
    const { connector, call, user } = await salesforceWorld();
    const { id } = await connector.create({ ...ann, TimeZoneSidKey: 'GMT', Alias: 'boss' }, call);
    await connector.update(id, { TimeZoneSidKey: null, Alias: null, CommunityNickname: null }, call);
    expect(user(id)).toMatchObject({ TimeZoneSidKey: 'Europe/London', Alias: 'boss', CommunityNickname: 'ann' });
  });
});

describe('the way out', () => {
  it('deactivates and never renames', async () => {
    const { connector, call, user } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    await connector.deactivate!(id, call);
    expect(user(id)).toMatchObject({ IsActive: false, Username: ann.Username });
  });

  it('freezes who may not be deactivated, says so, and unfreezes who comes back', async () => {
    const { connector, call, server, user, told } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    server.org.undeactivatable.add(id);
    await connector.deactivate!(id, call);
    const login = () => server.org.rows('UserLogin').find((row) => row['UserId'] === id);
    expect(login()?.['IsFrozen']).toBe(true);
    expect(user(id)['IsActive']).toBe(true);
    expect(told.join()).toContain('so it is frozen');
    expect((await connector.read(id, call)).active).toBe(false);
    expect((await connector.update(id, { Title: 'Back' }, call)).active).toBe(true);
    expect(login()?.['IsFrozen']).toBe(false);
  });

  it('frees the username where the form says so, and gives it back to who returns', async () => {
    const { open, call, user } = await salesforceWorld();
    const connector = open({ freeUsername: true });
    const { id } = await connector.create(ann, call);
    for (let i = 0; i < 2; i++) await connector.deactivate!(id, call);
    expect(user(id)).toMatchObject({ IsActive: false, Username: `freed.${id}.ann@example.com` });
    const successor = await connector.create({ ...ann, ownId: 'user-2', CommunityNickname: 'ann2' }, call);
    await connector.deactivate!(successor.id, call);
    expect((await connector.update(id, { Title: 'Back' }, call)).attributes['Username']).toBe(ann.Username);
    const long = await connector.create({ ...ann, Username: `${'l'.repeat(60)}@example.com`, ownId: 'user-3' }, call);
    await connector.deactivate!(long.id, call);
    expect(String(user(long.id)['Username']).length).toBeLessThanOrEqual(80);
    await connector.update(long.id, { Title: 'Back' }, call, { Username: `${'l'.repeat(60)}@example.com` });
    expect(user(long.id)['Username']).toBe(`${'l'.repeat(60)}@example.com`);
  });
});

describe('a username that is taken', () => {
  it('in an organisation that cannot be seen is a conflict with clear words', async () => {
    const { connector, call, server } = await salesforceWorld();
    server.org.takenElsewhere.add(ann.Username);
    const error = await errorOf(connector.create(ann, call));
    expect(error.failure).toEqual({ kind: 'conflict', attribute: 'Username' });
    expect(error.message).toContain('an organisation of Salesforce that this one cannot see');
    expect(await connector.find('Username', ann.Username, call)).toEqual([]);
  });

  it('gets an ending within 80 characters where the form says so, and is found by its own name', async () => {
    const { open, call, server } = await salesforceWorld();
    const connector = open({ usernameTaken: 'suffix', usernameSuffix: '.acme' });
    const long = `${'l'.repeat(60)}@mail.example.com`;
    for (const name of [ann.Username, long]) server.org.takenElsewhere.add(name);
    const first = await connector.create(ann, call);
    expect(first.attributes['Username']).toBe('ann@example.com.acme');
    expect((await connector.find('Username', ann.Username, call)).map(({ id }) => id)).toEqual([first.id]);
    // A second look at the same person sees that the name with the ending is somebody's here.
    expect(await failureOf(connector.create({ ...ann, CommunityNickname: 'other' }, call))).toMatchObject({ kind: 'conflict' });
    const second = await connector.create({ ...ann, Username: long, ownId: 'user-2' }, call);
    const made = String(second.attributes['Username']);
    expect(made.length).toBeLessThanOrEqual(80);
    expect(made.endsWith('@mail.example.com.acme')).toBe(true);
    expect((await connector.find('Username', long, call)).map(({ id }) => id)).toEqual([second.id]);
    const renamed = await connector.update(second.id, { Username: long }, call);
    expect(renamed.attributes['Username']).toBe(made);
  });

  it('in this organisation stays a conflict, whatever the form says', async () => {
    const { open, call, server } = await salesforceWorld();
    const connector = open({ usernameTaken: 'suffix', usernameSuffix: '.acme' });
    await connector.create(ann, call);
    expect(await failureOf(connector.create({ ...ann, ownId: 'user-2' }, call))).toMatchObject({ kind: 'conflict' });
    expect(server.org.rows('User')).toHaveLength(2);
  });

  it('as a nickname is made anew once, if it was of our making', async () => {
    const { connector, call } = await salesforceWorld();
    await connector.create(ann, call);
    const other = { ...ann, Username: 'ann@sales.example.com', ownId: 'user-2' };
    expect((await connector.create(other, call)).attributes['CommunityNickname']).toMatch(/^ann-[0-9a-f]{8}$/);
    const third = { ...other, Username: 'bob@example.com', ownId: 'user-3', CommunityNickname: 'ANN' };
    expect(await failureOf(connector.create(third, call))).toEqual({ kind: 'rejected', attribute: 'CommunityNickname' });
  });

  it('together with its nickname gets another of both', async () => {
    const { open, call, server } = await salesforceWorld();
    const connector = open({ usernameTaken: 'suffix', usernameSuffix: '.acme' });
    await connector.create(ann, call);
    server.org.takenElsewhere.add('ann@other.example.com');
    const { attributes } = await connector.create({ ...ann, Username: 'ann@other.example.com', ownId: 'user-2' }, call);
    expect(attributes['Username']).toBe('ann@other.example.com.acme');
    expect(attributes['CommunityNickname']).toMatch(/^ann-/);
  });

  it('as a federation identifier is a conflict that names the attribute', async () => {
    const { connector, call } = await salesforceWorld();
    await connector.create({ ...ann, FederationIdentifier: 'e-1' }, call);
    const other = { ...ann, Username: 'bob@example.com', ownId: 'user-2', CommunityNickname: 'bob', FederationIdentifier: 'e-1' };
    expect(await failureOf(connector.create(other, call))).toEqual({ kind: 'conflict', attribute: 'FederationIdentifier' });
    expect(await connector.find('FederationIdentifier', 'E-1', call)).toEqual([]);
  });
});

describe('limits', () => {
  it('of licences refuse the user with words that help, and let the next in when one is free', async () => {
    const { open, call } = await salesforceWorld();
    const connector = open({ profile: 'Standard Platform User' });
    const person = (name: string) => ({ ...ann, Username: `${name}@example.com`, ownId: name });
    const { id } = await connector.create(person('ann'), call);
    await connector.create(person('bob'), call);
    const error = await errorOf(connector.create(person('cleo'), call));
    expect(error.failure.kind).toBe('rejected');
    expect(error.message).toContain('All licences of this kind are in use');
    await connector.deactivate!(id, call);
    await connector.create(person('cleo'), call);
  });

  it('of calls pause the target for long, and are announced before', async () => {
    const { connector, call, server, told } = await salesforceWorld({}, { limit: 1_000 });
    server.useCalls(950);
    await connector.find('Username', ann.Username, call);
    await connector.find('Username', ann.Username, call);
    expect(told).toEqual([expect.stringMatching(/nearly used up 95\d 1000/)]);
    server.useCalls(1_000);
    const failure = await failureOf(connector.create(ann, call));
    expect(failure).toEqual({ kind: 'throttled', retryAfterMs: 1_800_000 });
  });

  it('are spared: four calls for a new user, three for a change, two for a look', async () => {
    const { connector, call, server } = await salesforceWorld();
    await connector.create({ ...ann, Username: 'first@example.com', ownId: 'user-0', CommunityNickname: 'first' }, call);
    const cost = async (work: () => Promise<unknown>): Promise<number> => {
      server.requests.length = 0;
      await work();
      return server.requests.length;
    };
    expect(await cost(() => connector.find('Username', ann.Username, call))).toBe(1);
    expect(await cost(() => connector.create(ann, call))).toBe(3);
    const [found] = await connector.find('Username', ann.Username, call);
    expect(await cost(() => connector.find('Username', ann.Username, call))).toBe(2);
    expect(await cost(() => connector.update(found!.id, { Title: 'Chief' }, call))).toBe(3);
    expect(await cost(() => connector.deactivate!(found!.id, call))).toBe(1);
  });

  it('of locks mean that nothing was done', async () => {
    const { connector, call, server } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    server.org.lockRows(1);
    expect(await failureOf(connector.update(id, { Title: 'Chief' }, call))).toEqual({ kind: 'transient', mayHaveApplied: false });
    await connector.update(id, { Title: 'Chief' }, call);
  });
});

describe('finding', () => {
  it('reads every page of an answer', async () => {
    const { connector, call } = await salesforceWorld({}, { pageSize: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await connector.create({ ...ann, Username: `${name}@example.com`, ownId: name, Email: 'team@example.com' }, call);
    expect(await connector.find('Email', 'Team@example.com', call)).toHaveLength(5);
  });

  it('takes quotes, backslashes and patterns literally, and compares our id exactly', async () => {
    const { connector, call } = await salesforceWorld();
    await connector.create({ ...ann, Username: "o'neil@example.com", FederationIdentifier: 'a\\\'b"%_\n日本' }, call);
    for (const [attribute, value, count] of [
      ['Username', "O'Neil@Example.com", 1],
      ['Username', "o' OR Username = 'x", 0],
      ['FederationIdentifier', 'a\\\'b"%_\n日本', 1],
      ['FederationIdentifier', '%', 0],
      ['ownId', 'user-1', 1],
      ['ownId', 'USER-1', 0],
    ] as const)
      expect(await connector.find(attribute, value, call), value).toHaveLength(count);
  });

  it('reads the description again where somebody took a field away', async () => {
    const { connector, call, server } = await salesforceWorld();
    const { id } = await connector.create({ ...ann, Cost_Centre__c: 'c-1' }, call);
    server.org.dropField('User', 'Cost_Centre__c');
    const account = await connector.read(id, call);
    expect(account.attributes['Username']).toBe(ann.Username);
    expect(account.attributes['Cost_Centre__c']).toBeUndefined();
    expect(await failureOf(connector.update(id, { Cost_Centre__c: 'c-2' }, call))).toEqual({
      kind: 'rejected',
      attribute: 'Cost_Centre__c',
    });
  });

  it('says who is protected: administrators by profile or permission set, and the integration user', async () => {
    const { connector, call, server } = await salesforceWorld();
    const plain = await connector.create(ann, call);
    expect(plain.protectedAs).toBeNull();
    const admin = await connector.create({ ...ann, Username: 'adm@example.com', ownId: '2', profile: 'System Administrator' }, call);
    expect(admin.protectedAs).toBe('system administrator');
    const { protectedAs } = await connector.update(plain.id, { permissionSets: ['Super'] }, call);
    expect(protectedAs).toBe('system administrator');
    expect((await connector.read(server.org.ownUserId as AccountId, call)).protectedAs).toBe('integration user of Usher');
  });

  it('knows an id in its short form, and gives the long one', async () => {
    const { connector, call } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    const short = id.slice(0, 15) as AccountId;
    expect((await connector.read(short, call)).id).toBe(id);
    expect((await connector.update(short, { Title: 'Chief' }, call)).id).toBe(id);
    expect(await failureOf(connector.read('nobody' as AccountId, call))).toEqual({ kind: 'missing' });
  });
});

describe('public groups', () => {
  it('are filled in collections of 200, and unknown users are told', async () => {
    const { connector, call, server } = await salesforceWorld();
    const group = await connector.groups!.create('Everybody', call);
    const ids = Array.from({ length: 199 }, (_, i) => server.org.put('User', { Username: `u${i}@example.com` }) as AccountId);
    const unknown = '005Xy0000zzzzzzIAA' as AccountId;
    server.requests.length = 0;
    expect(await connector.groups!.add(group.id, [...ids, unknown], call)).toEqual({ unknown: [unknown] });
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(server.org.rows('GroupMember')).toHaveLength(199);
    await connector.groups!.remove(group.id, ids, call);
    expect(server.org.rows('GroupMember')).toHaveLength(0);
  });

  it('keep the API name that somebody else gave them', async () => {
    const { connector, call, server } = await salesforceWorld();
    const theirs = server.org.put('Group', { Name: 'Staff', DeveloperName: 'All_Staff', Type: 'Regular' });
    const [found] = await connector.groups!.find('staff', call);
    await connector.groups!.rename(found!.id, 'Everybody', call);
    expect(server.org.get('Group', theirs)).toMatchObject({ Name: 'Everybody', DeveloperName: 'All_Staff' });
    const queue = server.org.put('Group', { Name: 'Inbox', Type: 'Queue' });
    expect(await connector.groups!.find('Inbox', call)).toEqual([]);
    expect(await failureOf(connector.groups!.read(queue as never, call))).toEqual({ kind: 'missing' });
  });
});

describe('a 403', () => {
  it.each([
    ['API_DISABLED_FOR_ORG', 'unauthorized'],
    ['REQUEST_LIMIT_EXCEEDED', 'throttled'],
    ['INSUFFICIENT_ACCESS', 'rejected'],
  ] as const)('that says %s makes the account %s', async (code, kind) => {
    const { connector, call, server } = await salesforceWorld();
    const { id } = await connector.create(ann, call);
    server.forbidWith(code);
    server.fault('403', { method: 'PATCH' });
    expect((await failureOf(connector.update(id, { Title: 'New' }, call))).kind).toBe(kind);
  });
});
