/** Passwords that the SCIM connector gives to new accounts, and to no others. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Call, Connector } from '../../src/connectors/contract/connector.ts';
import { parseConfig } from '../../src/connectors/contract/config-fields.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import { definitions } from '../../src/connectors/registry.ts';
import { scim2 } from '../../src/connectors/scim2/index.ts';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { startQuirkyScimServer, type Quirks, type QuirkyScimServer } from '../support/targets/quirky-scim-server.ts';
import { errorOf } from './bench.ts';

const http = createHttpClient({ allowInternalAddresses: true });
const servers: QuirkyScimServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => http.close());

const random = { passwordProvisioning: 'random' };
const welcome = { passwordProvisioning: 'default', defaultPassword: 'Welcome to us, 1 ' };

async function connect(form: Record<string, unknown>, quirks: Quirks = {}): Promise<{ server: QuirkyScimServer; scim: Connector }> {
  const server = await startQuirkyScimServer(quirks);
  servers.push(server);
  const config = { baseUrl: server.url, token: 'x', ...form };
  return { server, scim: openConnector(definitions, { connectorType: 'scim2', config }, { http, now: Date.now }) };
}
function call(log: Call['log'] = () => undefined): Call {
  return { operationId: null, signal: AbortSignal.timeout(10_000), log };
}
const created = (server: QuirkyScimServer): readonly any[] =>
  server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);

describe('a new account', () => {
  it('has no password unless the administrator wants one', async () => {
    const { server, scim } = await connect({});
    await scim.create({ userName: 'ada' }, call());
    expect(created(server)[0]).not.toHaveProperty('password');
  });
  it('has the default password as it was typed in', async () => {
    const { server, scim } = await connect(welcome);
    await scim.create({ userName: 'ada' }, call());
    expect(created(server)[0]).toMatchObject({ userName: 'ada', active: true, password: 'Welcome to us, 1 ' });
  });
  it('has a random password of its own that meets the usual rules', async () => {
    const { server, scim } = await connect(random);
    for (const userName of ['ada', 'bob', 'cid']) await scim.create({ userName }, call());
    const passwords = created(server).map(({ password }) => String(password));
    expect(new Set(passwords).size).toBe(3);
    for (const password of passwords)
      for (const rule of [/^.{24,32}$/, /[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(password).toMatch(rule);
  });
});

describe('a password', () => {
  it.each([random, welcome])('is in no account, log line or error ($passwordProvisioning)', async (form) => {
    const { server, scim } = await connect(form);
    const lines: unknown[] = [];
    // This server tells the password in its answer.
    const account = await scim.create(
      { userName: 'ada' },
      call((...line) => void lines.push(line)),
    );
    const { message, failure } = await errorOf(scim.create({ userName: 'ada' }, call()));
    const told = JSON.stringify([account, await scim.read(account.id, call()), lines, message, failure]);
    for (const { password } of created(server)) expect(told).not.toContain(password.trim());
  });
  it.each<readonly [string, Quirks]>([
    ['with PATCH', {}],
    ['that is written whole', { patchSupported: false, patch: 501 }],
  ])('is never sent to an account that is changed, ended or brought back, %s', async (_, quirks) => {
    const { server, scim } = await connect(welcome, quirks);
    const { id } = await scim.create({ userName: 'ada' }, call());
    const before = server.requests.length;
    await scim.update(id, { title: 'A' }, call());
    await scim.deactivate!(id, call());
    await scim.update(id, { title: 'B' }, call());
    const changes = server.requests.slice(before).filter(({ method }) => method !== 'GET');
    expect(changes).toHaveLength(3);
    expect(JSON.stringify(changes)).not.toMatch(/password|Welcome/i);
  });
  it('that somebody else set is not sent back where the server tells it', async () => {
    const { server, scim } = await connect({}, { patchSupported: false, patch: 501 });
    const id = server.put({ userName: 'ada', Password: '{bcrypt}theirs', nickName: 'kept' }) as AccountId;
    await scim.update(id, { title: 'A' }, call());
    const { body } = server.requests.at(-1)!;
    expect(body).toMatchObject({ title: 'A', nickName: 'kept' });
    expect(JSON.stringify(body)).not.toMatch(/password|theirs/i);
  });
  it('that does not meet the rules of the server is named, and not told', async () => {
    const detail = 'Welcome to us, 1 is too weak a password';
    const client = {
      request: () => Promise.resolve({ status: 400, headers: {}, body: JSON.stringify({ scimType: 'invalidValue', detail }) }),
    };
    const config = { baseUrl: 'https://scim.example', token: 'x', ...welcome };
    const scim = openConnector(definitions, { connectorType: 'scim2', config }, { http: client, now: () => 0 });
    const { failure, message } = await errorOf(scim.create({ userName: 'ada' }, call()));
    expect(failure).toEqual({ kind: 'rejected', attribute: 'password' });
    expect(message).toBe('The server answered 400 (invalidvalue) to creating an account.');
  });
});

describe('the form', () => {
  const form = { baseUrl: 'https://scim.example', token: 'x' };
  it('provisions no passwords by default', () => {
    expect(parseConfig(scim2.config, form)).toMatchObject({ kind: 'parsed', config: { passwordProvisioning: 'off' } });
  });
  it('asks for a default password only where one is to be used', () => {
    const { defaultPassword, ...without } = welcome;
    expect(parseConfig(scim2.config, { ...form, ...without })).toMatchObject({ problems: [{ field: 'defaultPassword' }] });
    expect(parseConfig(scim2.config, { ...form, ...random, defaultPassword })).toEqual(parseConfig(scim2.config, { ...form, ...random }));
  });
});
