/** What Google has just made it denies for minutes: nobody's account is lost by that, whichever process looks, and whatever it remembers. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureMapping } from '../../src/commands/configure-mapping.ts';
import type { MappingRowInput } from '../../src/commands/mapping-input.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { startGoogleServer, type GoogleServer } from '../support/targets/google-server.ts';
import { assign, changeAttributes, make, remove, rename } from './changes.ts';
import { differences } from './compare.ts';
import type { Fake } from './fake.ts';
import { fakeGoogle } from './fake-google.ts';
import { inputOf } from './group-changes.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, valueOf, type Person, type World } from './world.ts';

let movable: MovableHouse;
beforeAll(async () => void (movable = await openMovableHouse()));
afterAll(() => movable.close());

let server: GoogleServer;
let google: Fake;
let world: World;
let person: Person;
beforeEach(async () => {
  server = await startGoogleServer({ domains: ['acme.example'] });
  google = await fakeGoogle('acme.example', server);
  world = await makeWorld(movable, google, seededRandom(12));
  person = await make(world);
});
afterEach(() => google.close());

const nothingIsWrong = async (): Promise<void> => {
  expect(await differences(world, () => true), world.story.join('\n')).toEqual([]);
  const conditions = await movable.house.database.reads(world.caller.tenantId).find('targetCondition', { targetId: world.targetId });
  expect(conditions.filter(({ suspendedAt }) => suspendedAt !== null)).toEqual([]);
};

it('is ended with its person', async () => {
  google.hideNew?.(10);
  await assign(world, person);
  await world.engine.attempt();
  await movable.reopen();
  await remove(world, person);
  await world.engine.rest();
  await nothingIsWrong();
});

it('is ended with its person, also where only the call that ends it is denied', async () => {
  await assign(world, person);
  await world.engine.attempt();
  await remove(world, person);
  // After the look at it.
  google.fault('404', 1, 1);
  await world.engine.attempt();
  expect(google.accounts()).toMatchObject([{ active: true }]);
  await world.engine.rest();
  await nothingIsWrong();
  expect(google.accounts().filter(({ active }) => active)).toEqual([]);
});

it('is changed with its person, and stays theirs', async () => {
  google.hideNew?.(10);
  await assign(world, person);
  await world.engine.attempt();
  const [link] = await movable.house.database.reads(world.caller.tenantId).find('link', { userId: person.id });
  await movable.reopen();
  await changeAttributes(world, person, { title: 'Changed' });
  await world.engine.rest();
  await nothingIsWrong();
  expect(google.accounts()).toMatchObject([{ id: link?.accountId }]);
});

it('is found again after the answer to its create was lost', async () => {
  google.hideNew?.(20);
  google.fault('reset-after-write', 1, 1);
  await assign(world, person);
  await world.engine.attempt();
  await movable.reopen();
  await world.engine.rest();
  await nothingIsWrong();
});

it('is not made twice though its person is called something else by then', async () => {
  google.hideNew?.(20);
  google.fault('reset-after-write', 1, 1);
  await assign(world, person);
  await world.engine.attempt();
  movable.clock.advance(1_000);
  await rename(world, person);
  movable.clock.advance(5_000);
  await world.engine.attempt();
  await nothingButWaiting();
  // It shows.
  google.behave();
  await world.engine.rest();
  expect(google.accounts()).toHaveLength(1);
  await nothingIsWrong();
});

it('suspends no target by the words in which it is denied', async () => {
  await assign(world, person);
  await world.engine.attempt();
  await changeAttributes(world, person, { title: 'Changed' });
  google.denyNew?.(2);
  await world.engine.attempt();
  await nothingButWaiting();
  await world.engine.rest();
  await nothingIsWrong();
});

it('suspends no target where it is denied already when its aliases are added', async () => {
  const { house } = movable;
  const account = house.definitions.get('google')?.account ?? [];
  const source = { kind: 'constant', values: [`also-${person.label}@acme.example`] } as const;
  const rows = account.flatMap((spec): readonly MappingRowInput[] => {
    const mapped = spec.name === 'aliases' ? source : spec.defaultMapping && inputOf(spec.defaultMapping);
    return mapped ? [{ attribute: spec.name, source: mapped, when: 'always', owner: 'source', defaultValues: [] }] : [];
  });
  const { version } = (await house.database.reads(world.caller.tenantId).byId('target', world.targetId))!;
  valueOf(await configureMapping(house, world.caller, { targetId: world.targetId, version, rows }));
  server.directory.hideNew(1, { with: 403 });
  await assign(world, person);
  await world.engine.attempt();
  await nothingButWaiting();
  await world.engine.rest();
  await nothingIsWrong();
  expect(server.users()).toMatchObject([{ aliases: source.values }]);
});

it('is believed to be gone, and we to be refused, after ten minutes', async () => {
  await assign(world, person);
  await world.engine.attempt();
  movable.clock.advance(11 * 60_000);
  await changeAttributes(world, person, { title: 'Changed' });
  google.denyNew?.(2);
  await world.engine.attempt();
  expect(await condition()).toMatchObject({ suspendedAt: expect.any(Date) });
});

const condition = async () =>
  (await movable.house.database.reads(world.caller.tenantId).find('targetCondition', { targetId: world.targetId }))[0] ?? null;
async function nothingButWaiting(): Promise<void> {
  expect((await condition())?.suspendedAt ?? null).toBeNull();
  const operations = await movable.house.database.reads(world.caller.tenantId).find('operation', { userId: person.id, state: 'pending' });
  expect(operations).toMatchObject([{ failureKind: 'transient', failureMessage: expect.stringMatching(/does not show|a moment ago/) }]);
}
