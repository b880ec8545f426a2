/** How answers and credentials of a SCIM server are understood, one at a time. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Call, Connector } from '../../src/connectors/contract/connector.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../src/connectors/contract/http.ts';
import { HttpError } from '../../src/connectors/contract/http.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import { definitions } from '../../src/connectors/registry.ts';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { startScimServer, type ScimServer, type ScimServerOptions } from '../support/targets/scim-server.ts';
import { startScimServerProcess } from '../support/targets/scim-server-process.ts';
import { errorOf, failureOf } from './bench.ts';

const http = createHttpClient({ allowInternalAddresses: true });
const guarded = createHttpClient({ allowInternalAddresses: false });
const servers: ScimServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await Promise.all([http.close(), guarded.close()]);
});

async function start(options: ScimServerOptions = {}): Promise<ScimServer> {
  const server = await startScimServer(options);
  servers.push(server);
  return server;
}
function open(config: Record<string, unknown>, client: HttpClient = http, now: () => number = Date.now): Connector {
  return openConnector(definitions, { connectorType: 'scim2', config }, { http: client, now });
}
function call(milliseconds = 10_000): Call {
  return { operationId: null, signal: AbortSignal.timeout(milliseconds), log: () => undefined };
}
/** A connection whose server answers only this to everything, but has no discovery. */
function answering(answer: Partial<HttpResponse> | HttpError, now = 0): Connector {
  const client: HttpClient = {
    request: async (request: HttpRequest) => {
      if (request.url.endsWith('/ServiceProviderConfig')) return { status: 404, headers: {}, body: '' };
      if (answer instanceof HttpError) throw answer;
      return { status: 200, headers: { 'content-type': 'application/scim+json' }, body: '', ...answer };
    },
  };
  return open({ baseUrl: 'https://scim.example', token: 'x' }, client, () => now);
}
const user = { userName: 'ada' };

describe('an answer to create', () => {
  const error = (scimType: string | undefined, detail = ''): string => JSON.stringify({ scimType, detail });
  const date = Date.UTC(2026, 0, 1, 12, 0, 0);
  it.each<readonly [string, Partial<HttpResponse>, object]>([
    ['401', { status: 401 }, { kind: 'unauthorized' }],
    ['403', { status: 403 }, { kind: 'unauthorized' }],
    [
      '403 with a SCIM reason',
      { status: 403, body: error('mutability', 'userName is fixed') },
      { kind: 'rejected', attribute: 'userName' },
    ],
    ['404', { status: 404 }, { kind: 'transient', mayHaveApplied: false }],
    ['a redirect', { status: 308, headers: { location: 'https://other.example' } }, { kind: 'unauthorized' }],
    ['409', { status: 409 }, { kind: 'conflict' }],
    [
      '409 that names an attribute',
      { status: 409, body: error('uniqueness', 'Email ada@x is taken') },
      { kind: 'conflict', attribute: 'emails' },
    ],
    ['400 for uniqueness', { status: 400, body: error('uniqueness') }, { kind: 'conflict' }],
    [
      '400 that names an attribute',
      { status: 400, body: error('invalidValue', "Bad 'timezone'") },
      { kind: 'rejected', attribute: 'timezone' },
    ],
    ['413', { status: 413 }, { kind: 'rejected' }],
    ['422', { status: 422, body: 'not json' }, { kind: 'rejected' }],
    ['501', { status: 501 }, { kind: 'rejected' }],
    ['429 without a time', { status: 429 }, { kind: 'throttled', retryAfterMs: 10_000 }],
    ['429 with seconds', { status: 429, headers: { 'retry-after': '30' } }, { kind: 'throttled', retryAfterMs: 30_000 }],
    [
      '429 with a date',
      { status: 429, headers: { 'retry-after': new Date(date + 60_000).toUTCString() } },
      { kind: 'throttled', retryAfterMs: 60_000 },
    ],
    [
      '429 with a date gone by',
      { status: 429, headers: { 'retry-after': new Date(date - 60_000).toUTCString() } },
      { kind: 'throttled', retryAfterMs: 1_000 },
    ],
    ['429 for a week', { status: 429, headers: { 'retry-after': '604800' } }, { kind: 'throttled', retryAfterMs: 3_600_000 }],
    ['429 with nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, { kind: 'throttled', retryAfterMs: 10_000 }],
    ['503', { status: 503 }, { kind: 'transient', mayHaveApplied: true }],
    ['503 with a time', { status: 503, headers: { 'retry-after': '5' } }, { kind: 'throttled', retryAfterMs: 5_000 }],
    [
      '502 with a page',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' },
      { kind: 'transient', mayHaveApplied: true },
    ],
    ['201 without body and address', { status: 201 }, { kind: 'transient', mayHaveApplied: true }],
    ['201 without id', { status: 201, body: '{"userName":"ada"}' }, { kind: 'transient', mayHaveApplied: true }],
    ['201 with something else', { status: 201, body: '{"id":"1"}' }, { kind: 'transient', mayHaveApplied: true }],
    ['200 with a list', { status: 200, body: '[]' }, { kind: 'transient', mayHaveApplied: true }],
  ])('%s', async (_, answer, failure) => {
    expect(await failureOf(answering(answer, date).create(user, call()))).toEqual(failure);
  });

  it.each<readonly [string, HttpError, object]>([
    ['a refused connection was not applied', new HttpError('connection', false, 'x'), { kind: 'transient', mayHaveApplied: false }],
    ['a lost one may have been', new HttpError('connection', true, 'x'), { kind: 'transient', mayHaveApplied: true }],
    ['a forbidden address waits for a person', new HttpError('forbidden', false, 'x'), { kind: 'unauthorized' }],
    ['so does a token that fits in no header', new HttpError('unsendable', false, 'x'), { kind: 'unauthorized' }],
  ])('%s', async (_, answer, failure) => {
    expect(await failureOf(answering(answer).create(user, call()))).toEqual(failure);
  });

  it('may give the id as a number, or in its address only', async () => {
    const created = await answering({ status: 201, body: '{"id":7,"userName":"ada"}' }).create(user, call());
    const located = await answering({
      status: 201,
      headers: { 'content-type': 'application/json', location: '/v2/Users/a%40b' },
      body: '{"userName":"ada"}',
    }).create(user, call());
    expect([created.id, located.id]).toEqual(['7', 'a@b']);
  });
  it('never brings what the server says about a person into the message', async () => {
    const { message } = await errorOf(
      answering({ status: 409, body: error('ada@secret.example', 'User ada@secret.example exists') }).create(user, call()),
    );
    expect(message).toBe('The server answered 409 to creating an account.');
  });
});

describe('an answer to a search', () => {
  it.each<readonly [string, Partial<HttpResponse>]>([
    ['no list', { body: '{"id":"1"}' }],
    ['nothing', { body: '' }],
    ['404 of a gateway', { status: 404, headers: {}, body: 'not here' }],
  ])('that is %s is no answer', async (_, answer) => {
    expect(await failureOf(answering(answer).find('userName', 'ada', call()))).toEqual({ kind: 'transient', mayHaveApplied: false });
  });
});

describe('credentials', () => {
  it('as user name and password', async () => {
    const wanted = `Basic ${Buffer.from('usher:gehäim').toString('base64')}`;
    const server = await start({ accepts: (req) => req.get('authorization') === wanted });
    const scim = open({ baseUrl: server.url, authentication: 'basic', userName: 'usher', password: 'gehäim' });
    expect(await scim.check(call())).toEqual([]);
  });
  it.each(['X-Scim-Key', 'Authorization'])('as a key in a header (%s)', async (apiKeyHeader) => {
    const server = await start({ accepts: (req) => req.get(apiKeyHeader) === 'k1' });
    const scim = open({ baseUrl: server.url, authentication: 'api-key', apiKeyHeader, apiKey: 'k1\n' });
    expect(await scim.check(call())).toEqual([]);
  });
  const oauth = { clientId: 'usher', clientSecret: 's3cret/+ ' };
  const form = (server: ScimServer, more: object = {}): Record<string, unknown> => ({
    baseUrl: server.url,
    authentication: 'oauth-client-credentials',
    tokenUrl: server.tokenUrl,
    clientId: oauth.clientId,
    clientSecret: 's3cret',
    ...more,
  });
  it.each(['basic', 'body'])(
    'as an OAuth client (%s), whose token is fetched once for many calls at once',
    async (clientAuthentication) => {
      const server = await start({ oauth: { clientId: 'usher', clientSecret: 's3cret' } });
      const scim = open(form(server, { clientAuthentication }));
      await Promise.all(['a', 'b', 'c', 'd'].map((userName) => scim.create({ userName }, call())));
      expect(server.users()).toHaveLength(4);
      expect(server.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
    },
  );
  it('are renewed once when the server refuses the token', async () => {
    const server = await start({ oauth: { clientId: 'usher', clientSecret: 's3cret' } });
    const scim = open(form(server));
    await scim.create({ userName: 'a' }, call());
    server.revokeTokens();
    await scim.create({ userName: 'b' }, call());
    expect(server.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });
  it('that stay refused with a new token are unauthorized', async () => {
    const server = await start({ oauth: { clientId: 'usher', clientSecret: 's3cret' }, accepts: () => false });
    expect(await failureOf(open(form(server)).create(user, call()))).toEqual({ kind: 'unauthorized' });
    expect(server.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });
  it('that the token endpoint refuses are unauthorized, and its field is named', async () => {
    const server = await start({ oauth: { clientId: 'usher', clientSecret: 'another' } });
    const scim = open(form(server));
    expect(await failureOf(scim.create(user, call()))).toEqual({ kind: 'unauthorized' });
    expect(await scim.check(call())).toEqual([{ field: 'clientSecret', message: 'The token endpoint answered 401.' }]);
  });
  it('that nobody issues at the address of the form are unauthorized, and the address is named', async () => {
    const server = await start({ oauth: { clientId: 'usher', clientSecret: 's3cret' } });
    const scim = open({ ...form(server), tokenUrl: `${new URL(server.url).origin}/nowhere` });
    expect(await failureOf(scim.create(user, call()))).toEqual({ kind: 'unauthorized' });
    expect(await scim.check(call())).toMatchObject([{ field: 'tokenUrl', message: expect.stringContaining('no token endpoint') }]);
    const unreachable = open({ ...form(server), tokenUrl: 'http://127.0.0.1:1/token' });
    expect(await unreachable.check(call())).toMatchObject([{ field: 'tokenUrl' }]);
  });
  it('are fetched anew before the token expires', async () => {
    const server = await start({ oauth: { clientId: 'usher', clientSecret: 's3cret', expiresIn: 100 } });
    let now = 0;
    const scim = open(form(server), http, () => now);
    await scim.create({ userName: 'a' }, call());
    now = 69_000;
    await scim.create({ userName: 'b' }, call());
    expect(server.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
    now = 71_000;
    await scim.create({ userName: 'c' }, call());
    expect(server.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });
});

describe('check', () => {
  it('names the credential that is refused', async () => {
    const server = await start();
    const problems = await open({ baseUrl: server.url, token: 'wrong' }).check(call());
    expect(problems).toEqual([{ field: 'token', message: 'The server answered 401 to reading its service provider configuration.' }]);
  });
  it('names the base URL where there is no SCIM', async () => {
    const server = await start();
    expect(await open({ baseUrl: new URL('/elsewhere', server.url).href, token: 'x' }).check(call())).toMatchObject([{ field: 'baseUrl' }]);
  });
  it('names the base URL where nobody answers or the address is internal', async () => {
    const server = await start();
    expect(await open({ baseUrl: server.url, token: 'x' }, guarded).check(call())).toMatchObject([{ field: 'baseUrl' }]);
    await servers.pop()?.close();
    expect(await open({ baseUrl: server.url, token: 'x' }).check(call())).toMatchObject([{ field: 'baseUrl' }]);
  });
  it('changes nothing', async () => {
    const server = await start();
    await open({ baseUrl: `${server.url}/`, token: server.token }).check(call());
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('a server that nobody listens at', () => {
  it('has certainly not applied anything', async () => {
    const server = await startScimServer();
    await server.close();
    const scim = open({ baseUrl: server.url, token: 'x' });
    expect(await failureOf(scim.create(user, call()))).toEqual({ kind: 'transient', mayHaveApplied: false });
    expect(await failureOf(scim.update('1' as AccountId, { title: 'x' }, call()))).toEqual({ kind: 'transient', mayHaveApplied: false });
  });
});

describe('the SCIM server in its own process', () => {
  it('does the write and drops the answer as often as its seed says', async () => {
    const server = await startScimServerProcess({ allowDuplicates: true });
    try {
      const scim = open({ baseUrl: server.url, token: server.token });
      await server.dropAnswers(0.5, 7);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          scim.create({ userName: `u${i % 10}` }, call()).then(
            () => 'made',
            () => 'lost',
          ),
        ),
      );
      expect(new Set(outcomes)).toEqual(new Set(['made', 'lost']));
      expect(await server.users()).toHaveLength(20);
      await server.reset();
      expect(await server.users()).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
