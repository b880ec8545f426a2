/**
 * Removes a user: the row stays, emptied, for the record and until every account has ended; identities, groups and assignments go at once.
 * The name is free for somebody else, who gets another id and so other accounts.
 */
import type { User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House, NewEvent } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

export interface RemoveUserInput {
  readonly id: UserId;
  /** null: whatever it is now. */
  readonly version: number | null;
}

export async function removeUser(house: House, caller: Caller, input: RemoveUserInput): Promise<Outcome<User>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const user = await lockLivingUser(tx, input.id);
    if (!user) return notFound('user', 'id');
    if (input.version !== null && input.version !== user.version) return versionConflict(user.version);
    const removed = await tx.change('user', user.id, { removedAt: house.clock.now(), active: false, attributes: {} });
    if (typeof removed === 'string') throw new Error(`A locked user cannot be changed: ${removed}`);
    await tx.setPassword({ kind: 'user', id: user.id }, null);
    await tx.remove('session', { userId: user.id });
    // What waits for a decision shows values of the person, and there is nobody left to decide about.
    await tx.remove('adoptionCase', { userId: user.id, state: 'waiting' });
    await tx.remove('chosenAccount', { userId: user.id });
    // Their details hold values of the person.
    await tx.remove('ruleDecision', { userId: user.id });
    await tx.append([{ type: 'user.removed', userId: user.id, payload: {} }]);
    // Planned before the assignments go: they tell which targets may have an account that is not linked yet.
    await planAndRequest(house, tx, { userId: user.id, trigger: 'removal', serviceProviderId: null, priority: 'change', changed: true });
    const assignments = await tx.find('assignment', { userId: user.id });
    await tx.append(
      assignments.map((each): NewEvent => ({
        type: 'assignment.removed',
        userId: user.id,
        targetId: each.targetId,
        payload: { serviceProviderId: each.serviceProviderId },
      })),
    );
    await tx.remove('assignment', { userId: user.id });
    await tx.remove('identity', { userId: user.id });
    await tx.remove('membership', { userId: user.id });
    tx.concernGroups({ userIds: [user.id] });
    return done(removed);
  });
}
