/** A group that its target says is gone and that is there: nothing is forgotten of it, and nobody whom Usher has put into it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureGroupProvisioning } from '../../src/commands/configure-group-provisioning.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { assign, make } from './changes.ts';
import { groupDifferences } from './compare-groups.ts';
import { fakeScim } from './fake-scim.ts';
import { joinTeam, leaveTeam } from './group-changes.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let server: ScimServer;
let world: World;
let person: Person;
/** One is in it, and another is about to be: for that the group is read. */
beforeEach(async () => {
  server = await startScimServer();
  world = await makeWorld(movable, await fakeScim(server), seededRandom(18));
  person = await make(world);
  const other = await make(world);
  await joinTeam(world, person);
  for (const each of [person, other]) await assign(world, each);
  await world.engine.rest();
  movable.clock.advance(1_000);
  await world.groupSteps.rest();
  expect(world.fake.groups()).toMatchObject([{ members: [expect.any(String)] }]);
  await joinTeam(world, other);
  movable.clock.advance(1_000);
});
afterEach(() => server.close());

const renameByOthers = async (id: string, name: string): Promise<void> => {
  const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'application/scim+json' };
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const body = JSON.stringify({ schemas, Operations: [{ op: 'replace', path: 'displayName', value: name }] });
  expect(await fetch(`${server.url}/Groups/${id}`, { method: 'PATCH', headers, body })).toMatchObject({ ok: true });
};
const team = async () =>
  (await movable.house.database.reads(world.caller.tenantId).find('provisionedGroup', { targetId: world.targetId }))[0];

it('is the one that Usher made, as before', async () => {
  const before = await team();
  server.fault('404');
  await world.groupSteps.rest();
  expect(await team()).toMatchObject({ state: 'right', targetGroupId: before!.targetGroupId, origin: 'created' });
  expect(await groupDifferences(world, () => true)).toEqual([]);
});

it('loses who leaves meanwhile', async () => {
  server.fault('404');
  server.fault('503', { times: 100 });
  await world.groupSteps.goOn();
  await leaveTeam(world, person);
  server.clear();
  await world.groupSteps.rest();
  expect(await groupDifferences(world, () => true)).toEqual([]);
});

it('loses who leaves while something in front of the target says so of everything', async () => {
  server.misplace(true);
  await world.groupSteps.goOn();
  await leaveTeam(world, person);
  server.misplace(false);
  await world.groupSteps.rest();
  expect(await groupDifferences(world, () => true)).toEqual([]);
});

it('is no second one where others had renamed it', async () => {
  const { targetGroupId } = (await team())!;
  await renameByOthers(targetGroupId!, 'Named by others');
  server.fault('404');
  await world.groupSteps.rest();
  expect(world.fake.groups()).toMatchObject([{ id: targetGroupId, name: 'Named by others', members: { length: 2 } }]);
});

it('is deleted at its end after something in front of the target had said that it is', async () => {
  const { version } = (await movable.house.database.reads(world.caller.tenantId).byId('target', world.targetId))!;
  const end = { targetId: world.targetId, groups: [{ groupId: world.team.id, whenRemoved: 'delete' as const }] };
  valueOf(await configureGroupProvisioning(movable.house, world.caller, { ...end, version }));
  await world.groupSteps.rest();
  valueOf(await configureGroupProvisioning(movable.house, world.caller, { ...end, version: version + 1, groups: [] }));
  server.misplace(true);
  await world.groupSteps.goOn();
  server.misplace(false);
  server.fault('404');
  await world.groupSteps.goOn();
  expect(world.fake.groups()).toHaveLength(1);
  await world.groupSteps.rest();
  expect(world.fake.groups()).toEqual([]);
});
