/** The two transports of subscriptions: who gets in, what is served, and how a stream ends. What events say is tested with the feed. */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { createClient as createSseClient, type Client as SseClient } from 'graphql-sse';
import { createClient as createSocketClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  ChangeMyPasswordDocument,
  CreateAdministratorDocument,
  EndSessionDocument,
  SessionsDocument,
  SignInDocument,
} from '../../schema/documents/graphql.ts';
import type { Tenant } from '../../src/domain/vocabulary.ts';
import { ask, bearer } from '../support/web.ts';
import { runWebHouse, type WebHouse } from '../support/web-house.ts';

const follow = 'subscription { provisioningEvents { type } }';
let web: WebHouse;
let tenant: Tenant;
let token: string;
let cookie: string;
const open: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  web = await runWebHouse();
  tenant = await web.tenant('default');
  token = await web.token(tenant, 'viewer');
  const made = await ask(
    web.url,
    CreateAdministratorDocument,
    { input: { userName: 'eve', role: 'VIEWER' } },
    bearer(await web.token(tenant, 'owner')),
  );
  const { oneTimePassword } = made.data?.createAdministrator as { oneTimePassword: string };
  ({ cookie } = await ask(web.url, SignInDocument, { input: { tenant: 'default', userName: 'eve', password: oneTimePassword } }));
  await ask(
    web.url,
    ChangeMyPasswordDocument,
    { input: { currentPassword: oneTimePassword, newPassword: 'a password of eve' } },
    { cookie },
  );
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(async () => web.close());

/** Something happens in the tenant, again and again until the stream has told of it: a subscription tells when it began only by what it tells. */
async function until<T>(next: Promise<T>, { database }: WebHouse = web, tenantId = tenant.id): Promise<T> {
  const stop = new AbortController();
  const deadline = Date.now() + 20_000;
  const happening = (async () => {
    while (!stop.signal.aborted && Date.now() < deadline) {
      await database.transaction(tenantId, (tx) => tx.append([{ type: 'group.created', payload: { groupId: 'g', name: 'g' } }]));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  try {
    return await next;
  } finally {
    stop.abort();
    await happening;
  }
}

function socket(headers: Record<string, string>, connectionParams?: Record<string, unknown>, { url } = web): Client {
  const client = createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    ...(connectionParams ? { connectionParams } : {}),
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { headers });
      }
    },
  });
  open.push(() => client.dispose());
  return client;
}

function sseClient(headers: Record<string, string>, { url } = web): SseClient {
  const client = createSseClient({ url: `${url}/graphql/stream`, headers, retryAttempts: 0 });
  open.push(() => client.dispose());
  return client;
}

test.each([
  ['an API token in the header', () => socket(bearer(token))],
  ['an API token in the first message, as a browser must send it', () => socket({}, { authorization: `Bearer ${token}` })],
  ['the session of our own page', () => socket({ cookie, origin: web.url })],
])('a WebSocket is opened with %s', async (_with, connected) => {
  const events = connected().iterate({ query: follow });
  expect((await until(events.next())).value).toEqual({ data: { provisioningEvents: { type: 'group.created' } } });
});

test.each([
  ['nothing', () => socket({})],
  ['a token that is not ours', () => socket(bearer('usher_unknown'))],
  ["the session, from somebody else's page", () => socket({ cookie, origin: 'https://evil.example' })],
  ['the session, from no page that we know of', () => socket({ cookie })],
])('a WebSocket is refused with %s', async (_with, connected) => {
  await expect(connected().iterate({ query: follow }).next()).rejects.toMatchObject({ code: 4403 });
});

test('queries and mutations, unknown fields and bad arguments are refused on a WebSocket', async () => {
  const client = socket(bearer(token));
  for (const [query, reason] of [
    ['{ me { id } }', /over HTTP/],
    ['subscription { nothing }', /Cannot query field/],
    ['subscription { provisioningEvents(after: "nonsense") { type } }', /not a position/],
  ] as const) {
    const told = await client
      .iterate({ query })
      .next()
      .then(
        (result) => JSON.stringify(result.value),
        (error: unknown) => JSON.stringify(error),
      );
    expect(told).toMatch(reason);
  }
});

test('a subscription ends when the token behind it is revoked', async () => {
  const short = await web.token(tenant, 'viewer');
  const events = socket(bearer(short)).iterate({ query: follow });
  await until(events.next());
  const [kept] = await web.database.reads(tenant.id).find('apiToken', { revokedAt: null, name: 'viewer' });
  expect(kept).toBeDefined();
  await web.database.query('update api_token set revoked_at = now() where name = $1 and tenant_id = $2', ['viewer', tenant.id]);
  web.clock.aheadMs += 11_000;
  const rest = (async () => {
    let told = 0;
    while ((await events.next()).done !== true) told += 1;
    return told;
  })();
  expect(await until(rest)).toBeLessThan(100);
  token = await web.token(tenant, 'viewer');
});

test.each<readonly [string, (headers: Record<string, string>) => AsyncIterator<unknown>]>([
  ['WebSocket', (headers) => socket(headers).iterate({ query: follow })],
  ['server-sent events', (headers) => sseClient(headers).iterate({ query: follow })],
])('a subscription over %s in which nothing happens ends as well', async (_transport, subscribed) => {
  const idle = await web.token(tenant, 'operator');
  const events = subscribed(bearer(idle));
  await until(events.next());
  await web.database.query('update api_token set revoked_at = now() where name = $1 and tenant_id = $2', ['operator', tenant.id]);
  web.clock.aheadMs += 11_000;
  while ((await events.next()).done !== true);
});

test.each<readonly [string, (narrow: WebHouse, headers: Record<string, string>) => AsyncIterator<unknown>]>([
  ['WebSocket', (narrow, headers) => socket(headers, undefined, narrow).iterate({ query: follow })],
  ['server-sent events', (narrow, headers) => sseClient(headers, narrow).iterate({ query: follow })],
])('a subscription over %s goes on when its caller has asked too much, and ends with their token', async (_transport, subscribed) => {
  const narrow = await runWebHouse({ settings: { rateLimits: { known: 2, unknown: 1 } } });
  open.push(() => narrow.close());
  const its = await narrow.tenant('default');
  const headers = bearer(await narrow.token(its, 'viewer'));
  const events = subscribed(narrow, headers);
  await until(events.next(), narrow, its.id);
  while ((await fetch(`${narrow.url}/graphql/stream`, { headers })).status !== 429);
  narrow.clock.aheadMs += 11_000;
  expect((await until(events.next(), narrow, its.id)).done).toBe(false);
  await narrow.database.query('update api_token set revoked_at = now() where tenant_id = $1', [its.id]);
  narrow.clock.aheadMs += 11_000;
  while ((await until(events.next(), narrow, its.id)).done !== true);
});

test('a subscription ends when the session behind it is ended', async () => {
  const administrator = bearer(await web.token(tenant, 'administrator'));
  const found = await ask(web.url, SessionsDocument, { filter: { kind: 'ADMINISTRATOR' } }, administrator);
  const ids = found.data?.sessions.edges.map(({ node }) => node.id) ?? [];
  expect(ids).toHaveLength(1);
  const headers = { accept: 'text/event-stream', cookie, origin: web.url, 'sec-fetch-site': 'same-origin' };
  const response = await fetch(`${web.url}/graphql/stream?query=${encodeURIComponent(follow)}`, { headers });
  expect(response.status).toBe(200);
  const text = response.text();
  const ended = await ask(web.url, EndSessionDocument, { input: { id: ids[0] ?? '' } }, administrator);
  expect(ended.data?.endSession).toEqual({ id: ids[0] });
  web.clock.aheadMs += 11_000;
  expect(await until(text)).toContain('event: complete');
  expect((await stream({ ...headers })).status).toBe(401);
  ({ cookie } = await ask(web.url, SignInDocument, { input: { tenant: 'default', userName: 'eve', password: 'a password of eve' } }));
});

test('a stream of server-sent events is read by the client of graphql-sse', async () => {
  const events = sseClient(bearer(token)).iterate({ query: follow });
  expect((await until(events.next())).value).toEqual({ data: { provisioningEvents: { type: 'group.created' } } });
  await events.return?.();
});

const stream = (headers: Record<string, string>, query = follow) =>
  fetch(`${web.url}/graphql/stream?query=${encodeURIComponent(query)}`, { headers: { accept: 'text/event-stream', ...headers } });

test.each([
  ['nobody', () => stream({}), 401],
  ["the session, from somebody else's page", () => stream({ cookie, 'sec-fetch-site': 'cross-site' }), 403],
  ['the session, without a word where from', () => stream({ cookie }), 403],
  ['no operation', () => fetch(`${web.url}/graphql/stream`, { headers: bearer(token) }), 400],
])('a stream is refused to %s', async (_whom, asking, status) => {
  expect((await asking()).status).toBe(status);
});

/** The answer to a request whose body is announced and never comes. */
const answerBeforeBody = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = httpRequest(`${url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '900000', ...headers },
    });
    open.push(() => void asking.destroy());
    asking.once('response', ({ statusCode }) => resolve(statusCode)).once('error', reject);
    asking.flushHeaders();
  });

test('who opens a stream and is not let in has nothing read of what they send', async () => {
  expect(await answerBeforeBody(web.url, {})).toBe(401);
  expect(await answerBeforeBody(web.url, { cookie, origin: 'https://somebody.else' })).toBe(403);
  const narrow = await runWebHouse({ settings: { rateLimits: { known: 1, unknown: 1 } } });
  open.push(() => narrow.close());
  const headers = bearer(await narrow.token(await narrow.tenant('default'), 'viewer'));
  const post = () =>
    fetch(`${narrow.url}/graphql/stream`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{' });
  expect((await post()).status).toBe(400);
  expect(await answerBeforeBody(narrow.url, headers)).toBe(429);
});

test('an EventSource of our own page is served by its session', async () => {
  const response = await stream({ cookie, 'sec-fetch-site': 'same-origin' });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const reader = response.body!.getReader();
  open.push(() => reader.cancel());
  const told = (async () => {
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      text += new TextDecoder().decode(value);
      if (done || text.includes('event: complete') || text.includes('group.created')) return text;
    }
  })();
  expect(await until(told)).toContain('event: next\ndata: {"data":{"provisioningEvents":{"type":"group.created"}}}');
});

test('a stream answers a refused operation in its own words', async () => {
  const text = await (await stream(bearer(token), '{ me { id } }')).text();
  expect(text).toMatch(/event: next\ndata: \{"errors":\[\{"message":"Only subscriptions/);
  expect(text).toMatch(/event: complete\ndata:\n\n$/);
});

test('an upgrade of another path is left to others', async () => {
  const { port } = new URL(web.url);
  const raw = connect(Number(port), '127.0.0.1');
  open.push(() => void raw.destroy());
  raw.write(
    'GET /other HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  raw.end();
  const answered = await new Promise<string>((resolve) => {
    let text = '';
    raw.on('data', (chunk) => (text += chunk.toString()));
    raw.on('close', () => resolve(text));
    raw.on('error', () => resolve(text));
  });
  expect(answered).not.toContain('101');
});

test('closing ends the streams that are open', async () => {
  const short = await runWebHouse();
  const key = await short.token(await short.tenant('default'), 'viewer');
  const response = await fetch(`${short.url}/graphql/stream?query=${encodeURIComponent(follow)}`, { headers: bearer(key) });
  const ended = response.text().catch(() => 'cut');
  await short.close();
  expect(await ended).not.toBeNull();
});
