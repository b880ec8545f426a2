/** What Usher gave in an attempt that failed, or got no answer, is taken back when it is no longer wanted. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureMapping } from '../../src/commands/configure-mapping.ts';
import type { MappingRowInput } from '../../src/commands/mapping-input.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { startSalesforceServer, type SalesforceServer } from '../support/targets/salesforce-server.ts';
import { assign, changeAttributes, make } from './changes.ts';
import { salesforceFake } from './fake-salesforce.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let server: SalesforceServer;
let world: World;
let person: Person;
/** The title says which permission sets somebody has. */
beforeEach(async () => {
  server = await startSalesforceServer();
  world = await makeWorld(movable, salesforceFake(server), seededRandom(13));
  const target = await movable.house.database.reads(world.caller.tenantId).byId('target', world.targetId);
  const row = (attribute: string, source: MappingRowInput['source']): MappingRowInput => ({
    ...{ attribute, source, when: 'always', owner: 'source', defaultValues: [] },
  });
  const rows = [
    row('Username', { kind: 'user-id-pattern' }),
    row('LastName', { kind: 'user-name' }),
    row('Email', { kind: 'user-name' }),
    row('ownId', { kind: 'user-id' }),
    row('permissionSets', { kind: 'expression', expression: '$split(user.attributes.title, " ")' }),
  ];
  valueOf(
    await configureMapping(movable.house, world.caller, {
      targetId: world.targetId,
      version: target!.version,
      rows,
    }),
  );
  person = await make(world);
  await changeAttributes(world, person, { title: 'Beta_Tester' });
});
afterEach(() => server.close());

function held(): readonly unknown[] {
  const { org } = server;
  const id = org.rows('User').find((row) => row['Username'] === person.userName)?.['Id'];
  const sets = org.rows('PermissionSetAssignment').filter((row) => row['AssigneeId'] === id);
  return sets
    .map((row) => org.rows('PermissionSet').find((set) => set['Id'] === row['PermissionSetId']))
    .flatMap((set) => (set?.['IsOwnedByProfile'] === true ? [] : [set?.['Name']]))
    .sort();
}

it('whose answer was lost', async () => {
  await assign(world, person);
  await world.engine.rest();
  server.faultAt({ method: 'POST', path: '/composite/sobjects', kind: 'reset-after-write' });
  await changeAttributes(world, person, { title: 'Beta_Tester Report_Builder' });
  await world.engine.attempt();
  expect(held()).toEqual(['Beta_Tester', 'Report_Builder']);
  await changeAttributes(world, person, { title: 'Beta_Tester' });
  await world.engine.rest();
  expect(held()).toEqual(['Beta_Tester']);
});

it('while the process died', async () => {
  await assign(world, person);
  await world.engine.rest();
  await changeAttributes(world, person, { title: 'Beta_Tester Report_Builder' });
  await world.engine.lease(1);
  await world.engine.run();
  world.engine.die();
  await changeAttributes(world, person, { title: 'Beta_Tester' });
  await world.engine.rest();
  expect(held()).toEqual(['Beta_Tester']);
});

it('of which a part was refused', async () => {
  await assign(world, person);
  await world.engine.rest();
  await changeAttributes(world, person, { title: 'Report_Builder Auditor' });
  await world.engine.rest();
  expect(held()).toContain('Report_Builder');
  await changeAttributes(world, person, { title: 'Beta_Tester' });
  await world.engine.rest();
  expect(held()).toEqual(['Beta_Tester']);
});

it('with an account whose create got no answer', async () => {
  await assign(world, person);
  await world.engine.lease(1);
  await world.engine.run();
  world.engine.die();
  await changeAttributes(world, person, { title: 'Report_Builder' });
  await world.engine.rest();
  expect(held()).toEqual(['Report_Builder']);
});

it('but not what others gave', async () => {
  await assign(world, person);
  await world.engine.rest();
  const { org } = server;
  const user = org.rows('User').find((row) => row['Username'] === person.userName);
  const set = org.rows('PermissionSet').find((row) => row['Name'] === 'Report_Builder');
  org.put('PermissionSetAssignment', { AssigneeId: String(user?.['Id']), PermissionSetId: String(set?.['Id']) });
  server.faultAt({ method: 'POST', path: '/composite/sobjects', kind: 'reset-after-write' });
  await changeAttributes(world, person, { title: null });
  await world.engine.rest();
  expect(held()).toEqual(['Report_Builder']);
});
