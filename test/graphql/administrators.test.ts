import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureFirstAdministrator } from '../../src/commands/ensure-first-administrator.ts';
import { passwords } from '../../src/auth/passwords.ts';
import {
  ApiTokensDocument,
  ChangeAdministratorDocument,
  ChangeMyPasswordDocument,
  CreateAdministratorDocument,
  CreateApiTokenDocument,
  CreateTenantDocument,
  EndSessionDocument,
  MeDocument,
  RemoveAdministratorDocument,
  ResetAdministratorPasswordDocument,
  RevokeApiTokenDocument,
  SessionsDocument,
  SignInDocument,
  SignOutDocument,
  TenantsDocument,
  type SessionKind,
} from '../../schema/documents/graphql.ts';
import type { Tenant } from '../../src/domain/vocabulary.ts';
import { ask, bearer, type Headed } from '../support/web.ts';
import { runWebHouse, type WebHouse } from '../support/web-house.ts';
import { settledEvents } from '../support/events.ts';

let web: WebHouse;
let tenant: Tenant;
let owner: Headed;
let administrator: Headed;
beforeAll(async () => {
  web = await runWebHouse({ settings: { rateLimits: { known: 10_000, unknown: 10_000, passwords: 10_000 } } });
  tenant = await web.tenant('default');
  owner = bearer(await web.token(tenant, 'owner'));
  administrator = bearer(await web.token(tenant, 'administrator'));
});
afterAll(async () => web.close());

const signIn = (userName: string, password: string, at = 'default') =>
  ask(web.url, SignInDocument, { input: { tenant: at, userName, password } });
const me = async (headers: Headed) => (await ask(web.url, MeDocument, {}, headers)).data?.me ?? null;

/** An administrator who has changed the one-time password. */
async function settled(
  userName: string,
  role: 'ADMINISTRATOR' | 'OWNER' = 'ADMINISTRATOR',
): Promise<{ id: string; password: string; cookie: string }> {
  const made = await ask(web.url, CreateAdministratorDocument, { input: { userName, role } }, owner);
  const created = made.data?.createAdministrator;
  if (!created || !('oneTimePassword' in created)) throw new Error(JSON.stringify(made));
  const { oneTimePassword, administrator: who } = created;
  const { cookie } = await signIn(userName, oneTimePassword);
  const password = `${userName} has a long password`;
  await ask(web.url, ChangeMyPasswordDocument, { input: { currentPassword: oneTimePassword, newPassword: password } }, { cookie });
  return { id: who.id, password, cookie };
}

describe('signing in', () => {
  test('the first start makes one owner with a password that is told once and must be changed', async () => {
    const first = await ensureFirstAdministrator(web.house, passwords, null);
    expect(await ensureFirstAdministrator(web.house, passwords, null)).toBeNull();
    const signedIn = await signIn('admin', first?.oneTimePassword ?? '');
    expect(signedIn.data?.signIn).toMatchObject({ name: 'admin', role: 'OWNER', mustChangePassword: true });
    expect(await me({ cookie: signedIn.cookie })).toMatchObject({ kind: 'ADMINISTRATOR', tenant: { name: 'default' } });
  });

  test('the cookie is out of reach for scripts and other sites', async () => {
    const { password } = await settled('cookie');
    const { headers } = await signIn('cookie', password);
    const [cookie] = headers.getSetCookie();
    expect(cookie).toMatch(/^usher-session=.*; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
  });

  test('a session id from before does not survive it, and signing out ends it', async () => {
    const { password } = await settled('renewed');
    const first = await signIn('renewed', password);
    const second = await ask(
      web.url,
      SignInDocument,
      { input: { tenant: 'default', userName: 'renewed', password } },
      { cookie: first.cookie },
    );
    expect(second.cookie).not.toBe(first.cookie);
    expect(await me({ cookie: first.cookie })).toBeNull();
    expect(await me({ cookie: second.cookie })).not.toBeNull();
    expect((await ask(web.url, SignOutDocument, {}, { cookie: second.cookie })).data?.signOut.wasSignedIn).toBe(true);
    expect(await me({ cookie: second.cookie })).toBeNull();
  });

  test('a wrong tenant, a wrong name and a wrong password are told with the same words', async () => {
    const { password } = await settled('words');
    const answers = [await signIn('words', 'wrong'), await signIn('nobody', password), await signIn('words', password, 'nowhere')];
    for (const answer of answers) expect(answer.data?.signIn).toEqual(answers[0]?.data?.signIn);
    expect(answers[0]?.data?.signIn).toMatchObject({ path: ['password'] });
    expect(answers.map((answer) => answer.cookie)).toEqual(['', '', '']);
  });

  test('one address tries so many passwords a minute and no more, whoever it says it is', async () => {
    const narrow = await runWebHouse({ settings: { rateLimits: { known: 100, unknown: 100, passwords: 3 } } });
    try {
      const codes: unknown[] = [];
      for (const userName of ['ann', 'bob', 'cleo', 'dora']) {
        const input = { tenant: 'default', userName, password: 'a guess' };
        codes.push((await ask(narrow.url, SignInDocument, { input })).errors?.[0]?.extensions?.['code'] ?? null);
      }
      expect(codes).toEqual([null, null, null, 'TOO_MANY_REQUESTS']);
    } finally {
      await narrow.close();
    }
  });

  test('five wrong passwords lock the name out, for the right one too, until the time is over', async () => {
    const { password, id } = await settled('locked');
    for (let time = 0; time < 5; time += 1) await signIn('locked', 'wrong');
    expect((await signIn('locked', password)).cookie).toBe('');
    const { items } = await settledEvents(web.database.reads(tenant.id), { after: null, first: 1000, types: ['administrator.locked'] });
    expect(items.map((event) => event.payload)).toContainEqual({ administratorId: id });
    web.clock.aheadMs += 61_000;
    expect((await signIn('locked', password)).cookie).not.toBe('');
  });

  test('changing the password asks for the old one and ends the sessions of other browsers only', async () => {
    const { password, cookie } = await settled('changing');
    const other = await signIn('changing', password);
    const change = (currentPassword: string, newPassword: string) =>
      ask(web.url, ChangeMyPasswordDocument, { input: { currentPassword, newPassword } }, { cookie });
    expect((await change('wrong', 'another long password')).data?.changeMyPassword).toMatchObject({ path: ['currentPassword'] });
    expect((await change(password, 'short')).data?.changeMyPassword).toMatchObject({ path: ['newPassword'] });
    expect((await change(password, password)).data?.changeMyPassword).toMatchObject({ path: ['newPassword'] });
    expect((await change(password, 'another long password')).data?.changeMyPassword).toHaveProperty('id');
    expect(await me({ cookie: other.cookie })).toBeNull();
    expect(await me({ cookie })).not.toBeNull();
    expect((await signIn('changing', password)).cookie).toBe('');
  });
});

describe('administrators', () => {
  test('nobody gives, takes or resets a role above their own', async () => {
    const { id } = await settled('above', 'OWNER');
    const answers = [
      (await ask(web.url, CreateAdministratorDocument, { input: { userName: 'x', role: 'OWNER' } }, administrator)).data
        ?.createAdministrator,
      (await ask(web.url, ChangeAdministratorDocument, { input: { id, version: 2, role: 'VIEWER' } }, administrator)).data
        ?.changeAdministrator,
      (await ask(web.url, RemoveAdministratorDocument, { input: { id } }, administrator)).data?.removeAdministrator,
      (await ask(web.url, ResetAdministratorPasswordDocument, { input: { id } }, administrator)).data?.resetAdministratorPassword,
      (await ask(web.url, CreateApiTokenDocument, { input: { name: 'x', role: 'OWNER' } }, administrator)).data?.createApiToken,
    ];
    expect(answers.map((answer) => (answer && 'path' in answer ? answer.path : answer))).toEqual([
      ['role'],
      ['id'],
      ['id'],
      ['id'],
      ['role'],
    ]);
  });

  test('a role that is taken away is gone at the next request, a removed administrator too', async () => {
    const { id, cookie } = await settled('demoted');
    // The first change was that of the password.
    await ask(web.url, ChangeAdministratorDocument, { input: { id, version: 2, role: 'VIEWER' } }, owner);
    expect(await me({ cookie })).toMatchObject({ role: 'VIEWER' });
    await ask(web.url, RemoveAdministratorDocument, { input: { id } }, owner);
    expect(await me({ cookie })).toBeNull();
  });

  test('of two who change a role at once, the one who has not seen the change of the other is told', async () => {
    const input = { userName: 'promoted', role: 'VIEWER' } as const;
    const made = await ask(web.url, CreateAdministratorDocument, { input }, owner);
    const { id, version } = (made.data?.createAdministrator as { administrator: { id: string; version: number } }).administrator;
    const give = async (role: 'OPERATOR' | 'ADMINISTRATOR', seen: number) =>
      (await ask(web.url, ChangeAdministratorDocument, { input: { id, version: seen, role } }, owner)).data?.changeAdministrator;
    const roles = ['OPERATOR', 'ADMINISTRATOR'] as const;
    const answers = await Promise.all(roles.map((role) => give(role, version)));
    const given = roles.filter((_role, index) => 'role' in answers[index]!);
    expect(given).toHaveLength(1);
    const conflict = { path: ['version'], currentVersion: version + 1 };
    expect(answers).toContainEqual(expect.objectContaining(conflict));
    // Nor is it hidden from who asks for what is so already.
    expect(await give(given[0]!, version)).toMatchObject(conflict);
    expect(await give('OPERATOR', version + 1)).toMatchObject({ role: 'OPERATOR' });
  });

  test('a reset ends the sessions and asks for a new password', async () => {
    const { id, cookie } = await settled('forgetful');
    const reset = await ask(web.url, ResetAdministratorPasswordDocument, { input: { id } }, owner);
    const { oneTimePassword } = reset.data?.resetAdministratorPassword as { oneTimePassword: string };
    expect(await me({ cookie })).toBeNull();
    expect((await signIn('forgetful', oneTimePassword)).data?.signIn).toMatchObject({ mustChangePassword: true });
  });

  test('their sessions are told to administrators only, and ended by nobody below the one who is in them', async () => {
    const { id, cookie } = await settled('watched');
    const chief = await settled('chief', 'OWNER');
    const operator = bearer(await web.token(tenant, 'operator'));
    const list = (kind: SessionKind | null, headers: Headed) =>
      ask(web.url, SessionsDocument, { first: 100, filter: kind === null ? {} : { kind } }, headers);
    const told = (await list('ADMINISTRATOR', administrator)).data?.sessions.edges.map(({ node }) => node) ?? [];
    // A one-time password was changed in it: the session stayed.
    const [watched, owns] = [id, chief.id].map((who) => told.find((session) => session.administratorId === who));
    expect(watched).toMatchObject({ kind: 'ADMINISTRATOR', userId: null, serviceProviderId: null, loginAttemptId: null });
    expect((await list(null, administrator)).data?.sessions.edges.length).toBeGreaterThanOrEqual(2);
    expect((await list(null, operator)).data?.sessions.edges).toEqual([]);
    expect((await list('ADMINISTRATOR', operator)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });

    const foreign = bearer(await web.token(await web.tenant('elsewhere'), 'administrator'));
    expect((await list(null, foreign)).data?.sessions.edges).toEqual([]);
    const end = async (session: string, headers: Headed) =>
      (await ask(web.url, EndSessionDocument, { input: { id: session } }, headers)).data?.endSession;
    expect(await end(watched?.id ?? '', operator)).toMatchObject({ message: 'There is no such session.' });
    expect(await end(owns?.id ?? '', administrator)).toMatchObject({ problems: [{ path: ['id'] }] });
    expect(await me({ cookie })).not.toBeNull();
    expect(await end(watched?.id ?? '', administrator)).toEqual({ id: watched?.id });
    expect([await me({ cookie }), (await me({ cookie: chief.cookie })) !== null]).toEqual([null, true]);
    const types = ['administrator.session-ended'];
    const { items } = await settledEvents(web.database.reads(tenant.id), { after: null, first: 100, types });
    expect(items.map((event) => event.payload)).toEqual([{ administratorId: id, sessionId: watched?.id, by: 'api-token' }]);
  });

  test('a name is taken once in a tenant', async () => {
    await settled('twice');
    const again = await ask(web.url, CreateAdministratorDocument, { input: { userName: 'twice', role: 'VIEWER' } }, owner);
    expect(again.data?.createAdministrator).toMatchObject({ path: ['userName'] });
  });

  test('an owner made by mistake in another tenant can be taken back, the last of all cannot, nor can two at once', async () => {
    const installation = await runWebHouse();
    try {
      const [first, second] = [await installation.tenant('default'), await installation.tenant('by-mistake')];
      const as = bearer(await installation.token(first, 'owner'));
      const inside = { ...as, 'usher-tenant': second.name };
      const make = async (userName: string, headers: Headed) => {
        const made = await ask(installation.url, CreateAdministratorDocument, { input: { userName, role: 'OWNER' } }, headers);
        return (made.data?.createAdministrator as { administrator: { id: string } }).administrator.id;
      };
      const demote = async (id: string, headers: Headed) =>
        (await ask(installation.url, ChangeAdministratorDocument, { input: { id, version: 1, role: 'VIEWER' } }, headers)).data
          ?.changeAdministrator;
      const remove = async (id: string, headers: Headed) =>
        (await ask(installation.url, RemoveAdministratorDocument, { input: { id } }, headers)).data?.removeAdministrator;
      const lastOwner = { message: expect.stringMatching(/^The last owner/) };

      const chief = await make('chief', as);
      const mistaken = await make('mistaken', inside);
      expect(await demote(mistaken, inside)).toMatchObject({ role: 'VIEWER' });
      expect(await demote(chief, as)).toMatchObject(lastOwner);
      expect(await remove(chief, as)).toMatchObject(lastOwner);

      const other = await make('other', inside);
      const atOnce = await Promise.all([demote(chief, as), remove(other, inside)]);
      expect(atOnce.filter((answer) => answer && 'message' in answer)).toEqual([expect.objectContaining(lastOwner)]);
    } finally {
      await installation.close();
    }
  });
});

describe('API tokens', () => {
  const create = async (input: { name: string; role: 'VIEWER'; expiresAt?: string }) => {
    const made = await ask(web.url, CreateApiTokenDocument, { input }, administrator);
    return made.data?.createApiToken as { token: string; apiToken: { id: string } };
  };

  test('is told once, and only its hash is kept', async () => {
    const { token } = await create({ name: 'once', role: 'VIEWER' });
    expect(token).toMatch(/^usher_[\w-]{43}$/);
    expect(await me(bearer(token))).toMatchObject({ kind: 'API_TOKEN', name: 'once', role: 'VIEWER' });
    const { rows } = await web.database.query('select row_to_json(t)::text as row from api_token t');
    expect(JSON.stringify(rows)).not.toContain(token.slice('usher_'.length));
    expect(JSON.stringify(await ask(web.url, ApiTokensDocument, {}, administrator))).not.toContain(token);
    expect(web.logged.join()).not.toContain(token);
  });

  test('ends when it is revoked, and when its time is over', async () => {
    const revoked = await create({ name: 'revoked', role: 'VIEWER' });
    await ask(web.url, RevokeApiTokenDocument, { input: { id: revoked.apiToken.id } }, administrator);
    const expiring = await create({
      name: 'expiring',
      role: 'VIEWER',
      expiresAt: new Date(web.house.clock.now().getTime() + 60_000).toISOString(),
    });
    expect(await me(bearer(expiring.token))).not.toBeNull();
    web.clock.aheadMs += 61_000;
    for (const { token } of [revoked, expiring]) expect((await ask(web.url, MeDocument, {}, bearer(token))).status).toBe(401);
  });

  test('a bad token is refused even beside a good session', async () => {
    const { cookie } = await settled('beside');
    for (const authorization of ['Bearer usher_unknown', 'Basic YTpi', 'nonsense'])
      expect((await ask(web.url, MeDocument, {}, { cookie, authorization })).status).toBe(401);
  });

  test('cannot be made to end in the past', async () => {
    const made = await ask(
      web.url,
      CreateApiTokenDocument,
      { input: { name: 'late', role: 'VIEWER', expiresAt: '2020-01-01T00:00:00Z' } },
      administrator,
    );
    expect(made.data?.createApiToken).toMatchObject({ path: ['expiresAt'] });
  });

  test('every fault of an input is told with its path, and nothing is made', async () => {
    const made = await ask(
      web.url,
      'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on InvalidInput { path problems { path message } } } }',
      { input: { name: '  ', role: 'VIEWER' } },
      administrator,
    );
    expect(made.data.createApiToken).toEqual({ path: ['name'], problems: [{ path: ['name'], message: 'Say what it is for.' }] });
  });

  test('are listed in pages, newest first, filtered, and counted only when asked for', async () => {
    for (const name of ['page 1', 'page 2', 'page 3']) await create({ name, role: 'VIEWER' });
    const filter = { nameContains: 'PAGE' };
    const first = await ask(web.url, ApiTokensDocument, { first: 2, filter }, administrator);
    expect(first.data?.apiTokens.edges.map((edge) => edge.node.name)).toEqual(['page 3', 'page 2']);
    const after = first.data?.apiTokens.pageInfo.endCursor ?? null;
    const second = await ask(web.url, ApiTokensDocument, { first: 2, after, filter }, administrator);
    expect(second.data?.apiTokens).toMatchObject({ edges: [{ node: { name: 'page 1' } }], pageInfo: { hasNextPage: false } });
    const counted = await ask(web.url, '{ apiTokens(first: 1, filter: { nameContains: "page" }) { totalCount } }', {}, administrator);
    expect(counted.data.apiTokens.totalCount).toBe(3);
    for (const bad of [{ first: 101 }, { first: 0 }, { after: 'nonsense' }])
      expect((await ask(web.url, ApiTokensDocument, bad, administrator)).errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});

describe('tenants', () => {
  test('are made by owners, once by name, and start with a PRIMARY user store', async () => {
    const made = await ask(web.url, CreateTenantDocument, { input: { name: 'acme' } }, owner);
    expect(made.data?.createTenant).toMatchObject({ name: 'acme' });
    expect((await ask(web.url, CreateTenantDocument, { input: { name: 'acme' } }, owner)).data?.createTenant).toMatchObject({
      path: ['name'],
    });
    expect((await ask(web.url, CreateTenantDocument, { input: { name: 'Not A Name' } }, owner)).data?.createTenant).toMatchObject({
      path: ['name'],
    });
    const acme = await web.tenant('acme');
    expect((await web.database.reads(acme.id).find('userStore', {})).map((store) => store.name)).toEqual(['PRIMARY']);
    const first = await ask(web.url, TenantsDocument, { first: 1 }, owner);
    expect(first.data?.tenants).toMatchObject({ edges: [{ node: { name: 'default' } }], pageInfo: { hasNextPage: true } });
  });

  test('administrators of one are not seen from another', async () => {
    const acme = await web.tenant('acme');
    const there = await ask(
      web.url,
      CreateAdministratorDocument,
      { input: { userName: 'only-there', role: 'VIEWER' } },
      { ...owner, 'usher-tenant': acme.name },
    );
    const { id } = (there.data?.createAdministrator as { administrator: { id: string } }).administrator;
    expect((await ask(web.url, RemoveAdministratorDocument, { input: { id } }, owner)).data?.removeAdministrator).toMatchObject({
      path: ['id'],
    });
    expect(
      (await ask(web.url, RemoveAdministratorDocument, { input: { id } }, { ...owner, 'usher-tenant': 'acme' })).data?.removeAdministrator,
    ).toEqual({ id });
  });
});
