/** Ends one reason for which a user belongs at a target. With the last one the account ends as the target's removal setting says. */
import type { Assignment } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

export async function removeAssignment(house: House, caller: Caller, input: { readonly id: string }): Promise<Outcome<Assignment>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const found = await tx.byId('assignment', input.id);
    if (!found) return notFound('assignment', 'id');
    const { userId, targetId, serviceProviderId } = found;
    await tx.lockUser(userId);
    // Somebody may have removed it while we waited for the lock.
    if ((await tx.remove('assignment', { id: found.id })) === 0) return notFound('assignment', 'id');
    await tx.append([{ type: 'assignment.removed', userId, targetId, payload: { serviceProviderId } }]);
    const left = await tx.count('assignment', { userId, targetId });
    await planAndRequest(house, tx, {
      userId,
      trigger: 'removal',
      serviceProviderId,
      priority: 'change',
      changed: true,
      endingTargetIds: left === 0 ? [targetId] : [],
    });
    return done(found);
  });
}
