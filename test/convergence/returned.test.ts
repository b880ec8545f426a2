/** People who come back: their account is theirs again, and right, whatever others made of it while it was deactivated. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configureProvisioningConnector } from '../../src/commands/configure-provisioning-connector.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { assign, changeAttributes, make, unassign } from './changes.ts';
import { differences } from './compare.ts';
import { fakes } from './fakes.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

it.each(fakes)('at %s have the account that they had, put right', async (_name, start) => {
  const fake = await start();
  const world = await makeWorld(movable, fake, seededRandom(31));
  const { version } = (await movable.house.database.reads(world.caller.tenantId).byId('target', world.targetId))!;
  const input = { id: world.targetId, version, removal: 'deactivate' } as const;
  valueOf(await configureProvisioningConnector(movable.house, world.caller, input));
  const person = await make(world);
  await changeAttributes(world, person, { givenName: 'Ada', familyName: 'Lovelace', title: 'Countess' });
  await assign(world, person);
  await world.engine.rest();
  await unassign(world, person);
  await world.engine.rest();
  expect(fake.tamper(fake.accounts()[0]!.id, () => 0)).toBe('renames');
  await assign(world, person);
  await world.engine.rest();
  expect(await differences(world, () => true), world.story.join('\n')).toEqual([]);
  await fake.close();
});
