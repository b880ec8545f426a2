/**
 * SIGKILL at twenty moments during two hundred operations, on the embedded database. The target drops answers after it has written, lets
 * doubled accounts in, and survives; the people keep trying, as people do. USHER_CHAOS_SEED repeats a run's choices.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWaiting, person, signInAs } from '../support/people.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { bundleUsher, freePort, startUsherProcess, type UsherProcess, type UsherProgram } from '../support/usher-process.ts';
import { allIsWell, checkEverybody, kills, killWhileTheyArrive, newStory, peopleForEach } from './crowd.ts';
import { preparePlace, settings, type Place } from './place.ts';

const seed = Number(process.env['USHER_CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
const folder = mkdtempSync(join(tmpdir(), 'usher-chaos-'));
let program: UsherProgram;
let port: number;
let usher: UsherProcess | null = null;
let place: Place;

const start = async (): Promise<UsherProcess> => {
  usher = await startUsherProcess(program, port, { ...settings, USHER_DATA_DIR: folder, USHER_PUBLIC_URL: `http://127.0.0.1:${port}` });
  return usher;
};

const elsewhere = process.env['DATABASE_URL'] !== undefined;
if (elsewhere)
  console.log('kill.test.ts is skipped: it is for the embedded database; with DATABASE_URL set, kill-one-of-two.test.ts runs.');

describe.skipIf(elsewhere)(`killed (seed ${seed})`, () => {
  beforeAll(async () => {
    [program, port] = await Promise.all([bundleUsher(), freePort()]);
    place = await preparePlace((await start()).url);
  }, 180_000);
  afterAll(async () => {
    await usher?.kill();
    await place.close();
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes on with a held login from its waiting page after the restart', async () => {
    const { scim, idp } = place;
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
    place.scim.latency(20);
    place.scim.dropAnswers(0.12, seed);
    await killWhileTheyArrive(place, story, random, async () => {
      await usher?.kill();
      place.isUp = start();
      await place.isUp;
    });
    const report = await checkEverybody(place, kills * peopleForEach + 1, story);
    console.log(`killed 20 times, seed ${seed}: ${JSON.stringify(report)}`);
    expect(report, `seed ${seed}`).toMatchObject(allIsWell);
    // After all that it still ends as it should.
    expect(await usher?.terminate()).toBe(0);
  }, 600_000);
});
