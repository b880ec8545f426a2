/** Calls off the deletion of a deactivated account: it stays deactivated, and no date is set again until it was active once more. */
import type { Link } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import type { LaneInput } from './unlink-account.ts';

export async function cancelDeletion(house: House, caller: Caller, { userId, targetId }: LaneInput): Promise<Outcome<Link>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    await tx.lockUser(userId);
    // Under this lock nobody begins to delete; who has begun already cannot be stopped.
    const unfinished = await tx.lockLane(userId, targetId);
    const [link] = await tx.find('link', { userId, targetId });
    if (!link?.deleteAt) return notFound('scheduled deletion', 'userId');
    if (unfinished?.state === 'running') return inUse('An operation is under way at this account: it may be its deletion.', 'userId');
    const now = house.clock.now();
    if (unfinished?.kind === 'deprovision')
      await tx.change('operation', unfinished.id, { state: 'cancelled', heldAt: null, settledAt: now });
    const changed = await tx.change('link', link.id, { deleteAt: null, deletionAskedAt: now });
    if (typeof changed === 'string') return notFound('scheduled deletion', 'userId');
    const payload = { accountId: link.accountId, by: caller.actor.kind };
    await tx.append([{ type: 'account.deletion-cancelled', userId, targetId, payload }]);
    return done(changed);
  });
}
