/** Key, token, permissions and the check of a Google connection. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckProblem } from '../../src/connectors/contract/connector.ts';
import { GoogleError, refusals } from '../support/targets/google-errors.ts';
import type { GoogleServer } from '../support/targets/google-server.ts';
import { groupScope, userScope } from '../support/targets/google-tokens.ts';
import { errorOf, failureOf } from './bench.ts';
import { ann, call, googleBench } from './google-bench.ts';

const bench = googleBench();
let server: GoogleServer;
beforeAll(async () => {
  server = await bench.start();
});
afterAll(() => bench.close());

describe('an access token', () => {
  it('is asked for in the name of the administrator, with no more permissions than needed', async () => {
    const own = await bench.start();
    await bench.open(own, { useGroups: false }).find('primaryEmail', 'ann@example.com', call());
    await bench.open(own, { useGroups: true }).find('primaryEmail', 'ann@example.com', call());
    expect(own.tokens.claims).toMatchObject([
      { iss: own.key.email, sub: own.administrator, aud: own.tokenUrl, scope: userScope },
      { scope: `${userScope} ${groupScope}` },
    ]);
  });

  it('is fetched once for calls at the same time, kept, and fetched anew shortly before it ends', async () => {
    const own = await bench.start();
    let now = Date.now();
    const connector = bench.open(own, {}, () => now);
    const look = (): Promise<unknown> => connector.find('primaryEmail', 'ann@example.com', call());
    await Promise.all([look(), look(), look()]);
    now += 3_000_000;
    await look();
    expect(own.tokens.issued()).toBe(1);
    now += 560_000;
    await look();
    expect(own.tokens.issued()).toBe(2);
  });

  it('that Google no longer takes is renewed once, also before a write', async () => {
    const own = await bench.start();
    const connector = bench.open(own);
    await connector.find('primaryEmail', 'ann@example.com', call());
    own.tokens.revoke();
    await connector.create(ann, call());
    expect(own.users()).toHaveLength(1);
    own.answerNext(refusals.badToken(), 2);
    expect(await failureOf(connector.find('primaryEmail', 'ann@example.com', call()))).toEqual({ kind: 'unauthorized' });
  });

  it('is not got by a call that is over', async () => {
    const over = { ...call(), signal: AbortSignal.abort() };
    expect(await failureOf(bench.open(server).create(ann, over))).toEqual({ kind: 'transient', mayHaveApplied: false });
  });
});

describe('the check', () => {
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keyWith = (change: object): object => ({ serviceAccountKey: JSON.stringify({ ...JSON.parse(server.key.json), ...change }) });

  it.each<readonly [string, () => object, string | null, RegExp]>([
    ['a text that is no key', () => ({ serviceAccountKey: 'nonsense' }), 'serviceAccountKey', /not the JSON text/],
    ['the key of something else', () => keyWith({ type: 'authorized_user' }), 'serviceAccountKey', /"type"/],
    ['a key without a private part', () => keyWith({ private_key: undefined }), 'serviceAccountKey', /lacks/],
    ['a private key that cannot be read', () => keyWith({ private_key: 'x' }), 'serviceAccountKey', /cannot be read/],
    ['a key that was revoked', () => keyWith({ private_key: foreign }), 'serviceAccountKey', /invalid signature/],
    ['a service account that was deleted', () => keyWith({ client_email: 'gone@x.example' }), 'serviceAccountKey', /account not found/],
    [
      'an unknown administrator',
      () => ({ administratorEmail: 'nobody@example.com' }),
      'administratorEmail',
      /does not know the administrator/,
    ],
    ['an account without rights', () => ({ administratorEmail: 'clerk@example.com' }), 'administratorEmail', /may not read accounts/],
    ['another domain', () => ({ userIdDomain: 'elsewhere.example' }), 'userIdDomain', /not a domain/],
    ['another domain of groups', () => ({ groupDomain: 'elsewhere.example' }), 'groupDomain', /not a domain/],
    ['an unknown customer', () => ({ customer: 'C0nobody' }), 'customer', /does not know this customer/],
    ['a token URL that leads elsewhere', () => ({ tokenUrl: `${server.apiRoot}/nowhere` }), 'tokenUrl', /token URL/],
    ['a token URL where nobody is', () => ({ tokenUrl: 'http://127.0.0.1:1/token' }), 'tokenUrl', /ECONNREFUSED/],
  ])('names the field for %s', async (_, config, field, message) => {
    const problems = await bench.open(server, config() as Record<string, unknown>).check(call());
    expect(problems).toEqual<readonly CheckProblem[]>([{ field, message: expect.stringMatching(message) as string }]);
  });

  it('says which client id and permissions to delegate where they are not', async () => {
    const own = await bench.start();
    own.tokens.delegate([userScope]);
    const [problem] = await bench.open(own).check(call());
    expect(problem).toMatchObject({ field: null });
    expect(problem?.message).toContain(`${own.key.clientId} with exactly these scopes: ${userScope},${groupScope}.`);
    expect(await bench.open(own, { useGroups: false }).check(call())).toEqual([]);
  });

  it('says that the API is not enabled, as every call does', async () => {
    const own = await bench.start();
    own.answerNext(
      new GoogleError(403, 'accessNotConfigured', 'Admin SDK API has not been used in project 1 before or it is disabled.'),
      2,
    );
    const problems = await bench.open(own).check(call());
    expect(problems).toMatchObject([{ message: expect.stringMatching(/Admin SDK API is not enabled/) as string }]);
    expect(await failureOf(bench.open(own).create(ann, call()))).toEqual({ kind: 'unauthorized' });
  });

  it('changes nothing', async () => {
    const own = await bench.start();
    expect(await bench.open(own).check(call())).toEqual([]);
    expect(new Set(own.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});

describe('a PKCS#12 key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-p12-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const hasOpenssl = ((): boolean => {
    try {
      return execFileSync('openssl', ['version'], { stdio: 'pipe' }).length > 0;
    } catch {
      console.log('There is no openssl here: PKCS#12 keys are not tested.');
      return false;
    }
  })();

  function packed(password: string, ...options: readonly string[]): string {
    const [key, certificate, file] = ['key.pem', 'cert.pem', 'key.p12'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(key, server.key.privateKey);
    const run = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
    run('req', '-x509', '-new', '-key', key, '-subj', '/CN=usher', '-days', '2', '-out', certificate);
    run('pkcs12', '-export', '-inkey', key, '-in', certificate, '-passout', `pass:${password}`, '-out', file, ...options);
    return readFileSync(file).toString('base64');
  }
  const formOf = (pkcs12: string, pkcs12Password?: string): Record<string, unknown> => ({
    keyFormat: 'pkcs12',
    pkcs12,
    pkcs12Password,
    serviceAccountEmail: server.key.email,
  });

  it.runIf(hasOpenssl).each([
    ['as openssl makes it today', []],
    ['with 3DES, as Google makes it', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
  ])('is read %s, with the password that Google gives', async (_, options) => {
    const pkcs12 = packed('notasecret', ...options).replace(/.{64}/g, '$&\n');
    expect(await bench.open(server, formOf(pkcs12)).check(call())).toEqual([]);
  });

  it.runIf(hasOpenssl)('with another password is read with that one only', async () => {
    const pkcs12 = packed('other');
    expect(await bench.open(server, formOf(pkcs12, 'other')).check(call())).toEqual([]);
    expect(await bench.open(server, formOf(pkcs12)).check(call())).toMatchObject([{ field: 'pkcs12' }]);
  });

  it('that is none is told, and no secret is in the message', async () => {
    const error = await errorOf(bench.open(server, formOf('c2VjcmV0')).create(ann, call()));
    expect(error.failure).toEqual({ kind: 'unauthorized' });
    expect(error.message).not.toContain('c2VjcmV0');
  });
});
