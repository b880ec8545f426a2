/** An account of ours whose holder became an administrator of the target: from then on it is nobody's but theirs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../support/targets/faults.ts';
import { assign, make, remove, rename } from './changes.ts';
import { fakeGoogle } from './fake-google.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

it.each([
  ['changed', rename],
  ['ended', remove],
] as const)('is not %s any more', async (_what, change) => {
  const google = await fakeGoogle('acme.example');
  const world = await makeWorld(movable, google, seededRandom(9));
  const person = await make(world);
  await assign(world, person);
  await world.engine.rest();
  const [account] = google.accounts();
  google.promote?.(account!.id);
  const before = google.accounts()[0]!.whole;
  await change(world, person);
  await world.engine.rest();
  expect(google.accounts()[0]!.whole).toBe(before);
  const [last] = (await movable.house.database.reads(world.caller.tenantId).find('operation', { userId: person.id })).toReversed();
  expect(last).toMatchObject({ state: 'failed', failureKind: 'rejected', failureMessage: expect.stringMatching(/protected/) });
  await google.close();
});
