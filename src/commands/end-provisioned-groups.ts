/**
 * Lets groups go at their targets: where ours is removed, or no longer provisioned there. What Usher made is deleted if that was asked for, in
 * the background; everything else is left with its members as it is, and forgotten at once.
 */
import type { ProvisionedGroup } from '../domain/vocabulary.ts';
import type { House, Transaction } from './ports.ts';

export async function endProvisionedGroups(
  house: Pick<House, 'clock'>,
  tx: Transaction,
  groups: readonly ProvisionedGroup[],
): Promise<void> {
  const kept: ProvisionedGroup[] = [];
  for (const group of groups) {
    if (group.endingSince !== null) continue;
    if (!isToBeDeleted(group)) {
      kept.push(group);
      continue;
    }
    await tx.change('provisionedGroup', group.id, { endingSince: house.clock.now() });
    tx.concernGroups({ provisionedGroupIds: [group.id] });
  }
  if (kept.length === 0) return;
  await tx.remove('provisionedGroup', { id: kept.map((group) => group.id) });
  await tx.append(
    kept.map(({ groupId, targetId }) => ({ type: 'group-provisioning.ended' as const, targetId, payload: { groupId, deleted: false } })),
  );
}

/** One that runs at this moment may be making it. */
function isToBeDeleted({ whenRemoved, origin, targetGroupId, begunName, state }: ProvisionedGroup): boolean {
  if (whenRemoved !== 'delete') return false;
  return state === 'running' || begunName !== null || (origin === 'created' && targetGroupId !== null);
}
