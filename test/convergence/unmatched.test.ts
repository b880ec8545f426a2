/** People without a value of what accounts are found by: none is made for them beside one that nobody can see, nor is one of theirs lost. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureProvisioningConnector } from '../../src/commands/configure-provisioning-connector.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { assign, changeAttributes, make, remove } from './changes.ts';
import type { Fake } from './fake.ts';
import { fakeScim } from './fake-scim.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let fake: Fake;
let world: World;
let person: Person;
beforeEach(async () => {
  fake = await fakeScim();
  world = await makeWorld(movable, fake, seededRandom(14));
  const { version } = (await reads().byId('target', world.targetId))!;
  valueOf(await configureProvisioningConnector(movable.house, world.caller, { id: world.targetId, version, matchingAttribute: 'emails' }));
  person = await make(world);
  await changeAttributes(world, person, { email: 'ann@example.com' });
});
afterEach(() => fake.close());

const reads = () => movable.house.database.reads(world.caller.tenantId);
const last = async () => (await reads().find('operation', { userId: person.id })).at(-1);
/** Somebody there deletes the account. */
const loseTheAccount = (): void => {
  for (const { id } of fake.accounts()) while (fake.tamper(id, () => 0.99) !== null);
};

it('have none made anew where theirs is gone, and get one again once they have a value', async () => {
  await assign(world, person);
  await world.engine.rest();
  loseTheAccount();
  fake.put('ann, by others', false);
  await changeAttributes(world, person, { email: null });
  await world.engine.rest();
  expect(fake.accounts()).toMatchObject([{ name: 'ann, by others' }]);
  expect(await last()).toMatchObject({ state: 'failed', failureKind: 'rejected', failureAttribute: 'emails' });
  expect(await reads().find('link', { userId: person.id })).toEqual([]);
  await changeAttributes(world, person, { email: 'ann@example.com' });
  await world.engine.rest();
  expect(fake.accounts()).toMatchObject([{ name: 'ann, by others' }, { active: true, ownId: person.id }]);
});

it('keep the account that an attempt without an answer made', async () => {
  fake.fault('reset-after-write', 1, 1);
  await assign(world, person);
  await world.engine.attempt();
  await changeAttributes(world, person, { email: null });
  await world.engine.rest();
  expect(await last()).toMatchObject({ state: 'succeeded' });
  expect(await reads().find('link', { userId: person.id })).toMatchObject([{ accountId: fake.accounts()[0]?.id }]);
  await remove(world, person);
  await world.engine.rest();
  expect(fake.accounts().filter(({ active }) => active)).toEqual([]);
});
