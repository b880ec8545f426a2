/** Signs a user out of every browser: sessions end, and logins that are held do not become sessions. The user may sign in again at once. */
import type { LoginAttempt, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { countRefused, forgetOpenedLogins, refuseHeldLogins } from './refuse-held-logins.ts';

export interface EndedSessions {
  readonly sessions: number;
  readonly refusedLogins: number;
}

export async function endSessionsOfUser(house: House, caller: Caller, input: { readonly userId: UserId }): Promise<Outcome<EndedSessions>> {
  const { userId } = input;
  const ended = await house.database.transaction(caller.tenantId, async (tx) => {
    if ((await tx.lockUser(userId)) === null) return null;
    const { sessions, refused } = await signOutEverywhere(house, tx, userId);
    const by = caller.actor.kind;
    if (sessions > 0 || refused.length > 0)
      await tx.append([{ type: 'user.sessions-ended', userId, payload: { sessions, refusedLogins: refused.length, by } }]);
    return { sessions, refused };
  });
  if (ended === null) return notFound('user', 'userId');
  countRefused(house, ended.refused);
  return done({ sessions: ended.sessions, refusedLogins: ended.refused.length });
}

/** Lock the user first: who decides a held login does. Call countRefused when it is committed. */
export async function signOutEverywhere(
  { clock }: Pick<House, 'clock'>,
  tx: Transaction,
  userId: UserId,
): Promise<{ readonly sessions: number; readonly refused: readonly LoginAttempt[] }> {
  const sessions = await tx.count('session', { userId, expiresAt: { since: clock.now() } });
  await tx.remove('session', { userId });
  const refused = await refuseHeldLogins(tx, clock, { userId }, 'signed-out');
  await forgetOpenedLogins(tx, clock, { userId });
  return { sessions, refused };
}
