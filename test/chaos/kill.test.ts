/**
 * SIGKILL at twenty moments during two hundred operations, on the embedded database. The target drops answers after it has written, lets
 * doubled accounts in, and survives; the people keep trying, as people do. USHER_CHAOS_SEED repeats a run's choices.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer } from '../support/administer.ts';
import { isWaiting, person, signInAs, until } from '../support/people.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { bundleUsher, freePort, startUsherProcess, tokenOf, type UsherProcess, type UsherProgram } from '../support/usher-process.ts';
import { arriveUntilDone, checkEverybody, newStory, type Place } from './crowd.ts';

const seed = Number(process.env['USHER_CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
const folder = mkdtempSync(join(tmpdir(), 'usher-chaos-'));
let program: UsherProgram;
let scim: ScimServer;
let idp: SamlIdentityProvider;
let port: number;
let usher: UsherProcess | null = null;
let place: Place;
let token: string;

const start = async (): Promise<UsherProcess> => {
  usher = await startUsherProcess(program, port, {
    USHER_DATA_DIR: folder,
    USHER_PUBLIC_URL: `http://127.0.0.1:${port}`,
    USHER_TRUST_PROXY: '1',
    USHER_ATTEMPT_TIMEOUT_MS: '2000',
    USHER_LEASE_MARGIN_MS: '500',
    USHER_HOLD_IN_REQUEST_MS: '20',
  });
  return usher;
};

beforeAll(async () => {
  [program, scim, idp, port] = await Promise.all([
    bundleUsher(),
    startScimServer({ unique: false }),
    startSamlIdentityProvider(),
    freePort(),
  ]);
  const { url } = await start();
  token = await tokenOf(url);
  const admin = administer({ url, token });
  const { id: signInWith } = await admin.addSamlIdentityProvider({
    name: 'Staff',
    issuer: idp.entityId,
    entryPoint: idp.entryPoint,
    certificate: idp.certificate,
  });
  const target = await admin.addTarget({
    name: 'Directory',
    connectorType: 'scim2',
    config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
  });
  const [held, background, registration] = [
    await admin.addServiceProvider({ name: 'Held', signInWith: [signInWith] }),
    await admin.addServiceProvider({ name: 'Background', signInWith: [signInWith] }),
    await admin.addServiceProvider({ name: 'Registration', more: { selfRegistration: true } }),
  ];
  await admin.configureOutbound(held, [{ target, blocking: true, jitOutbound: true, deadlineMs: 30_000 }]);
  await admin.configureOutbound(background, [{ target, jitOutbound: true }]);
  await admin.configureOutbound(registration, [{ target }]);
  place = { urls: [url], signInWith, held, background, registration, idp };
}, 180_000);

afterAll(async () => {
  await usher?.kill();
  await Promise.all([scim.close(), idp.close()]);
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe(`killed (seed ${seed})`, () => {
  it('goes on with a held login from its waiting page after the restart', async () => {
    scim.latency(60_000);
    const { browser, page } = await signInAs(place.held.loginUrl, place.signInWith, person(idp, 'waiting'));
    expect(isWaiting(page)).toBe(true);
    await usher?.kill();
    scim.latency(0);
    const { url } = await start();
    const after = await browser.waitOut(page, 60_000);
    expect(after.status).toBe(200);
    expect(JSON.parse((await browser.get(`${url}/session`)).text)).toMatchObject({ user: { userName: 'waiting@example.org' } });
    // Neither the dead process's request nor the second one made another.
    expect(scim.users().filter((user) => user.userName === 'waiting@example.org')).toHaveLength(1);
  }, 120_000);

  it('at twenty moments during two hundred operations, provisions everybody exactly once and resolves every held login', async () => {
    const random = seededRandom(seed);
    const story = newStory();
    scim.latency(20);
    scim.dropAnswers(0.12, seed);
    const writes = (): number => scim.requests.filter((request) => request.method === 'POST').length;
    const people = Array.from({ length: 200 }, (_, i) => i);
    const crowd = arriveUntilDone(place, people, 8, story);
    for (let kill = 0; kill < 20; kill++) {
      const next = writes() + 1 + Math.floor(random() * 12);
      const within = random() * 60;
      await until(() => writes() >= next || story.done >= people.length, 60_000, `Nothing was written before kill ${kill}. Seed ${seed}.`);
      await new Promise((resolve) => setTimeout(resolve, within));
      story.kills.push(writes());
      await usher?.kill();
      await start();
    }
    await crowd;
    scim.dropAnswers(0);
    const report = await checkEverybody({ url: place.urls[0] ?? '', token }, scim.users(), people.length + 1, story);
    console.log(`killed 20 times, seed ${seed}: ${JSON.stringify(report)}`);
    expect(story.kills.filter((at) => at < 190).length, `kills during the work, seed ${seed}`).toBeGreaterThanOrEqual(18);
    expect(report, `seed ${seed}`).toMatchObject({ lost: [], doubled: [], strangers: [], badLinks: [], unfinished: 0, failed: 0, held: 0 });
  }, 600_000);
});
