/** The name of a group at a target, when a rename there gets no answer or comes too late. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { changeGroup } from '../../src/commands/change-group.ts';
import { runGroup } from '../../src/commands/run-group.ts';
import { seededRandom } from '../support/targets/faults.ts';
import type { Fake } from './fake.ts';
import { fakeScim } from './fake-scim.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let fake: Fake;
let world: World;
beforeEach(async () => {
  fake = await fakeScim();
  world = await makeWorld(movable, fake, seededRandom(17));
  movable.clock.advance(1_000);
  await world.groupSteps.rest();
  expect(names()).toEqual(['Team 1']);
});
afterEach(() => fake.close());

const names = () => fake.groups().map(({ name }) => name);
const rename = async (name: string): Promise<void> => {
  const { house, clock } = movable;
  const { version } = (await house.database.reads(world.caller.tenantId).byId('group', world.team.id))!;
  valueOf(await changeGroup(house, world.caller, { id: world.team.id, version, name }));
  clock.advance(1_000);
};

it('is ours again where the rename was not answered and taken back', async () => {
  await rename('Team 2');
  fake.fault('reset-after-write', 1);
  await world.groupSteps.goOn();
  expect(names()).toEqual(['Team 2']);
  await rename('Team 1');
  await world.groupSteps.rest();
  expect(names()).toEqual(['Team 1']);
});

it('is not that of a run whose lease has lapsed', async () => {
  const { house, clock } = movable;
  await rename('Team 2');
  const now = clock.now();
  const lease = { owner: 'stood still', now, until: new Date(now.getTime() + 1_000), atMost: 100, ignored: [] };
  const late = (await house.database.provisionedGroups.lease(lease)).find(({ group }) => group.targetId === world.targetId)!;
  await rename('Team 3');
  clock.advance(60_000);
  await world.groupSteps.rest();
  expect(names()).toEqual(['Team 3']);
  expect(await runGroup(house, late)).toMatchObject({ outcome: { message: expect.stringContaining('lease has lapsed') } });
  expect(names()).toEqual(['Team 3']);
});
