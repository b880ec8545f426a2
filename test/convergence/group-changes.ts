/** What happens to the group that is provisioned with its members, and to the settings of its connector. */
import { addMembers } from '../../src/commands/add-members.ts';
import { changeGroup } from '../../src/commands/change-group.ts';
import { configureMapping } from '../../src/commands/configure-mapping.ts';
import { configureProvisioningConnector } from '../../src/commands/configure-provisioning-connector.ts';
import type { MappingRowInput, MappingSourceInput } from '../../src/commands/mapping-input.ts';
import { removeMembers } from '../../src/commands/remove-members.ts';
import { retryProvisionedGroups } from '../../src/commands/retry-provisioned-groups.ts';
import type { MappingSource } from '../../src/domain/mapping-row.ts';
import { valueOf, type Person, type World } from './world.ts';

export async function joinTeam(world: World, person: Person): Promise<void> {
  valueOf(await addMembers(world.movable.house, world.caller, { groupId: world.team.id, userIds: [person.id] }));
  person.inTeam = true;
}

export async function leaveTeam(world: World, person: Person): Promise<void> {
  valueOf(await removeMembers(world.movable.house, world.caller, { groupId: world.team.id, userIds: [person.id] }));
  person.inTeam = false;
}

export async function renameTeam(world: World): Promise<void> {
  const { movable, caller, team } = world;
  const name = `Team ${Number(team.name.split(' ')[1]) + 1}`;
  const { version } = (await movable.house.database.reads(caller.tenantId).byId('group', team.id))!;
  valueOf(await changeGroup(movable.house, caller, { id: team.id, version, name }));
  team.name = name;
  world.tell(`the team is ${name} now`);
}

/** Somebody from outside, whom Usher knows nothing of. */
export async function othersJoinTeam(world: World): Promise<void> {
  const [group] = world.fake.groups();
  if (!group || world.guests.size >= 3) return;
  const guest = world.fake.putMember(group.id, world.guests.size);
  world.guests.add(guest);
  world.tell(`others put ${guest} into the group`);
  return Promise.resolve();
}

/** From here on another connection speaks with the target. */
export async function renameConnector(world: World): Promise<void> {
  const { version } = await target(world);
  valueOf(
    await configureProvisioningConnector(world.movable.house, world.caller, { id: world.targetId, version, name: `Target ${version}` }),
  );
  world.tell('the connector has another name');
}

/** The department is everybody's own, or the same for everybody. */
export async function changeMapping(world: World): Promise<void> {
  const { movable, caller, fake, targetId } = world;
  const { version } = await target(world);
  const oneForAll = world.department === null;
  const rows = (movable.house.definitions.get(fake.connectorType)?.account ?? []).flatMap((spec): readonly MappingRowInput[] => {
    if (!spec.defaultMapping) return [];
    const isDepartment = spec.name.toLowerCase() === 'department';
    const source = oneForAll && isDepartment ? ({ kind: 'constant', values: ['Everybody'] } as const) : inputOf(spec.defaultMapping);
    return [{ attribute: spec.name, source, when: 'always', owner: 'source', defaultValues: [] }];
  });
  valueOf(await configureMapping(movable.house, caller, { targetId, version, rows }));
  world.department = oneForAll ? 'Everybody' : null;
  world.tell(`the mapping gives ${oneForAll ? 'one department to all' : 'everybody their own department'}`);
}

/** An operator retries groups that were given up. */
export async function retryGroups(world: World): Promise<number> {
  const retried = valueOf(await retryProvisionedGroups(world.movable.house, world.caller, { targetId: world.targetId }));
  world.tell(`an operator retries groups: ${retried}`);
  return retried;
}

const target = async ({ movable, caller, targetId }: World) =>
  (await movable.house.database.reads(caller.tenantId).byId('target', targetId))!;

export function inputOf(source: MappingSource): MappingSourceInput {
  switch (source.kind) {
    case 'attribute':
      return { kind: 'attribute', attribute: source.name, ...(source.fallback ? { fallback: inputOf(source.fallback) } : {}) };
    case 'constant':
      return { kind: 'constant', values: typeof source.value === 'string' ? [source.value] : source.value };
    case 'expression':
      return { kind: 'expression', expression: source.text };
    case 'user-id':
    case 'user-name':
    case 'user-id-pattern':
    case 'roles':
    case 'clear':
      return { kind: source.kind };
  }
}
