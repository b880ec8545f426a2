/** Every root field by every role, and every field that takes an id by a foreign tenant: from access-table.ts and the schema itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessOf, type AccessLevel } from '../../src/graphql/access.ts';
import { accessTable } from '../../src/graphql/access-table.ts';
import { buildUsherSchema } from '../../src/graphql/schema.ts';
import { reaches } from '../../src/commands/caller.ts';
import type { KindWithId, Transaction } from '../../src/commands/ports.ts';
import { roles, type Role, type Tenant } from '../../src/domain/vocabulary.ts';
import { ask, bearer, type Headed } from '../support/web.ts';
import { runWebHouse, type WebHouse } from '../support/web-house.ts';

const schema = buildUsherSchema();
const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
  Object.values(root?.getFields() ?? {}).map((field) => ({
    name: `${root?.name}.${field.name}`,
    key: field.name,
    level: accessOf(field) ?? ('nobody' as const),
    ...accessTable[`${root?.name}.${field.name}`],
  })),
);

let web: WebHouse;
let own: Tenant;
let foreign: Tenant;
const tokens = new Map<Role, Headed>();
const foreignIds = new Map<KindWithId, string>();
const unknownId = '00000000-0000-7000-8000-000000000000';

beforeAll(async () => {
  web = await runWebHouse();
  own = await web.tenant('own');
  foreign = await web.tenant('foreign');
  for (const role of roles) tokens.set(role, bearer(await web.token(own, role)));
  await web.database.transaction(foreign.id, async (tx) => {
    for (const [kind, id] of await plant(tx)) foreignIds.set(kind, id);
  });
  const { rows } = await web.database.query(
    `insert into session (sid, sess, expire) values ('stranger', $1, now() + interval '1 hour') returning id`,
    [JSON.stringify({ tenantId: foreign.id, userId: foreignIds.get('user') })],
  );
  foreignIds.set('session', String(rows[0]?.['id']));
});
afterAll(async () => web.close());

const send = (operation: string, id: string, headers: Headed = {}) => ask(web.url, operation.replaceAll('$id', id), {}, headers);
const may = (role: Role, level: AccessLevel | 'nobody'): boolean =>
  level === 'anyone' || level === 'signed-in' || (level !== 'nobody' && reaches(role, level));
const codes = (answer: Awaited<ReturnType<typeof send>>): unknown[] => (answer.errors ?? []).map((error) => error.extensions?.['code']);

describe.each(fields)('$name asks for $level', ({ key, level, operation = '', foreign: foreignRow }) => {
  test.each(roles.map((role) => ({ role })))('as $role', async ({ role }) => {
    const answer = await send(operation, unknownId, tokens.get(role));
    if (may(role, level)) {
      expect(answer.errors ?? []).toEqual([]);
      expect(answer.data).toHaveProperty(key);
    } else {
      expect(codes(answer)).toEqual(['FORBIDDEN']);
      expect(answer.data?.[key] ?? null).toBeNull();
    }
  });

  test('without a session or token', async () => {
    const answer = await send(operation, unknownId);
    expect(codes(answer)).toEqual(level === 'anyone' ? [] : ['UNAUTHENTICATED']);
  });

  test.runIf(foreignRow)('by an id of another tenant', async () => {
    const id = foreignIds.get(foreignRow?.kind ?? 'user');
    expect(id, `plant a ${foreignRow?.kind} in this test`).toBeDefined();
    const answer = await send(operation, id ?? '', tokens.get('administrator'));
    const told = answer.data?.[key];
    expect(answer.errors ?? []).toEqual([]);
    if (foreignRow?.answers === 'null') expect(told).toBeNull();
    else if (foreignRow?.answers === 'NotFound') expect(told.__typename).toBe('NotFound');
    else expect(told.edges).toEqual([]);
  });
});

test('an administrator with a one-time password may only see who they are, change it, and sign out', async () => {
  const created = await ask(
    web.url,
    'mutation { createAdministrator(input: { userName: "new", role: ADMINISTRATOR }) { ... on AdministratorWithPassword { oneTimePassword } } }',
    {},
    tokens.get('administrator'),
  );
  const password: string = created.data.createAdministrator.oneTimePassword;
  const signedIn = await ask(
    web.url,
    'mutation ($p: String!) { signIn(input: { tenant: "own", userName: "new", password: $p }) { __typename } }',
    { p: password },
  );
  expect(signedIn.data.signIn.__typename).toBe('Me');
  for (const { key, level, operation = '' } of fields.filter((field) => !['signOut', 'changeMyPassword'].includes(field.key))) {
    const answer = await send(operation, unknownId, { cookie: signedIn.cookie });
    expect([key, ...codes(answer)]).toEqual(level === 'anyone' ? [key] : [key, 'PASSWORD_CHANGE_REQUIRED']);
  }
});

test('only an owner picks another tenant by header', async () => {
  const me = '{ me { tenant { name } } }';
  const asOwner = await ask(web.url, me, {}, { ...tokens.get('owner'), 'usher-tenant': 'foreign' });
  expect(asOwner.data.me.tenant.name).toBe('foreign');
  for (const tenant of ['foreign', 'no-such-tenant']) {
    const asAdministrator = await ask(web.url, me, {}, { ...tokens.get('administrator'), 'usher-tenant': tenant });
    expect([asAdministrator.status, codes(asAdministrator)]).toEqual([403, ['FORBIDDEN']]);
  }
  const inOwn = await ask(web.url, me, {}, { ...tokens.get('administrator'), 'usher-tenant': 'own' });
  expect(inOwn.data.me.tenant.name).toBe('own');
});

/** One record of each kind that a field can ask for by id. */
async function plant(tx: Transaction): Promise<ReadonlyMap<KindWithId, string>> {
  const administrator = await tx.insert('administrator', { userName: 'stranger', role: 'administrator', mustChangePassword: false });
  const apiToken = await tx.insertApiToken(
    { id: web.house.chance.uuid(), name: 'stranger', role: 'viewer', expiresAt: null },
    'f'.repeat(64),
  );
  const [userStore] = await tx.find('userStore', {});
  if (userStore === undefined) throw new Error('A tenant has a PRIMARY user store.');
  const user = await tx.insert('user', { userStoreId: userStore.id, userName: 'stranger', attributes: {}, active: true, removedAt: null });
  const group = await tx.insert('group', { name: 'strangers' });
  const serviceProvider = await tx.insert('serviceProvider', {
    name: 'stranger',
    description: '',
    homeUrl: null,
    returnUrls: [],
    signInIdentityProviderIds: [],
    passwordSignIn: false,
    selfRegistration: true,
    userStoreId: userStore.id,
    ownsOutboundRows: false,
  });
  const identityProvider = await tx.insert('identityProvider', {
    name: 'stranger',
    description: '',
    enabled: true,
    authenticator: null,
    justInTime: {
      enabled: false,
      userStoreId: null,
      attributeSync: 'override',
      userNameAttribute: null,
      roleAttribute: null,
      groupSync: 'merge',
    },
    attributeMappings: [],
    roleMappings: [],
    outboundRoles: [],
  });
  const target = await tx.insert('target', {
    identityProviderId: identityProvider.id,
    name: 'stranger',
    connectorType: 'memory',
    enabled: true,
    config: {},
    removal: 'deactivate',
    adoption: 'link',
    matchingAttribute: 'userName',
    maxConcurrentCalls: 1,
    removalAskedAt: null,
  });
  const identity = await tx.insert('identity', {
    userId: user.id,
    identityProviderId: identityProvider.id,
    issuer: 'https://idp.test/',
    subject: 'stranger',
  });
  const assignment = await tx.insert('assignment', { userId: user.id, targetId: target.id, serviceProviderId: null });
  const adoptionCase = await tx.insert('adoptionCase', {
    userId: user.id,
    targetId: target.id,
    state: 'waiting',
    reason: 'set-to-ask',
    wanted: {},
    candidates: [],
    accountId: null,
    decidedBy: null,
    decidedAt: null,
  });
  const [operation] = await tx.requestOperations([
    {
      userId: user.id,
      targetId: target.id,
      kind: 'provision',
      trigger: 'operator',
      serviceProviderId: null,
      priority: 'bulk',
      joinRunning: false,
    },
  ]);
  const policy = await tx.insert('policy', {
    ...{ name: 'stranger', description: '', position: 1, active: false, referencedOnly: false, publishedVersionId: null },
    ...{ draft: '<Policy/>', draftForm: null, draftDigest: null, draftedBy: 'self:test', draftedAt: web.house.clock.now() },
  });
  return new Map<KindWithId, string>([
    ['policy', policy.id],
    ['administrator', administrator.id],
    ['apiToken', apiToken.id],
    ['userStore', userStore.id],
    ['user', user.id],
    ['group', group.id],
    ['serviceProvider', serviceProvider.id],
    ['identityProvider', identityProvider.id],
    ['target', target.id],
    ['identity', identity.id],
    ['assignment', assignment.id],
    ['adoptionCase', adoptionCase.id],
    ...(operation === undefined ? [] : [['operation', operation.operationId] as const]),
  ]);
}
