/** Ends what people began through one identity provider: sessions, as far as the login that began one is still known, and logins that are held. */
import type { IdentityProviderId, LoginAttempt, LoginAttemptId, Session, UserId } from '../domain/vocabulary.ts';
import type { Refusal } from './login-outcome.ts';
import type { Clock, Page, Transaction } from './ports.ts';
import { forgetOpenedLogins, refuseHeldLogins } from './refuse-held-logins.ts';

export interface Through {
  readonly identityProviderId: IdentityProviderId;
  /** Absent: everybody's. */
  readonly userId?: UserId;
}

/** Call countRefused when it is committed. */
export async function endSessionsThrough(
  tx: Transaction,
  clock: Clock,
  through: Through,
  reason: Refusal,
): Promise<{ readonly sessions: number; readonly refused: readonly LoginAttempt[] }> {
  const refused = await refuseHeldLogins(tx, clock, through, reason);
  await forgetOpenedLogins(tx, clock, through);
  const whose = through.userId === undefined ? {} : { userId: through.userId };
  let sessions = 0;
  for (let after: string | null = null; ;) {
    const { items, hasNextPage }: Page<Session> = await tx.page('session', {
      where: { kind: 'user', ...whose },
      ...{ first: 500, after, newestFirst: false },
    });
    const ids = items.flatMap(({ loginAttemptId }): LoginAttemptId[] => (loginAttemptId === null ? [] : [loginAttemptId]));
    const began = new Set((await tx.find('loginAttempt', { id: ids, identityProviderId: through.identityProviderId })).map(({ id }) => id));
    const ended = items.filter(({ loginAttemptId }) => loginAttemptId !== null && began.has(loginAttemptId)).map(({ id }) => id);
    if (ended.length > 0) sessions += await tx.remove('session', { id: ended });
    after = items.at(-1)?.id ?? null;
    if (!hasNextPage) return { sessions, refused };
  }
}
