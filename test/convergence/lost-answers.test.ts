/** What becomes of an account whose answer never came, when the person is renamed or removed before anybody looks again. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { longestProbingMs } from '../../src/domain/retry.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { assign, changeAttributes, make, remove, rename, retry } from './changes.ts';
import { differences } from './compare.ts';
import type { Fake } from './fake.ts';
import { fakeGoogle } from './fake-google.ts';
import { fakes } from './fakes.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

describe.each(fakes)('an account at %s whose answer never came', (_name, start) => {
  let fake: Fake;
  let world: World;
  let person: Person;
  /** It is there, and Usher does not know it. */
  beforeEach(async () => {
    fake = await start();
    world = await makeWorld(movable, fake, seededRandom(7));
    person = await make(world);
    await assign(world, person);
    await world.engine.lease(1);
    await world.engine.run();
    expect(fake.accounts()).toHaveLength(1);
    world.engine.die();
  });
  afterEach(() => fake.close());

  const nothingIsWrong = async (): Promise<void> => {
    const wrong = await differences(world, () => true);
    expect(wrong, world.story.join('\n')).toEqual([]);
  };
  /** So long that the operation is given up. */
  const outage = async (): Promise<void> => {
    fake.fault('503', 100);
    // For a day probes spend no attempt.
    movable.clock.advance(longestProbingMs);
    await world.engine.rest();
    const [operation] = await movable.house.database.reads(world.caller.tenantId).find('operation', { userId: person.id });
    expect(operation).toMatchObject({ state: 'failed', mayHaveApplied: true });
    fake.behave();
  };

  it('is found again though the person is called something else by then', async () => {
    await rename(world, person);
    await world.engine.rest();
    expect(fake.accounts()).toHaveLength(1);
    await nothingIsWrong();
  });

  it('is ended though the person was renamed and removed', async () => {
    await rename(world, person);
    await remove(world, person);
    await world.engine.rest();
    await nothingIsWrong();
  });

  it('is found again after the operation was given up and the person renamed', async () => {
    await outage();
    await rename(world, person);
    await world.engine.rest();
    expect(fake.accounts()).toHaveLength(1);
    await nothingIsWrong();
  });

  it('is found again by whoever retries what was given up', async () => {
    await outage();
    await retry(world);
    await world.engine.rest();
    expect(fake.accounts()).toHaveLength(1);
    await nothingIsWrong();
  });

  it('is ended when the person is removed after the operation was given up', async () => {
    await outage();
    await remove(world, person);
    await world.engine.rest();
    await nothingIsWrong();
  });
});

it('at Google is ended with the person who was removed, though it did not show for a while', async () => {
  const google = await fakeGoogle('acme.example');
  const world = await makeWorld(movable, google, seededRandom(8));
  google.hideNew?.(6);
  const person = await make(world);
  await assign(world, person);
  await world.engine.lease(1);
  await world.engine.run();
  world.engine.die();
  await remove(world, person);
  await world.engine.rest();
  expect(google.accounts()).toMatchObject([{ active: false }]);
  await google.close();
});

// Nobody deletes a user of Salesforce.
it.each(fakes.filter(([name]) => name !== 'Salesforce'))(
  'at %s is ended though a link leads to the account before it, which others deleted',
  async (_name, start) => {
    const fake = await start();
    const world = await makeWorld(movable, fake, seededRandom(9));
    const person = await make(world);
    await assign(world, person);
    await world.engine.rest();
    const [first] = fake.accounts();
    movable.clock.advance(60 * 60_000);
    expect(fake.tamper(first!.id, () => 0.99)).toBe('deletes');
    await changeAttributes(world, person, { title: 'Head' });
    await world.engine.lease(1);
    await world.engine.run();
    expect(fake.accounts()).toMatchObject([{ active: true }]);
    expect(fake.accounts()[0]!.id).not.toBe(first!.id);
    world.engine.die();
    await remove(world, person);
    await world.engine.rest();
    expect(await differences(world, () => true), world.story.join('\n')).toEqual([]);
    await fake.close();
  },
);
