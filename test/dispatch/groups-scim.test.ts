/** Groups at a real SCIM server: the way from a group of ours to one there, through everything between. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ProvisionedGroup } from '../../src/domain/vocabulary.ts';
import type { ServiceProvider, Target } from '../support/administer.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { groupsOf, type Groups } from '../support/groups.ts';
import { until } from '../support/people.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';

let engine: Engine;
let scim: ScimServer;
let groups: Groups;
let target: Target;
let app: ServiceProvider;
beforeAll(async () => {
  [engine, scim] = await Promise.all([startEngine({ settings: { attemptTimeoutMs: 4_000 } }), startScimServer()]);
  groups = groupsOf(engine);
});
afterAll(() => Promise.all([engine.close(), scim.close()]));
beforeEach(async () => {
  target = await engine.admin.addTarget({
    name: `SCIM ${randomUUID()}`,
    connectorType: 'scim2',
    config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
  });
  app = await engine.serviceProvider({ target });
});

const people = async (count: number) => {
  const made = await Promise.all(Array.from({ length: count }, () => engine.register(app)));
  await engine.rest(target);
  return made;
};
const there = (name: string) => scim.groups().filter((group) => group.displayName === name);
const membersOf = (name: string): readonly string[] => (there(name)[0]?.members ?? []).map((member) => member.value).sort();
const idsOf = (...names: readonly string[]): readonly string[] =>
  names.map((name) => scim.users().find((user) => user.userName === name)?.id ?? `no ${name}`).sort();

it('are made, filled, renamed and emptied, and what others put there stays', async () => {
  const [one, two, three] = await people(3);
  const group = await groups.make([one!, two!]);
  await groups.choose(target, [group]);
  const [made] = (await groups.rest(target)) as [ProvisionedGroup];
  expect(membersOf(group.name)).toEqual(idsOf(one!.userName, two!.userName));
  scim.addMember(group.name, 'a group inside it');
  const name = `Renamed ${randomUUID()}`;
  await groups.rename(group, name);
  await groups.leave(group, one!);
  await groups.join(group, three!);
  await groups.rest(target);
  expect(membersOf(name)).toEqual([...idsOf(two!.userName, three!.userName), 'a group inside it'].sort());
  expect(there(name).map((each) => each.id)).toEqual([made.targetGroupId]);
  await groups.leave(group, two!, three!);
  await groups.rest(target);
  expect(membersOf(name)).toEqual(['a group inside it']);
});

it('hold everybody once after answers that were lost on the way', async () => {
  const some = await people(5);
  const group = await groups.make(some);
  scim.fault('reset-after-write', { method: 'POST' });
  scim.fault('time-out-after-write', { method: 'PATCH' });
  await groups.choose(target, [group]);
  await groups.rest(target);
  expect(there(group.name)).toHaveLength(1);
  expect(membersOf(group.name)).toEqual(idsOf(...some.map((each) => each.userName)));
});

it('wait while the server asks for time in the middle of a group', async () => {
  const some = await people(2);
  const group = await groups.make(some);
  scim.fault('429-without-retry-after', { method: 'PATCH' });
  await groups.choose(target, [group]);
  await until(async () => (await groups.at(target))[0]?.failureKind === 'throttled');
  expect((await groups.at(target))[0]).toMatchObject({ state: 'pending', attempts: 0 });
  expect((await groups.members(target)).map((member) => member.state)).toEqual(['adding', 'adding']);
  await engine.admin.do(`mutation($input: ProvisioningConnectorIdInput!) { resumeProvisioningConnector(input: $input) { __typename } }`, {
    input: { id: target.connectorId },
  });
  // What waits out a failure is due at its own time: an operator need not wait.
  await engine.admin.do(`mutation($input: RetryProvisionedGroupsInput!) { retryProvisionedGroups(input: $input) { __typename } }`, {
    input: { id: (await groups.at(target))[0]?.id },
  });
  await groups.rest(target);
  expect(membersOf(group.name)).toEqual(idsOf(...some.map((each) => each.userName)));
});
