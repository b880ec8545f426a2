/** An account that its target says is gone and that is there: access that was not ended must not count as ended. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configureProvisioningConnector } from '../../src/commands/configure-provisioning-connector.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { assign, make, remove } from './changes.ts';
import { differences } from './compare.ts';
import { fakeScim } from './fake-scim.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

// Before a PATCH that was answered so is believed, the account is looked at once more.
describe.each([
  ['deactivate', 3],
  ['delete', 2],
] as const)('where removals %s', (removal, calls) => {
  let server: ScimServer;
  let world: World;
  let person: Person;
  beforeEach(async () => {
    server = await startScimServer();
    world = await makeWorld(movable, await fakeScim(server), seededRandom(21));
    const { version } = (await reads().byId('target', world.targetId))!;
    valueOf(await configureProvisioningConnector(movable.house, world.caller, { id: world.targetId, version, removal }));
    person = await make(world);
    await assign(world, person);
    await world.engine.rest();
    expect(world.fake.accounts()).toMatchObject([{ active: true }]);
  });
  afterEach(() => server.close());

  const reads = () => movable.house.database.reads(world.caller.tenantId);
  const ending = async () => (await reads().find('operation', { userId: person.id, kind: 'deprovision' }))[0];

  it('is ended after something in front of the target had said so of everything', async () => {
    server.misplace(true);
    await remove(world, person);
    await world.engine.attempt();
    expect(await ending()).toMatchObject({ state: 'pending', failureKind: 'transient' });
    server.misplace(false);
    await world.engine.rest();
    expect(await differences(world, () => true), world.story.join('\n')).toEqual([]);
  });

  it('is ended though looking at it and ending it were answered so, and searching for it was not', async () => {
    server.fault('404', { times: calls });
    await remove(world, person);
    await world.engine.attempt();
    expect(await ending()).toMatchObject({ state: 'pending', failureMessage: expect.stringContaining('shows it when it is searched for') });
    await world.engine.rest();
    expect(await differences(world, () => true), world.story.join('\n')).toEqual([]);
  });

  it('has ended where others deleted it', async () => {
    for (const { id } of world.fake.accounts()) expect(world.fake.tamper(id, () => 0.99)).toBe('deletes');
    await remove(world, person);
    await world.engine.attempt();
    expect(await ending()).toMatchObject({ state: 'succeeded' });
  });
});
