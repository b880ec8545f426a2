/** Accounts that end and come back under the id that they had, before the groups that they were in are run. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureProvisioningConnector } from '../../src/commands/configure-provisioning-connector.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { startGoogleServer, type GoogleServer } from '../support/targets/google-server.ts';
import { assign, changeAttributes, make, unassign } from './changes.ts';
import { groupDifferences } from './compare-groups.ts';
import { fakeGoogle } from './fake-google.ts';
import { joinTeam } from './group-changes.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let server: GoogleServer;
let world: World;
let person: Person;
beforeEach(async () => {
  server = await startGoogleServer({ domains: ['acme.example'] });
  world = await makeWorld(movable, await fakeGoogle('acme.example', server), seededRandom(15));
  const { version } = (await reads().byId('target', world.targetId))!;
  valueOf(await configureProvisioningConnector(movable.house, world.caller, { id: world.targetId, version, removal: 'delete' }));
  person = await make(world);
  await joinTeam(world, person);
  await assign(world, person);
  await world.engine.rest();
  await world.groupSteps.rest();
  expect(await groupDifferences(world, () => true)).toEqual([]);
  movable.clock.advance(60_000);
});
afterEach(() => server.close());

const reads = () => movable.house.database.reads(world.caller.tenantId);
const accountId = async () => (await reads().find('link', { userId: person.id }))[0]?.accountId;

it('are in them again when they were deleted and restored', async () => {
  const before = await accountId();
  await unassign(world, person);
  await world.engine.rest();
  expect(server.users()).toEqual([]);
  movable.clock.advance(1_000);
  await assign(world, person);
  await world.engine.rest();
  expect(await accountId()).toBe(before);
  await world.groupSteps.rest();
  expect(await groupDifferences(world, () => true)).toEqual([]);
});

it('are in them again when another deleted and restored them, and Usher was asked to look meanwhile', async () => {
  const before = await accountId();
  const user = server.directory.users.get(before!)!;
  server.directory.deleteUser(user);
  movable.clock.advance(11 * 60_000);
  // Found to be gone, and restored before another is made for it.
  await changeAttributes(world, person, { title: 'Gone' });
  server.fault('503', { method: 'POST', times: 1 });
  await world.engine.attempt();
  expect(await accountId()).toBeUndefined();
  server.directory.undeleteUser(user.id, '/');
  await world.engine.rest();
  expect(await accountId()).toBe(before);
  await world.groupSteps.rest();
  expect(await groupDifferences(world, () => true)).toEqual([]);
});
