/** A target that is down for hours, as a group sees it that is provisioned there: as with accounts, what probes it gives nothing up. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { circuitThreshold } from '../../src/domain/retry.ts';
import { seededRandom } from '../support/targets/faults.ts';
import type { Fake } from './fake.ts';
import { fakeScim } from './fake-scim.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let fake: Fake;
let world: World;
beforeEach(async () => {
  fake = await fakeScim();
  world = await makeWorld(movable, fake, seededRandom(16));
  fake.fault('503', 1_000);
  for (let run = 0; run < circuitThreshold; run++) await failAfter(10 * 60_000);
  expect(await team()).toMatchObject({ state: 'pending', attempts: circuitThreshold });
});
afterEach(() => fake.close());

const failAfter = async (ms: number): Promise<void> => {
  movable.clock.advance(ms);
  expect(await world.groupSteps.goOn()).toBe(true);
};
const team = async () =>
  (await movable.house.database.reads(world.caller.tenantId).find('provisionedGroup', { targetId: world.targetId }))[0];

it('waits as long as a day, spends no attempt on it, and is right when the target is back', async () => {
  for (let hour = 1; hour < 23; hour++) await failAfter(60 * 60_000);
  expect(await team()).toMatchObject({ state: 'pending', attempts: circuitThreshold, failureKind: 'transient' });
  fake.behave();
  await world.groupSteps.rest();
  expect(await team()).toMatchObject({ state: 'right', attempts: 0, failingSince: null });
  expect(fake.groups()).toHaveLength(1);
});

it('is given up after a day of it', async () => {
  await failAfter(25 * 60 * 60_000);
  await failAfter(60 * 60_000);
  await failAfter(60 * 60_000);
  expect(await team()).toMatchObject({ state: 'failed', failureKind: 'transient' });
});
