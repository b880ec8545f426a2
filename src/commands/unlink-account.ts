/**
 * Undoes a link that was made wrongly: it is forgotten, the account stays untouched, and for this user it is never adopted again unless
 * somebody links it by hand. Nothing is asked for: where the user still belongs, the next change finds that a person has to say more.
 */
import type { TargetId, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { choose } from './decide-adoption.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export interface LaneInput {
  readonly userId: UserId;
  readonly targetId: TargetId;
}

export async function unlinkAccount(
  house: House,
  caller: Caller,
  { userId, targetId }: LaneInput,
): Promise<Outcome<{ readonly id: string }>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    await tx.lockUser(userId);
    const unfinished = await tx.lockLane(userId, targetId);
    const [link] = await tx.find('link', { userId, targetId });
    if (!link) return notFound('link', 'userId');
    if (unfinished?.state === 'running') return inUse('An operation is under way at this account: try again in a moment.', 'userId');
    // What was to end the account has nothing to end any more.
    if (unfinished?.kind === 'deprovision')
      await tx.change('operation', unfinished.id, { state: 'cancelled', heldAt: null, settledAt: house.clock.now() });
    await tx.remove('link', { id: link.id });
    tx.concernGroups({ userIds: [userId] });
    await choose(tx, link, [link.accountId], 'never');
    const payload = { accountId: link.accountId, by: caller.actor.kind };
    await tx.append([{ type: 'account.unlinked', userId, targetId, payload }]);
    return done({ id: link.id });
  });
}
