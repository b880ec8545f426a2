/** `npm run kit` as somebody at a shell sees it. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startGoogleServer, type GoogleServer } from '../support/targets/google-server.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';

const canary = 'canary-of-the-token';
let folder: string;
let server: ScimServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-kit-'));
  server = await startScimServer({ token: 'the right one' });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
const kit = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'scripts/kit.ts', ...args], (error, stdout, stderr) => {
      // No stack of ours, whatever happened.
      expect(stdout + stderr).not.toMatch(/^\s+at .*\.ts/m);
      expect(stdout + stderr).not.toContain(canary);
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
const settings = async (text: string): Promise<string> => {
  const path = join(folder, 'settings.json');
  await writeFile(path, text);
  return path;
};
const kitWith = async (type: string, given: object): Promise<Ran> => kit(type, await settings(JSON.stringify(given)));

describe('npm run kit', { timeout: 60_000 }, () => {
  it('says how it is used', async () => {
    expect(await kit()).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Usage: npm run kit -- <.*scim2.*> <settings.json>\n$/) });
  });
  it('says which types of connectors there are', async () => {
    expect(await kitWith('carrier-pigeon', { config: {} })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^There is no connector of the type "carrier-pigeon"\. There are .*scim2.*\.\n$/),
    });
  });
  it('says that there is no such file, or that it is none', async () => {
    const missing = join(folder, 'missing.json');
    expect(await kit('scim2', missing)).toMatchObject({ code: 2, stderr: `There is no file ${missing}.\n` });
    expect(await kit('scim2', folder)).toMatchObject({ code: 2, stderr: `${folder} cannot be read (EISDIR).\n` });
  });
  it('says where the file is no JSON, and repeats none of it', async () => {
    const path = await settings(`{\n  "config": { "token": ${canary} } }`);
    expect(await kit('scim2', path)).toMatchObject({ code: 2, stderr: expect.stringContaining(`${path} is not JSON`) });
  });
  it('names what is wrong with the settings of the kit', async () => {
    const { code, stderr } = await kitWith('scim2', { config: {}, kit: { domain: 5, members: 1 } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/kit\.domain[^]*kit\.members/);
  });
  it('names every field of the form that is wrong', async () => {
    const { code, stderr } = await kitWith('scim2', { config: { token: `${canary}\nx`, colour: 'red' } });
    expect(code).toBe(2);
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['config.colour', 'config.token', 'config.baseUrl', '']);
  });
  it('stops where the check of the connector finds something, and says what', async () => {
    const { code, stdout } = await kitWith('scim2', { config: { baseUrl: server.url, token: canary } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok .*\nFAIL {2}check finds nothing wrong\n {6}config\.token: .*\nNothing else was tried\.\n$/);
    expect(server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
  it('stops where nobody answers', async () => {
    const { code, stdout } = await kitWith('scim2', { config: { baseUrl: 'http://127.0.0.1:1/', token: canary } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}check finds nothing wrong\n {6}.*connection failed.*\nNothing else was tried\.\n$/);
  });
  it('ends with 0 where every promise is kept', async () => {
    const { code, stdout } = await kitWith('memory', { config: { name: 'kit' } });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/The target keeps every promise\.\n$/)]);
  });
});

describe('npm run kit that is stopped', { timeout: 60_000 }, () => {
  let google: GoogleServer;
  beforeEach(async () => void (google = await startGoogleServer()));
  afterEach(() => google.close());

  /** Stops it as soon as it has made so many accounts. */
  async function stopped(signal: 'SIGINT' | 'SIGTERM', accounts: number): Promise<Pick<Ran, 'code' | 'stdout'>> {
    const path = await settings(JSON.stringify({ config: google.config, kit: { patienceMs: 1_000 } }));
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/kit.ts', 'google', path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    const ended = new Promise<number | null>((resolve) => void child.on('close', resolve));
    const inserts = (): number => google.requests.filter(({ method, path: asked }) => method === 'POST' && asked.endsWith('/users')).length;
    await expect.poll(inserts, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(accounts);
    child.kill(signal);
    // A terminal and npm send one each.
    child.kill(signal);
    return { code: (await ended) ?? -1, stdout };
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s removes what it made, says so, and leaves with %s', async (signal, expected) => {
    const { code, stdout } = await stopped(signal, 4);
    expect(code).toBe(expected);
    expect(stdout).toMatch(/\nStopping: what was made is removed first\.\nNothing is left behind\.\n$/);
    expect(stdout).not.toContain('FAIL');
    expect(google.users()).toEqual([]);
  });
  it('lists what it could not remove', async () => {
    google.directory.hideNew(Infinity);
    const { code, stdout } = await stopped('SIGINT', 1);
    const left = google.users().map(({ id, resource }) => `${resource.primaryEmail} (${id})`);
    expect(left).not.toEqual([]);
    expect(code).toBe(130);
    expect(stdout).toContain(`\nLeft behind, please remove: ${left.join(', ')}\n`);
  });
});

describe('npm run kit at a target that refuses', { timeout: 60_000 }, () => {
  it('names the attribute', async () => {
    const google = await startGoogleServer();
    onTestFinished(() => google.close());
    const { code, stdout } = await kitWith('google', { config: google.config, kit: { attributes: { orgUnitPath: '/Nowhere' } } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}create gives an id.*\n {6}orgUnitPath: Google answered 400/);
  });
});
