/** `npm run kit` as somebody at a shell sees it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
