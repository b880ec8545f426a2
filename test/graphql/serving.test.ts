import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House, LogFields } from '../../src/commands/ports.ts';
import { longestPolicy } from '../../src/commands/policy-content.ts';
import { limits } from '../../src/graphql/limits.ts';
import { ask, bearer, runWeb, type RunningWeb, type WebParts } from '../support/web.ts';

/** A house whose database knows one token, and breaks when anything is read: what is tested here is before and after the resolvers. */
const logged: { readonly fields: LogFields; readonly fact: string }[] = [];
const note = (fields: LogFields, fact: string): void => void logged.push({ fields, fact });
let ids = 0;
const breaks = (): never => {
  throw new Error('relation "sealed_things" does not exist');
};
const house = {
  clock: { now: () => new Date('2026-01-01T00:00:00Z') },
  chance: { uuid: () => `00000000-0000-7000-8000-${String((ids += 1)).padStart(12, '0')}`, random: () => 0.5, secret: () => 'secret' },
  log: { info: note, warn: note, error: note },
  settings: { attemptTimeoutMs: 1000, leaseMarginMs: 1000, holdInRequestMs: 0 },
  database: {
    reads: () => ({ page: breaks, find: breaks, tenant: breaks }),
    credentials: {
      apiToken: async (hash: string) =>
        hash === 'b7e5f5e1e6c1a1b3' ? null : { id: 'token-1', name: 'test', role: 'owner', tenantId: 'tenant-1', expiresAt: null },
    },
  },
} as unknown as House;
const parts: WebParts = {
  house,
  bus: { listen: () => () => undefined },
  passwords: { hash: async () => '', verify: async () => false },
  query: async () => ({ rows: [] }),
};

let open: RunningWeb;
let closed: RunningWeb;
let narrow: RunningWeb;
beforeAll(async () => {
  open = await runWeb({ ...parts, notReady: async () => ['migrations are missing'] });
  closed = await runWeb({ ...parts, settings: { introspection: false } });
  narrow = await runWeb({ ...parts, settings: { rateLimits: { known: 2, unknown: 1 } } });
});
afterAll(async () => {
  await Promise.all([open, closed, narrow].map((each) => each.close()));
});

test('the server audits of graphql-http find no error', async () => {
  const audits = await Promise.all(serverAudits({ url: `${open.url}/graphql` }).map((audit) => audit.fn()));
  expect(audits.filter((audit) => audit.status === 'error').map((audit) => [audit.name, 'reason' in audit ? audit.reason : ''])).toEqual(
    [],
  );
});

test.each([
  ['https://usher.example.test', 'max-age=31536000'],
  ['http://usher.example.test', null],
])('at %s browsers are told to use TLS for this host and no other: %s', async (publicUrl, told) => {
  const web = await runWeb({ ...parts, settings: { publicUrl } });
  expect((await fetch(`${web.url}/nothing-here`)).headers.get('strict-transport-security')).toBe(told);
  await web.close();
});

test('a resolver that breaks tells a reference, and the log has the cause under it', async () => {
  const answer = await ask(open.url, '{ apiTokens { edges { cursor } } }', {}, bearer('usher_x'));
  const reference = answer.headers.get('x-request-id');
  expect(answer.errors?.map((error) => error.message)).toEqual([`Something went wrong. Reference: ${reference}`]);
  expect(JSON.stringify(answer)).not.toContain('sealed_things');
  const line = logged.find(({ fields }) => fields.requestId === reference);
  expect((line?.fields.error as Error).message).toContain('sealed_things');
});

test('without introspection neither the schema nor a suggestion is told', async () => {
  const asked = await ask(closed.url, '{ __schema { types { name } } }');
  expect(asked.status).toBe(400);
  const mistyped = await ask(closed.url, '{ apiToken { id } }');
  expect(mistyped.errors?.[0]?.message).toMatch(/^Cannot query field "apiToken"/);
  expect(JSON.stringify(mistyped)).not.toMatch(/Did you mean|stacktrace/);
  const missing = await ask(closed.url, 'mutation { revokeApiToken(input: {}) { __typename } }');
  expect(JSON.stringify(missing)).not.toContain('Did you mean');
});

test('with introspection a suggestion is told', async () => {
  expect((await ask(open.url, '{ apiToken { id } }')).errors?.[0]?.message).toContain('Did you mean');
});

test('fragments that spread fragments twice each are judged in no time', async () => {
  const steps = 60;
  const doubling = Array.from({ length: steps }, (_, index) => `fragment f${index} on Me { ...f${index + 1} ...f${index + 1} }`);
  const answer = await ask(open.url, `{ me { ...f0 } } ${doubling.join(' ')} fragment f${steps} on Me { id }`);
  expect(answer.status).toBe(400);
});

test.each([
  ['too deep', `{ apiTokens { edges ${'{ node '.repeat(limits.depth)} { id } ${'}'.repeat(limits.depth)} } }`, /depth/i],
  ['too many aliases', `{ ${Array.from({ length: limits.aliases + 1 }, (_, index) => `a${index}: me { id }`).join(' ')} }`, /alias/i],
  ['too many directives', `{ __typename ${'@include(if: true) '.repeat(limits.directives + 1)} }`, /directive/i],
  ['too many tokens', `{ ${'__typename '.repeat(limits.tokens)} }`, /token/i],
  [
    'too costly',
    `{ ${Array.from({ length: 29 }, (_, i) => `a${i}: apiTokens(first: 100) { edges { node { id name role expiresAt lastUsedAt } } }`).join(' ')} }`,
    /cost/i,
  ],
])('an operation that is %s is refused', async (_name, query, reason) => {
  const answer = await ask(open.url, query, {}, bearer('usher_x'));
  expect(answer.status).toBe(400);
  expect(answer.errors?.some((error) => reason.test(error.message))).toBe(true);
});

test('one request costs the work of one password, whatever it calls it', async () => {
  const signIn = (alias: string) => `${alias}: signIn(input: { userName: "nobody", password: "x" }) { __typename }`;
  const register = 'registerUser(input: { serviceProviderId: "x", userName: "x" }) { __typename }';
  const refused = [
    `mutation { ${signIn('a')} ${signIn('b')} }`,
    `mutation { ${signIn('a')} ...more } fragment more on Mutation { ...most } fragment most on Mutation { ${register} }`,
  ];
  for (const query of refused) {
    const { status, errors } = await ask(open.url, query);
    expect([status, errors?.map((error) => error.message)]).toEqual([
      400,
      ['Only one of signIn, changeMyPassword and registerUser in a request.'],
    ]);
  }
  expect((await ask(open.url, `mutation { ${signIn('a')} ... { ${signIn('b')} } }`)).status).toBe(400);
  expect((await ask(open.url, `mutation { ${signIn('a')} }`)).status).toBe(200);
});

test('pages inside pages multiply, also when their size is a variable', async () => {
  const inner = '{ edges { node { provisioningConnectors(first: $n) { edges { node { identityProvider { ...again } } } } } } }';
  const again = 'fragment again on IdentityProvider { provisioningConnectors(first: $n) { edges { node { id } } } }';
  const answer = await ask(open.url, `query ($n: Int) { identityProviders(first: $n) ${inner} } ${again}`, { n: 100 }, bearer('usher_x'));
  expect(answer.errors?.map((error) => error.message)).toEqual([expect.stringMatching(/asks for up to 1000000 items/)]);
});

test('a page within a page counts as one of twenty where it does not say how many, whatever is asked of it', async () => {
  const links = (of: string): string =>
    `{ users(first: 100) { edges { node { links { ${of} } assignments { totalCount } groups { ...names } } } } }`;
  const names = 'fragment names on GroupConnection { edges { node { name } } }';
  const few = await ask(open.url, `${links('edges { node { id } }')} ${names}`, {}, bearer('usher_x'));
  // Twenty of each: 6,000. It is let in, and breaks where it reads.
  expect(few.errors?.map((error) => error.message)).toEqual([expect.stringMatching(/^Something went wrong/)]);
  const many = await ask(
    open.url,
    `${links('edges { node { user { links { pageInfo { hasNextPage } } } } }')} ${names}`,
    {},
    bearer('usher_x'),
  );
  expect(many.errors?.map((error) => error.message)).toEqual([expect.stringMatching(/asks for up to 44000 items/)]);
});

const rows = (asked: string): string =>
  `{ serviceProviders(first: 100) { edges { node { outboundProvisioning { rows { identityProvider { ${asked} } } } } } } }`;
const signedInBy = (asked: string): string =>
  `{ serviceProviders(first: 100) { edges { node { signInIdentityProviders { ${asked} } } } } }`;
const connectors = 'provisioningConnectors(first: 10) { totalCount }';

test.each([
  [rows(connectors), 100_000],
  [signedInBy(connectors), 50_000],
  ['query ($n: Int) { events(first: $n) { events { operation { attempts(first: 50) { totalCount } } } } }', 25_000],
])('a list that leads on counts by the most it may have: %s', async (query, items) => {
  const { errors } = await ask(open.url, query, {}, bearer('usher_x'));
  expect(errors?.map(({ message }) => message)).toEqual([expect.stringContaining(`asks for up to ${items} items`)]);
});

test.each([rows('id'), signedInBy('id')])('a whole page with all of such a list is let in: %s', async (query) => {
  const { errors } = await ask(open.url, query, {}, bearer('usher_x'));
  expect(errors?.map(({ message }) => message)).toEqual([expect.stringMatching(/^Something went wrong/)]);
});

test('no answer is kept by anybody on its way, by GET neither', async () => {
  const headers = { 'apollo-require-preflight': 'yes' };
  const answers = [await fetch(`${open.url}/graphql?query=%7Bme%7Bid%7D%7D`, { headers }), await fetch(`${open.url}/graphql`, { headers })];
  expect(answers.map((answer) => answer.headers.get('cache-control'))).toEqual(['no-store', 'no-store']);
});

test('several requests in one body are refused', async () => {
  const response = await fetch(`${open.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
  });
  expect(response.status).toBe(400);
});

test('the longest policy goes into one request', async () => {
  const line = '<AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">something</AttributeValue>\n';
  const xml = line.repeat(Math.floor(longestPolicy / line.length));
  const response = await fetch(open.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query($xml: String!) { __typename validatePolicy(xml: $xml) { __typename } }', variables: { xml } }),
  });
  expect(response.status).not.toBe(413);
});

test('a longer body is refused before it is parsed', async () => {
  const answer = await ask(open.url, `{ __typename } #${'x'.repeat(limits.bodyBytes)}`);
  expect(answer.status).toBe(413);
});

test('a request that a page of somebody else can send without asking is refused', async () => {
  const response = await fetch(`${open.url}/graphql?query=${encodeURIComponent('{ __typename }')}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('CSRF');
});

test('who asks too often is told when to come back, each caller by its own', async () => {
  expect((await ask(narrow.url, '{ __typename }')).status).toBe(200);
  const anonymous = await ask(narrow.url, '{ __typename }');
  expect(anonymous.status).toBe(429);
  expect(Number(anonymous.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(anonymous.errors?.[0]?.extensions?.['code']).toBe('TOO_MANY_REQUESTS');
  expect((await ask(narrow.url, '{ __typename }', {}, bearer('usher_x'))).status).toBe(200);
});

test('alive and ready are told without a session, and draining ends ready', async () => {
  expect((await fetch(`${open.url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${open.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'not-ready', problems: ['migrations are missing'] }]);
  expect((await fetch(`${closed.url}/readyz`)).status).toBe(200);
  closed.web.drain();
  expect((await fetch(`${closed.url}/readyz`)).status).toBe(503);
});

test('metrics ask for their token where one is set', async () => {
  const registry = { contentType: 'text/plain', metrics: async () => 'usher_up 1\n' };
  const web = await runWeb({ ...parts, metrics: { registry, token: 'a metrics token' } });
  try {
    expect((await fetch(`${web.url}/metrics`)).status).toBe(401);
    const told = await fetch(`${web.url}/metrics`, { headers: bearer('a metrics token') });
    expect(await told.text()).toBe('usher_up 1\n');
  } finally {
    await web.close();
  }
});

test('what is not there is a fixed page for people and JSON for programs, with the request id as reference', async () => {
  const page = await fetch(`${open.url}/nothing`, { headers: { accept: 'text/html', 'x-request-id': 'proxy-made-this-1' } });
  expect([page.status, page.headers.get('content-type'), page.headers.get('x-request-id')]).toEqual([
    404,
    'text/html; charset=utf-8',
    'proxy-made-this-1',
  ]);
  expect(await page.text()).toContain('proxy-made-this-1');
  const data = await fetch(`${open.url}/nothing`, { headers: { accept: 'application/json' } });
  expect([data.status, ((await data.json()) as any).errors[0].message]).toEqual([404, 'There is nothing here.']);
  expect(data.headers.get('x-powered-by')).toBeNull();
});
