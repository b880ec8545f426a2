/**
 * An operator has groups at a target looked at again: those that were given up, or one of any state, whose members are then put there anew
 * in case somebody took them out at the target.
 */
import type { ProvisionedGroupId, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { House, Where } from './ports.ts';

export interface RetryProvisionedGroupsInput {
  /** This one, whatever its state. */
  readonly id?: ProvisionedGroupId;
  /** Those that were given up at this target. Neither: everywhere. */
  readonly targetId?: TargetId;
}

/** Returns how many will run. */
export async function retryProvisionedGroups(
  house: Pick<House, 'database'>,
  caller: Caller,
  { id, targetId }: RetryProvisionedGroupsInput,
): Promise<Outcome<number>> {
  if (id !== undefined && targetId !== undefined) return invalid({ path: ['targetId'], message: 'Name a group or a connector, not both.' });
  return house.database.transaction(caller.tenantId, async (tx) => {
    if (targetId !== undefined && !(await tx.byId('target', targetId))) return notFound('provisioning connector', 'targetId');
    const where: Where<'provisionedGroup'> = id === undefined ? { state: 'failed', ...(targetId ? { targetId } : {}) } : { id };
    const groups = await tx.find('provisionedGroup', where);
    if (id !== undefined && groups.length === 0) return notFound('provisioned group', 'id');
    tx.concernGroups({ anew: groups.map((group) => group.id) });
    return done(groups.length);
  });
}
