/** The program as `npm start` runs it: what it says when it cannot start, and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { administer } from '../support/administer.ts';
import { createBrowser } from '../support/browser.ts';
import { startSamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { ask } from '../support/web.ts';

// Each start is seconds of work, and the machine may have other things to do.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'usher-start-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const secrets = {
  USHER_SESSION_SECRET: 'a secret of tests that is long enough',
  USHER_SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
};
const server = process.env['DATABASE_URL'];
const urlWith = (parts: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string =>
  Object.assign(new URL(server ?? ''), parts).href;

interface Program {
  readonly child: ChildProcess;
  /** Everything it has said. */
  said(): string;
  /** Exit code, when its output is complete. */
  readonly ended: Promise<number | null>;
}

/** The command of `npm start`. Without `exec` the shell between would get the SIGTERM and leave the program behind. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
const [exec, node, ...startArguments] = scripts.start.split(' ');
expect([exec, node]).toEqual(['exec', 'node']);

function start(settings: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, startArguments, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', USHER_DATA_DIR: folder, USHER_PORT: '0', USHER_PUBLIC_URL: 'http://localhost', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (words += text));
  return { child, said: () => words, ended: once(child, 'close').then(([code]) => code as number | null) };
}

async function ready(program: Program): Promise<void> {
  await until(() => {
    if (program.child.exitCode !== null) throw new Error(`It ended: ${program.said()}`);
    return program.said().includes('Usher is ready');
  });
}

async function until(what: () => boolean): Promise<void> {
  const end = performance.now() + 50_000;
  while (!what()) {
    if (performance.now() > end) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('starting', () => {
  it('says everything that is wrong with the settings at once, without their values, and leaves with 1', async () => {
    const program = start({
      USHER_PORT: 'many',
      USHER_ROLES: 'cook',
      USHER_SESSION_SECRET: 'hushhush',
      USHER_PROT: '1',
      NODE_ENV: 'holiday',
    });
    expect(await program.ended).toBe(1);
    const [first, ...faults] = program.said().trim().split('\n');
    expect(first).toBe('Usher cannot start with these settings:');
    expect(faults.map((fault) => /^ {2}(\w+): ./.exec(fault)?.[1]).sort()).toEqual([
      'NODE_ENV',
      'USHER_PORT',
      'USHER_PROT',
      'USHER_ROLES',
      'USHER_SESSION_SECRET',
    ]);
    expect(program.said()).not.toContain('hushhush');
  });

  const file = join(folder, 'a-file');
  const missing = /^The data folder \/proc\/nope\/deep \(USHER_DATA_DIR\) cannot be made: ENOENT.*\.$/;
  it.each<[string, Record<string, string>, RegExp]>([
    ['a data folder that is a file', { USHER_DATA_DIR: file }, /^The data folder .*a-file \(USHER_DATA_DIR\) is a file.*\.$/],
    ['a data folder in a file', { USHER_DATA_DIR: join(file, 'data') }, /^The data folder .* is a file, or lies in one.*\.$/],
    ['a data folder where none can be', { USHER_DATA_DIR: '/proc/nope/deep' }, missing],
    ['the same with secrets of its own', { USHER_DATA_DIR: '/proc/nope/deep', ...secrets }, missing],
    [
      'a database that nobody serves',
      { DATABASE_URL: 'postgres://ann:hunter2@127.0.0.1:1/usher', ...secrets },
      /^The database of DATABASE_URL at 127\.0\.0\.1:1 refuses connections: nothing listens there\.$/,
    ],
    ...(server === undefined
      ? []
      : ([
          [
            'a wrong password',
            { DATABASE_URL: urlWith({ password: 'hunter2', username: 'nobody-here' }), ...secrets },
            /refuses the user name or/,
          ],
          ['no such database', { DATABASE_URL: urlWith({ pathname: '/not_there' }), ...secrets }, /has no database named "not_there"\.$/],
        ] satisfies [string, Record<string, string>, RegExp][])),
  ])('says one sentence about %s', async (_what, settings, sentence) => {
    writeFileSync(file, '');
    const program = start(settings);
    expect(await program.ended).toBe(1);
    expect(program.said().trim()).toMatch(sentence);
    expect(program.said()).not.toContain('hunter2');
  });
});

describe('one that runs', () => {
  let program: Program;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    // Its port is taken at first: the password that is made then has to be told all the same.
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const settings = { USHER_PORT: String(port), USHER_PUBLIC_URL: `http://127.0.0.1:${port}`, USHER_ALLOW_INTERNAL_ADDRESSES: 'true' };
    const first = start(settings);
    const code = await first.ended;
    await new Promise((resolve) => taken.close(resolve));
    refused = { code, said: first.said() };
    program = start(settings);
    await ready(program);
  });
  let refused: { readonly code: number | null; readonly said: string };

  it('said before in a sentence that its port was taken', () => {
    expect(refused.code).toBe(1);
    expect(refused.said).toContain(
      `Usher cannot listen at USHER_HOST and USHER_PORT: listen EADDRINUSE: address already in use 127.0.0.1:${port}.`,
    );
    expect(refused.said).not.toContain('    at ');
  });

  it('keeps a second process from its data folder, which says so', async () => {
    const second = start({});
    expect(await second.ended).toBe(1);
    expect(second.said().trim()).toBe(
      `The data folder ${folder} is in use by another process. An embedded database is for one process; set DATABASE_URL for several.`,
    );
  });

  it('answers a login that it holds when SIGTERM comes, and leaves with 0', async () => {
    const url = `http://127.0.0.1:${port}`;
    const password = /one-time password:\s+(\S+)/.exec(refused.said)?.[1] ?? '';
    const admin = administer({ url, token: await tokenOf(url, password) });
    const [idp, scim] = await Promise.all([startSamlIdentityProvider(), startScimServer()]);
    const staff = await admin.addSamlIdentityProvider({
      name: 'Staff',
      issuer: idp.entityId,
      entryPoint: idp.entryPoint,
      certificate: idp.certificate,
    });
    const config = { baseUrl: scim.url, authentication: 'bearer', token: scim.token };
    const target = await admin.addTarget({ name: 'Directory', connectorType: 'scim2', config });
    const portal = await admin.addServiceProvider({ name: 'Portal', signInWith: [staff.id] });
    await admin.configureOutbound(portal, [{ target, blocking: true, jitOutbound: true, deadlineMs: 30_000 }]);

    const browser = createBrowser();
    const posting = await browser.get(`${portal.loginUrl}/${staff.id}`).then((form) => browser.submit(form, { user: 'alice' }));
    scim.latency(1_000);
    const answer = browser.submit(posting, {}, { stay: true });
    // The connector is also checked in the background after it was saved: that is no call for anybody.
    await until(() => scim.requests.some(({ method }) => method === 'POST'));
    const asked = performance.now();
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await answer).toMatchObject({ status: 303 });
    expect((await answer).headers.get('location')).toBe(`${url}/session`);
    expect(scim.users()).toHaveLength(1);
    await Promise.all([idp.close(), scim.close()]);
  });
});

/** As whoever read the printed password: signs in, changes it, makes a token. */
async function tokenOf(url: string, password: string): Promise<string> {
  const entered = await ask(url, `mutation($input: SignInInput!) { signIn(input: $input) { ... on Me { mustChangePassword } } }`, {
    input: { userName: 'admin', password },
  });
  expect(entered.data).toEqual({ signIn: { mustChangePassword: true } });
  const headers = { cookie: entered.cookie, origin: url };
  await ask(
    url,
    `mutation($input: ChangeMyPasswordInput!) { changeMyPassword(input: $input) { __typename } }`,
    { input: { currentPassword: password, newPassword: 'a password of my own' } },
    headers,
  );
  const made = await ask(
    url,
    `mutation { createApiToken(input: { name: "test", role: ADMINISTRATOR }) { ... on CreatedApiToken { token } } }`,
    {},
    headers,
  );
  return made.data.createApiToken.token;
}
