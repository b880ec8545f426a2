import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer } from '../support/administer.ts';
import { createBrowser } from '../support/browser.ts';
import { until } from '../support/people.ts';
import { startSamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startQuirkyScimServer, type QuirkyScimServer } from '../support/targets/quirky-scim-server.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';
import { ask, bearer } from '../support/web.ts';

/** Planted where secrets go in; none of them, in any spelling, may come out anywhere. */
const canaries = {
  bearerToken: 'canary-bearer-3f81',
  basicPassword: 'canary-basic-9c27',
  clientSecret: 'canary-client-77aa',
  apiKey: 'canary-api-key-51d0',
  defaultPassword: 'canary-default-password-8d2e',
  userPassword: 'canary user password 42',
  /** A person's attribute: it may be told to administrators who ask for the person, but never logged, counted or put in an event. */
  attribute: 'canary-attribute-c0ffee',
};
let usher: RunningUsher;
/** Every answer that anybody got. */
const told: string[] = [];
/** A password that nobody chose, as a target got it. */
let randomPassword = '';
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  usher = await startUsher();
  const idp = await startSamlIdentityProvider();
  const scim = await startScimServer({ token: canaries.bearerToken });
  // Where accounts are new, so that they begin with a password. Both tell it in every answer.
  const welcoming = await startQuirkyScimServer();
  const guessing = await startQuirkyScimServer({ patchSupported: false, patch: 501 });
  stops.push(
    () => usher.close(),
    () => idp.close(),
    () => scim.close(),
    () => welcoming.close(),
    () => guessing.close(),
  );
  const admin = administer(usher);
  const staff = await admin.addSamlIdentityProvider({
    name: 'Staff',
    issuer: idp.entityId,
    entryPoint: idp.entryPoint,
    certificate: idp.certificate,
  });
  const forms = {
    good: { authentication: 'bearer', token: canaries.bearerToken },
    basic: { authentication: 'basic', userName: 'usher', password: canaries.basicPassword },
    oauth: {
      authentication: 'oauth-client-credentials',
      tokenUrl: `${scim.url}/token`,
      clientId: 'usher',
      clientSecret: canaries.clientSecret,
    },
    key: { authentication: 'api-key', apiKeyHeader: 'x-api-key', apiKey: canaries.apiKey },
    welcome: {
      ...{ baseUrl: welcoming.url, token: canaries.bearerToken },
      ...{ passwordProvisioning: 'default', defaultPassword: canaries.defaultPassword },
    },
    guess: { baseUrl: guessing.url, token: canaries.bearerToken, passwordProvisioning: 'random' },
    // A port where nobody listens.
    gone: { authentication: 'bearer', token: canaries.bearerToken, baseUrl: 'http://127.0.0.1:9/scim' },
  };
  const targets = [];
  for (const [name, form] of Object.entries(forms))
    targets.push(await admin.addTarget({ name, connectorType: 'scim2', config: { baseUrl: scim.url, ...form } }));
  const door = await admin.addServiceProvider({
    name: 'Door',
    signInWith: [staff.id],
    more: { selfRegistration: true, passwordSignIn: true },
  });
  await admin.configureOutbound(
    door,
    targets.map((target) => ({ target, jitOutbound: true, blocking: true, deadlineMs: 1_500, whenDeadlinePasses: 'ADMIT' as const })),
  );
  scim.fault('400', { times: 1 });
  idp.people.set('canary', {
    name: 'canary',
    nameId: 'canary',
    attributes: { sn: canaries.attribute, mail: `${canaries.attribute}@example.org` },
  });
  const browser = createBrowser();
  const form = await browser.get(`${door.loginUrl}/${staff.id}`);
  const posting = await browser.submit(form, { user: 'canary' });
  told.push((await browser.waitOut(await browser.submit(posting))).text);
  const passwordAt = async (server: QuirkyScimServer) => String((await until(() => [...server.users.values()][0]))['password']);
  expect(await passwordAt(welcoming)).toBe(canaries.defaultPassword);
  randomPassword = await passwordAt(guessing);
  for (const path of ['/session', '/metrics', '/readyz', `/saml/${staff.id}/metadata`, `/login/${door.id}`])
    told.push(
      (await browser.get(`${usher.url}${path}`)).text.replaceAll(canaries.attribute, path === '/session' ? '' : canaries.attribute),
    );

  const say = async (document: string, variables = {}) => {
    const { data, errors } = await ask(usher.url, document, variables, bearer(usher.token));
    told.push(JSON.stringify({ data, errors }));
  };
  await say(`mutation($i: RegisterUserInput!) { registerUser(input: $i) { __typename ... on Problem { message path } } }`, {
    i: { serviceProviderId: door.id, userName: 'somebody', password: canaries.userPassword, attributes: [] },
  });
  await browser.post(`${usher.url}/login/${door.id}/password`, { userName: 'somebody', password: `${canaries.userPassword} wrong` });
  // A refused form repeats nothing of what was typed in.
  await say(
    `mutation($i: EnableProvisioningConnectorInput!) { enableProvisioningConnector(input: $i) { __typename ... on Problem { message path } ... on InvalidInput { problems { path message } } } }`,
    {
      i: {
        identityProviderId: targets[0]!.identityProviderId,
        name: 'Wrong',
        connectorType: 'scim2',
        config: { token: canaries.bearerToken, password: 7, surprise: canaries.apiKey },
      },
    },
  );
  await say(
    `mutation($i: CheckProvisioningConnectorInput!) { checkProvisioningConnector(input: $i) { __typename ... on Problem { message path } } }`,
    { i: { connectorType: 'scim2', config: { baseUrl: 'http://127.0.0.1:9/', authentication: 'bearer', token: canaries.bearerToken } } },
  );
  for (const query of await everyList()) await say(query);
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Every list and scalar that the API offers, with every scalar field of its nodes, but for people's own attributes. */
async function everyList(): Promise<readonly string[]> {
  const schema = await ask(
    usher.url,
    `{ __schema { queryType { fields { name args { defaultValue type { kind } } type { kind name ofType { kind name } } } } types { name kind fields { name args { defaultValue type { kind } } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`,
    {},
    bearer(usher.token),
  );
  const types = new Map<string, any>(schema.data.__schema.types.map((type: any) => [type.name, type]));
  const core = (type: any): any => (type.ofType ? core(type.ofType) : type);
  const fieldsOf = (name: string, depth: number): string => {
    const parts = (types.get(name)?.fields ?? []).flatMap((field: any): string[] => {
      if (
        field.args.some((arg: any) => arg.type.kind === 'NON_NULL' && arg.defaultValue === null) ||
        (name === 'User' && field.name === 'attributes')
      )
        return [];
      const inner = core(field.type);
      if (inner.kind === 'SCALAR' || inner.kind === 'ENUM') return [field.name];
      if (inner.kind !== 'OBJECT' || depth === 0) return [];
      const within = fieldsOf(inner.name, depth - 1);
      return within === '' ? [] : [`${field.name} { ${within} }`];
    });
    return parts.join(' ');
  };
  return schema.data.__schema.queryType.fields
    .filter(
      (field: any) =>
        !field.args.some((arg: any) => arg.type.kind === 'NON_NULL' && arg.defaultValue === null) && core(field.type).kind === 'OBJECT',
    )
    .map((field: any) => `{ ${field.name} { ${fieldsOf(core(field.type).name, field.name === 'users' ? 2 : 3)} } }`);
}

const spellings = (text: string) => [text, Buffer.from(text).toString('base64').replace(/=+$/, ''), encodeURIComponent(text)];
const found = (where: readonly string[], texts: readonly string[]) =>
  texts.flatMap((text) =>
    spellings(text).flatMap((spelling) =>
      where.filter((line) => line.includes(spelling)).map((line) => `${text} in ${line.slice(0, 200)}`),
    ),
  );
const secrets = (): string[] => [
  ...Object.entries(canaries).flatMap(([name, text]) => (name === 'attribute' ? [] : [text])),
  randomPassword,
];

describe('a secret', () => {
  it('is really asked about: lists were read and attempts failed', async () => {
    expect(randomPassword.length).toBeGreaterThan(20);
    expect(told.length).toBeGreaterThan(20);
    // Tenants are for owners alone; everything else is answered.
    expect(told.filter((answer) => answer.includes('"errors"')).map((answer) => answer.slice(0, 150))).toEqual([
      expect.stringContaining('needs the role owner'),
    ]);
    const failures = await administer(usher).do(`{ operations(first: 100) { edges { node { state failureKind } } } }`);
    expect(new Set(failures.edges.map((edge: any) => edge.node.failureKind))).toContain('UNAUTHORIZED');
  });
  it('is in no answer, page or metric', () => expect(found(told, secrets())).toEqual([]));
  it('is in no line of the log, nor is a value of a person', () =>
    expect(found(usher.log, [...secrets(), canaries.attribute])).toEqual([]));
  it('is in no event, nor is a value of a person', async () => {
    const rows = (await usher.app.database.query('select payload::text as text from event')).rows.map((row) => String(row['text']));
    expect(rows.length).toBeGreaterThan(10);
    expect(found(rows, [...secrets(), canaries.attribute])).toEqual([]);
  });
  it('is nowhere in the database as it is', async () => {
    const tables = await usher.app.database.query(
      `select table_schema || '."' || table_name || '"' as name from information_schema.tables where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`,
    );
    const rows: string[] = [];
    for (const { name } of tables.rows) {
      const { rows: read } = await usher.app.database.query(`select t::text as text from ${String(name)} t`);
      rows.push(...read.map((row) => `${String(name)}: ${String(row['text'])}`));
    }
    expect(rows.some((row) => row.includes(canaries.attribute))).toBe(true);
    expect(found(rows, secrets())).toEqual([]);
  });
});
