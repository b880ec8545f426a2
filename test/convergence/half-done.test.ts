/** Attempts that fail after a write of their own, each request in turn and in every way; then the person is removed, or everything works. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom, type FaultKind } from '../support/targets/faults.ts';
import { assign, make, remove, retry, unassign } from './changes.ts';
import { differences } from './compare.ts';
import type { Fake } from './fake.ts';
import { fakeGoogle } from './fake-google.ts';
import { fakeSalesforce } from './fake-salesforce.ts';
import { fakeScim } from './fake-scim.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

/** One for each kind of failure; a 404 would be a lie. */
const kinds = ['reset-after-write', '429-without-retry-after', '401', '403', '400', '409', '503'] as const satisfies readonly FaultKind[];

describe.each([
  // With the most requests that one of these attempts makes.
  ['SCIM', fakeScim, 3],
  ['Google', () => fakeGoogle('acme.example'), 4],
  ['Salesforce', fakeSalesforce, 8],
] as const)('an attempt at %s that fails midway', (_name, start, mostRequests) => {
  let fake: Fake;
  let world: World;
  beforeEach(async () => {
    fake = await start();
    world = await makeWorld(movable, fake, seededRandom(11));
  });
  afterEach(() => fake.close());

  const attempt = async (person: Person): Promise<void> => {
    await assign(world, person);
    await world.engine.attempt();
    fake.behave();
  };
  const nothingIsWrong = async (): Promise<void> => {
    const wrong = await differences(world, () => true);
    expect(wrong, world.story.join('\n')).toEqual([]);
  };
  const everyFault = async (work: (person: Person, kind: FaultKind, after: number) => Promise<void>): Promise<void> => {
    for (const kind of kinds)
      for (let after = 0; after < mostRequests; after++) {
        const person = await make(world);
        world.tell(`${person.label}: ${kind} after ${after}`);
        await work(person, kind, after);
      }
  };

  it('leaves no account that gets in when the person is removed', async () => {
    await everyFault(async (person, kind, after) => {
      fake.fault(kind, 1, after);
      await attempt(person);
      await remove(world, person);
      await world.engine.rest();
    });
    await nothingIsWrong();
  }, 120_000);

  it('is made good by the next', async () => {
    await everyFault(async (person, kind, after) => {
      fake.fault(kind, 1, after);
      await attempt(person);
      await world.engine.rest();
    });
    await retry(world);
    await world.engine.rest();
    await nothingIsWrong();
  }, 120_000);

  it('leaves none either where it took over one that was inactive', async () => {
    await everyFault(async (person, kind, after) => {
      const id = fake.put(person.userName, false);
      fake.suspend(id);
      const seen = fake.accounts().find((account) => account.id === id);
      world.foreign.set(id, { seen: seen!, isProtected: false, adoptable: true });
      fake.fault(kind, 1, after);
      await attempt(person);
      await remove(world, person);
      await world.engine.rest();
      const account = fake.accounts().find((each) => each.id === id);
      expect(account?.active ?? false, world.story.slice(-6).join('\n')).toBe(false);
    });
  }, 120_000);
});

describe('an account of Google that is brought back', () => {
  it.each(['429-without-retry-after', '401', '400', 'reset-after-write'] as const)(
    'is ended with its person though %s came in between',
    async (kind) => {
      const fake = await fakeGoogle('acme.example');
      const world = await makeWorld(movable, fake, () => 0.99);
      expect(world.removal).toBe('delete');
      for (let after = 1; after < 6; after++) {
        const person = await make(world);
        await assign(world, person);
        await world.engine.rest();
        await unassign(world, person);
        await world.engine.rest();
        await assign(world, person);
        fake.fault(kind, 1, after);
        await world.engine.attempt();
        fake.behave();
        await remove(world, person);
        await world.engine.rest();
      }
      expect(await differences(world, () => true), world.story.join('\n')).toEqual([]);
      await fake.close();
    },
    60_000,
  );
});
