/** How the answers of the Directory API about accounts are understood, one at a time. */
import { afterAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { GoogleError, refusals } from '../support/targets/google-errors.ts';
import type { GoogleServer } from '../support/targets/google-server.ts';
import { errorOf, failureOf } from './bench.ts';
import { ann, bob, call, googleBench } from './google-bench.ts';

const bench = googleBench();
afterAll(() => bench.close());

async function begin(config: Record<string, unknown> = {}, now?: () => number) {
  const server = await bench.start(now ? { now } : {});
  return { server, connector: bench.open(server, config, now) };
}
const stored = (server: GoogleServer, id: AccountId) => server.directory.users.get(id)?.resource ?? {};
const bodies = (server: GoogleServer, ...methods: readonly string[]) =>
  server.requests.filter(({ method }) => methods.includes(method)).map(({ body }) => body as Record<string, unknown>);

describe('an answer to create', () => {
  it.each<readonly [string, GoogleError, Record<string, string>, object]>([
    ['400 about the family name', refusals.familyName(), {}, { kind: 'rejected', attribute: 'familyName' }],
    ['400 about the given name', refusals.givenName(), {}, { kind: 'rejected', attribute: 'givenName' }],
    ['400 about the address', refusals.primaryEmail(), {}, { kind: 'rejected', attribute: 'primaryEmail' }],
    ['400 about the organizational unit', refusals.orgUnit(), {}, { kind: 'rejected', attribute: 'orgUnitPath' }],
    ['400 about the telephone', refusals.recoveryPhone(), {}, { kind: 'rejected', attribute: 'recoveryPhone' }],
    ['400 about nothing we know', refusals.badRequest(), {}, { kind: 'rejected' }],
    ['401', refusals.badToken(), {}, { kind: 'unauthorized' }],
    ['403 without rights', refusals.notAuthorized(), {}, { kind: 'unauthorized' }],
    ['403 without permissions', refusals.insufficientScopes(), {}, { kind: 'unauthorized' }],
    ['403 as too many calls', refusals.tooFast(), {}, { kind: 'throttled', retryAfterMs: 10_000 }],
    [
      '403 as too many calls of one user, with a time',
      new GoogleError(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded'),
      { 'retry-after': '3' },
      { kind: 'throttled', retryAfterMs: 3_000 },
    ],
    [
      '403 for today',
      new GoogleError(403, 'dailyLimitExceeded', 'Daily Limit Exceeded'),
      {},
      { kind: 'throttled', retryAfterMs: 3_600_000 },
    ],
    ['429', new GoogleError(429, 'rateLimitExceeded', 'x'), {}, { kind: 'throttled', retryAfterMs: 10_000 }],
    ['404', refusals.notFound('userKey'), {}, { kind: 'transient', mayHaveApplied: false }],
    ['409', refusals.duplicate(), {}, { kind: 'conflict', attribute: 'primaryEmail' }],
    ['409 for requests at the same time', refusals.conflicting(), {}, { kind: 'transient', mayHaveApplied: false }],
    ['412 for the limit of users', refusals.userLimit(), {}, { kind: 'rejected' }],
    [
      '412 of another kind',
      new GoogleError(412, 'conditionNotMet', 'User creation is not complete.'),
      {},
      { kind: 'transient', mayHaveApplied: false },
    ],
    ['503', new GoogleError(503, 'backendError', 'Backend Error'), {}, { kind: 'transient', mayHaveApplied: true }],
    ['503 with a time', new GoogleError(503, 'backendError', 'x'), { 'retry-after': '5' }, { kind: 'transient', mayHaveApplied: true }],
  ])('%s', async (_, error, headers, failure) => {
    const { server, connector } = await begin();
    server.answerNext(error, error.status === 401 ? 2 : 1, headers);
    expect(await failureOf(connector.create(ann, call()))).toEqual(failure);
  });

  it('that the limit of users is reached says so in clear words', async () => {
    const { server, connector } = await begin();
    server.directory.limitUsers(2);
    expect((await errorOf(connector.create(ann, call()))).message).toMatch(/limit of users or licences .* is reached/);
  });

  it('about a domain that is not ours is about this account', async () => {
    const { connector } = await begin();
    const foreign = { ...ann, primaryEmail: 'ann@elsewhere.example' };
    expect(await failureOf(connector.create(foreign, call()))).toEqual({ kind: 'rejected', attribute: 'primaryEmail' });
    const { connector: misconfigured } = await begin({ userIdDomain: 'elsewhere.example' });
    expect(await failureOf(misconfigured.create(foreign, call()))).toEqual({ kind: 'unauthorized' });
  });

  it('never brings a value of a person into a message', async () => {
    const { server, connector } = await begin();
    server.answerNext(new GoogleError(400, 'ann@example.com', 'Invalid Input: ann@example.com'));
    expect((await errorOf(connector.create(ann, call()))).message).toBe('Google answered 400 to creating an account.');
  });
});

describe('a new account', () => {
  it('gets a password that nobody knows, and no later change touches it', async () => {
    const { server, connector } = await begin();
    const accounts = [await connector.create(ann, call()), await connector.create(bob, call())];
    await connector.update(accounts[0]!.id, { givenName: 'Anna', workPhone: '1', title: 'Boss' }, call());
    await connector.update(accounts[0]!.id, { title: null }, call());
    await connector.deactivate!(accounts[0]!.id, call());
    const passwords = server.users().map((user) => user.passwords);
    expect(passwords.map((list) => list.length)).toEqual([1, 1]);
    expect(new Set(passwords.flat()).size).toBe(2);
    for (const password of passwords.flat()) expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{40,100}$/);
  });

  it('holds everything that is mapped, where Google keeps it', async () => {
    const { server, connector } = await begin({ orgUnitPath: '/Staff' });
    const sent = {
      ...ann,
      title: 'Engineer',
      department: 'R&D',
      organizationName: 'Example',
      costCenter: '42',
      employeeType: 'Internal',
      externalId: 'user-1',
      employeeId: '007',
      workPhone: '+43 1 1',
      mobilePhone: '+43 1 2',
      manager: 'boss@example.com',
      locality: 'Vienna',
      'custom.Employment.badge': 'B-7',
      'custom.Employment.level': 3,
      'custom.Employment.skills': ['a', 'b'],
    };
    const account = await connector.create({ ...sent, changePasswordAtNextLogin: true }, call());
    expect(account.attributes).toEqual({ ...sent, orgUnitPath: '/Staff' });
    expect(account.id).toMatch(/^\d{21}$/);
    expect(stored(server, account.id)).toMatchObject({
      changePasswordAtNextLogin: true,
      organizations: [{ type: 'work', primary: true, title: 'Engineer', name: 'Example', description: 'Internal' }],
      externalIds: [
        { type: 'custom', customType: 'usher', value: 'user-1' },
        { type: 'organization', value: '007' },
      ],
      relations: [{ type: 'manager', value: 'boss@example.com' }],
      customSchemas: { Employment: { badge: 'B-7', level: 3, skills: [{ value: 'a' }, { value: 'b' }] } },
    });
  });

  it('whose alias is refused is known by its id all the same', async () => {
    const { connector } = await begin();
    await connector.create(bob, call());
    const wanted = { ...ann, aliases: ['bob@example.com'] };
    const error = await errorOf(connector.create(wanted, call()));
    expect(error.failure).toEqual({ kind: 'rejected', attribute: 'aliases' });
    const [account] = await connector.find('primaryEmail', 'ann@example.com', call());
    expect(error.written).toEqual({ accountId: account?.id, active: true });
    expect(await failureOf(connector.update(account!.id, wanted, call()))).toEqual({ kind: 'rejected', attribute: 'aliases' });
  });
});

describe('finding', () => {
  it('tells an account from one that has the address as an alias, and create says whose it is', async () => {
    const { connector } = await begin();
    const { id } = await connector.create(ann, call());
    await connector.update(id, { primaryEmail: 'anna@example.com' }, call());
    expect((await connector.read(id, call())).attributes['aliases']).toEqual(['ann@example.com']);
    expect(await connector.find('primaryEmail', 'ann@example.com', call())).toEqual([]);
    const error = await errorOf(connector.create(ann, call()));
    expect(error.failure).toEqual({ kind: 'conflict', attribute: 'primaryEmail' });
    expect(error.message).toMatch(/alias of another account/);
  });

  it('compares addresses without regard to case, and other ids exactly and by their kind', async () => {
    const { connector } = await begin();
    const { id } = await connector.create({ ...ann, externalId: "o'Id\\1", employeeId: '12' }, call());
    await connector.create({ ...bob, externalId: '12' }, call());
    const found = async (name: string, value: string) => (await connector.find(name, value, call())).map((account) => account.id === id);
    expect(await found('primaryEmail', 'Ann@Example.com')).toEqual([true]);
    expect(await found('externalId', "o'Id\\1")).toEqual([true]);
    expect(await found('externalId', "O'ID\\1")).toEqual([]);
    expect(await found('employeeId', '12')).toEqual([true]);
  });

  it('shows who is an administrator there, and that such accounts are theirs', async () => {
    const { server, connector } = await begin();
    const [administrator] = await connector.find('primaryEmail', server.administrator, call());
    expect(administrator?.protectedAs).toBe('super administrator');
    server.answerNext(refusals.notAuthorized());
    expect(await failureOf(connector.update(administrator!.id, { recoveryEmail: 'x@example.net' }, call()))).toEqual({ kind: 'rejected' });
  });
});

describe('an update', () => {
  it('sends what changes and no more, without a look where none is needed', async () => {
    const { server, connector } = await begin();
    const { id } = await connector.create(ann, call());
    const before = server.requests.length;
    await connector.update(id, { givenName: 'Anna' }, call());
    expect(server.requests.slice(before).map(({ method, body }) => [method, body])).toEqual([
      ['PATCH', { name: { givenName: 'Anna' }, suspended: false }],
    ]);
  });

  it('keeps what others put into the lists that it writes', async () => {
    const { server, connector } = await begin();
    const { id } = await connector.create({ ...ann, workPhone: '1', title: 'Engineer', externalId: 'u1' }, call());
    const user = server.directory.users.get(id)!;
    server.directory.changeUser(
      user,
      {
        phones: [
          { type: 'work', value: 'reception' },
          { type: 'work', value: '1' },
          { type: 'pager', value: '9' },
        ],
        organizations: [
          { type: 'school', name: 'Vienna' },
          { type: 'work', primary: true, title: 'Engineer', location: 'Graz' },
        ],
        externalIds: [
          { type: 'login_id', value: 'x' },
          { type: 'custom', customType: 'usher', value: 'u1' },
        ],
      },
      false,
    );
    await connector.update(id, { workPhone: '2', title: 'Boss', employeeId: '7' }, call(), { workPhone: '1', title: 'Engineer' });
    expect(stored(server, id)).toMatchObject({
      phones: [
        { type: 'work', value: 'reception' },
        { type: 'work', value: '2' },
        { type: 'pager', value: '9' },
      ],
      organizations: [{ type: 'school' }, { type: 'work', primary: true, title: 'Boss', location: 'Graz' }],
      externalIds: [{ value: 'x' }, { value: 'u1' }, { type: 'organization', value: '7' }],
    });
  });

  it('clears by users.update, because PATCH ignores null and empty lists', async () => {
    const { server, connector } = await begin();
    const held = { ...ann, workPhone: '1', title: 'Engineer', recoveryEmail: 'a@example.net', 'custom.A.b': 'c' };
    const { id } = await connector.create(held, call());
    const cleared = { workPhone: null, title: null, recoveryEmail: null, 'custom.A.b': null };
    expect((await connector.update(id, cleared, call(), held)).attributes).toEqual({ ...ann, orgUnitPath: '/' });
    expect(bodies(server, 'PUT')).toMatchObject([{ phones: null, organizations: null, recoveryEmail: '' }]);
    expect(bodies(server, 'PATCH')).toEqual([]);
  });

  it('does not overwrite what somebody changes at the same time', async () => {
    const { server, connector } = await begin();
    const { id } = await connector.create({ ...ann, workPhone: '1' }, call());
    server.latency(100);
    const [first, second] = await Promise.allSettled([
      connector.update(id, { workPhone: '2' }, call()),
      connector.update(id, { mobilePhone: '3' }, call()),
    ]);
    const refused = [first, second].filter((one) => one.status === 'rejected');
    expect(refused).toMatchObject([{ reason: { failure: { kind: 'transient', mayHaveApplied: false } } }]);
  });

  it('that Google carried out and answered with 409 has succeeded', async () => {
    const { server, connector } = await begin();
    const { id } = await connector.create(ann, call());
    server.conflictAfterUpdate(1);
    const account = await connector.update(id, { primaryEmail: 'Anna@example.com', familyName: 'New' }, call());
    expect(account.attributes).toMatchObject({ primaryEmail: 'anna@example.com', familyName: 'New' });
  });

  it('that suspended the account and was answered with 409 is tried again: the link must not say that it is active', async () => {
    const { server, connector } = await begin();
    const { id } = await connector.create(ann, call());
    server.conflictAfterUpdate(1);
    expect(await failureOf(connector.deactivate!(id, call()))).toEqual({ kind: 'transient', mayHaveApplied: true });
    await connector.deactivate!(id, call());
    expect((await connector.read(id, call())).active).toBe(false);
  });

  it('to an address that somebody has is a conflict of the address, and changes nothing', async () => {
    const { connector } = await begin();
    await connector.create(bob, call());
    const { id } = await connector.create(ann, call());
    const failure = await failureOf(connector.update(id, { primaryEmail: 'bob@example.com', familyName: 'New' }, call()));
    expect(failure).toEqual({ kind: 'conflict', attribute: 'primaryEmail' });
    expect((await connector.read(id, call())).attributes).toMatchObject(ann);
  });

  it('to an address of a domain that is not ours is about this account', async () => {
    const { connector } = await begin();
    const { id } = await connector.create(ann, call());
    const failure = await failureOf(connector.update(id, { primaryEmail: 'ann@elsewhere.example' }, call()));
    expect(failure).toEqual({ kind: 'rejected', attribute: 'primaryEmail' });
  });

  it('takes back only the aliases that Usher added', async () => {
    const { server, connector } = await begin();
    const { id } = await connector.create({ ...ann, aliases: ['a@example.com', 'b@example.com'] }, call());
    server.directory.addAlias(server.directory.users.get(id)!, 'theirs@example.com');
    const applied = { aliases: ['a@example.com', 'b@example.com'] };
    const account = await connector.update(id, { aliases: ['B@example.com', 'c@example.com'] }, call(), applied);
    expect(account.attributes['aliases']).toEqual(['b@example.com', 'theirs@example.com', 'c@example.com']);
    const cleared = await connector.update(id, { aliases: null }, call(), { aliases: ['b@example.com', 'c@example.com'] });
    expect(cleared.attributes['aliases']).toEqual(['theirs@example.com']);
  });
});

describe('an account that Google does not show', () => {
  it('may be new: a 404 and a 403 say so, and one that Google lists as deleted is gone', async () => {
    const { server, connector } = await begin();
    server.directory.hideNew(2);
    const { id } = await connector.create(ann, call());
    for (const asked of [connector.read(id, call()), connector.update(id, { givenName: 'B' }, call())])
      expect(await errorOf(asked)).toMatchObject({ failure: { kind: 'missing' }, saidOfNew: true });
    server.answerNext(refusals.notAuthorized());
    expect(await errorOf(connector.read(id, call()))).toMatchObject({ failure: { kind: 'unauthorized' }, saidOfNew: true });
    server.answerNext(refusals.badToken(), 2);
    expect(await errorOf(connector.read(id, call()))).toMatchObject({ failure: { kind: 'unauthorized' }, saidOfNew: false });
    server.directory.deleteUser(server.directory.users.get(id)!);
    expect(await errorOf(connector.update(id, { givenName: 'B' }, call(), ann))).toMatchObject({
      failure: { kind: 'missing' },
      saidOfNew: false,
    });
  });

  it.each(['deactivate', 'delete'] as const)('does not count as ended where a %s of it is answered with 404', async (method) => {
    const { server, connector } = await begin();
    const { id } = await connector.create(ann, call());
    server.fault('404', { method: method === 'delete' ? 'DELETE' : 'PATCH', times: 1 });
    expect(await errorOf(connector[method]!(id, call()))).toMatchObject({ failure: { kind: 'missing' }, saidOfNew: true });
    expect((await connector.read(id, call())).active).toBe(true);
  });

  it('is known to be there where an alias of it is refused', async () => {
    const { server, connector } = await begin();
    for (const [denied, kind] of [
      [404, 'transient'],
      [403, 'unauthorized'],
    ] as const) {
      server.directory.hideNew(1, { with: denied });
      const making = connector.create({ ...ann, primaryEmail: `ann${denied}@example.com`, aliases: [`a${denied}@example.com`] }, call());
      expect(await errorOf(making)).toMatchObject({
        failure: { kind },
        written: { accountId: expect.any(String), active: true },
        saidOfNew: true,
      });
    }
  });
});

describe('an account that was deleted', () => {
  it('comes back with its id within 20 days, and is as good as never deleted when asked for twice', async () => {
    const { connector } = await begin();
    const { id } = await connector.create({ ...ann, title: 'Engineer' }, call());
    await connector.delete!(id, call());
    for (let i = 0; i < 2; i++)
      expect(await connector.undelete!(id, call())).toMatchObject({ id, active: true, attributes: { ...ann, title: 'Engineer' } });
  });

  it('does not come back later, nor where its address is in use', async () => {
    let now = Date.now();
    const { connector } = await begin({}, () => now);
    const { id } = await connector.create(ann, call());
    await connector.delete!(id, call());
    const { id: second } = await connector.create(ann, call());
    expect((await failureOf(connector.undelete!(id, call()))).kind).toBe('conflict');
    await connector.delete!(second, call());
    now += 21 * 24 * 3_600_000;
    expect(await failureOf(connector.undelete!(id, call()))).toEqual({ kind: 'missing' });
  });
});
