/** Ends one session before its time: whoever is in that browser has to sign in again. */
import { reaches, type Caller } from './caller.ts';
import { done, invalid, notFound, type Outcome, type Problem } from './outcome.ts';
import type { House, NewEvent, Transaction } from './ports.ts';
import type { Session } from '../domain/vocabulary.ts';

export async function endSession(house: House, caller: Caller, id: string): Promise<Outcome<{ readonly id: string }>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const session = await tx.byId('session', id);
    if (session === null || session.expiresAt <= house.clock.now()) return notFound('session', 'id');
    const problem = session.kind === 'administrator' ? await whyNotTheirs(tx, caller, session) : null;
    if (problem !== null) return problem;
    if ((await tx.remove('session', { id })) === 0) return notFound('session', 'id');
    // A browser that lost the answer to its login may ask for it again: not for this one any more.
    if (session.loginAttemptId !== null) await tx.change('loginAttempt', session.loginAttemptId, { browserHash: null });
    await tx.append([endedEvent(session, caller)]);
    return done({ id });
  });
}

/** Administrators are told to administrators only, and nobody shuts out somebody with a role above their own. */
async function whyNotTheirs(tx: Transaction, caller: Caller, { administratorId }: Session): Promise<Problem | null> {
  if (!reaches(caller.role, 'administrator')) return notFound('session', 'id');
  const administrator = administratorId === null ? null : await tx.byId('administrator', administratorId);
  if (administrator === null || reaches(caller.role, administrator.role)) return null;
  return invalid({ path: ['id'], message: 'You cannot end a session of somebody with a role above your own.' });
}

function endedEvent({ id, kind, userId, administratorId, serviceProviderId }: Session, caller: Caller): NewEvent {
  const by = caller.actor.kind;
  return kind === 'administrator'
    ? { type: 'administrator.session-ended', payload: { administratorId, sessionId: id, by } }
    : { type: 'user.session-ended', userId, payload: { sessionId: id, serviceProviderId, by } };
}
