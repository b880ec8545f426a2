/**
 * An administrator chooses which groups exist at a target, with their members: the whole list at once. No call is made. Groups that are no
 * longer in it end as their own setting says.
 */
import type { GroupId, GroupRemoval, ProvisionedGroup, Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endProvisionedGroups } from './end-provisioned-groups.ts';
import { invalid, notFound, type InputProblem, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';

export interface ChosenGroup {
  readonly groupId: GroupId;
  readonly whenRemoved: GroupRemoval;
}
export interface ConfigureGroupProvisioningInput {
  readonly targetId: TargetId;
  /** The version of the target that the asker saw. */
  readonly version: number;
  readonly groups: readonly ChosenGroup[];
}

export const provisionedGroupsAtMost = 1000;

export async function configureGroupProvisioning(
  house: Pick<House, 'database' | 'definitions' | 'clock'>,
  caller: Caller,
  input: ConfigureGroupProvisioningInput,
): Promise<Outcome<Target>> {
  const { targetId, version, groups } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const target = await tx.byId('target', targetId);
    if (!target) return notFound('provisioning connector', 'targetId');
    const definition = house.definitions.get(target.connectorType);
    if (groups.length > 0 && !definition?.capabilities.groups)
      return invalid({
        path: ['targetId'],
        message: `${definition?.displayName ?? 'This connector'} has no groups that Usher could fill.`,
      });
    const problems = await problemsWith(tx, groups);
    if (problems.length > 0) return invalid(...problems);
    const changed = await changeAsSeen(tx, 'target', { id: targetId, version }, {}, 'targetId');
    if (changed.kind !== 'done') return changed;

    const before = await tx.find('provisionedGroup', { targetId });
    const chosen = new Map(groups.map((group) => [group.groupId, group]));
    const leaving = before.filter(({ groupId, endingSince }) => endingSince === null && (groupId === null || !chosen.has(groupId)));
    await endProvisionedGroups(house, tx, leaving);
    await keep(tx, before, chosen);
    const added = await add(house, tx, targetId, groups, before);
    await tx.append([
      { type: 'group-provisioning.configured', targetId, payload: { groups: groups.length, added, ended: leaving.length } },
    ]);
    return changed;
  });
}

async function problemsWith(tx: Transaction, groups: readonly ChosenGroup[]): Promise<readonly InputProblem[]> {
  if (groups.length > provisionedGroupsAtMost) return [{ path: ['groups'], message: `At most ${provisionedGroupsAtMost} groups.` }];
  const ids = groups.map(({ groupId }) => groupId);
  const known = new Set(ids.length === 0 ? [] : (await tx.find('group', { id: ids })).map(({ id }) => id));
  return ids.flatMap((id, index) => {
    const path = ['groups', String(index), 'groupId'];
    if (!known.has(id)) return [{ path, message: 'There is no such group.' }];
    return ids.indexOf(id) < index ? [{ path, message: 'This group is in the list already.' }] : [];
  });
}

/** Those that were chosen before; one that was about to end stays after all. */
async function keep(tx: Transaction, before: readonly ProvisionedGroup[], chosen: ReadonlyMap<GroupId, ChosenGroup>): Promise<void> {
  for (const { id, groupId, whenRemoved, endingSince } of before) {
    const choice = groupId === null ? undefined : chosen.get(groupId);
    if (!choice || (choice.whenRemoved === whenRemoved && endingSince === null)) continue;
    await tx.change('provisionedGroup', id, { whenRemoved: choice.whenRemoved, endingSince: null });
    if (endingSince !== null) tx.concernGroups({ provisionedGroupIds: [id] });
  }
}

async function add(
  house: Pick<House, 'clock'>,
  tx: Transaction,
  targetId: TargetId,
  groups: readonly ChosenGroup[],
  before: readonly ProvisionedGroup[],
): Promise<number> {
  const there = new Set(before.flatMap(({ groupId }) => groupId ?? []));
  const joining = groups.filter(({ groupId }) => !there.has(groupId));
  await tx.insertMany(
    'provisionedGroup',
    joining.map(({ groupId, whenRemoved }) => ({
      ...{ groupId, targetId, whenRemoved },
      ...{ targetGroupId: null, appliedName: null, origin: null, begunName: null, askedAt: null, endingSince: null },
      ...{ state: 'pending' as const, dueAt: house.clock.now(), attempts: 0, failingSince: null },
      ...{ failureKind: null, failureMessage: null, rightAt: null },
    })),
  );
  return joining.length;
}
