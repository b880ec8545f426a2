/** Logins on their way to a session that shall not become one any more: those that are held, and those that were opened a moment ago. */
import type { LoginAttempt, UserId } from '../domain/vocabulary.ts';
import type { Refusal } from './login-outcome.ts';
import type { Clock, House, Page, Transaction, Where } from './ports.ts';
import { repeatOpenMs } from './resume-login.ts';

/** Whoever decides a held login locks its user first, so this does as well. Call countRefused with the answer when it is committed. */
export async function refuseHeldLogins(
  tx: Transaction,
  clock: Clock,
  where: Pick<Where<'loginAttempt'>, 'userId' | 'identityProviderId'>,
  reason: Refusal,
): Promise<readonly LoginAttempt[]> {
  const held = await tx.find('loginAttempt', { ...where, state: 'held' });
  const refused: LoginAttempt[] = [];
  // In one order, so that two that lock the same people do not wait for each other.
  for (const userId of [...new Set(held.map((attempt) => attempt.userId ?? ''))].sort()) {
    await tx.lockUser(userId as UserId);
    const still = await tx.find('loginAttempt', { ...where, userId: userId as UserId, state: 'held' });
    for (const { id, serviceProviderId, reference } of still) {
      const after = await tx.change('loginAttempt', id, { state: 'refused', refusal: reason, decidedAt: clock.now() });
      if (typeof after !== 'string') refused.push(after);
      await tx.append([
        { type: 'login.refused', userId: userId as UserId, payload: { loginAttemptId: id, serviceProviderId, reason, reference } },
      ]);
    }
  }
  return refused;
}

/**
 * No browser goes on with these: neither one that lost the answer to its login and asks for it again, nor one whose session is stored only
 * now. A session of an opened login that belongs to no browser any more counts as ended.
 */
export async function forgetOpenedLogins(
  tx: Transaction,
  clock: Clock,
  where: Pick<Where<'loginAttempt'>, 'userId' | 'identityProviderId'>,
): Promise<void> {
  const since = new Date(clock.now().getTime() - repeatOpenMs);
  for (let after: string | null = null; ;) {
    const { items, hasNextPage }: Page<LoginAttempt> = await tx.page('loginAttempt', {
      where: { ...where, state: 'opened', decidedAt: { since } },
      ...{ first: 500, after, newestFirst: false },
    });
    for (const { id } of items) await tx.change('loginAttempt', id, { browserHash: null });
    after = items.at(-1)?.id ?? null;
    if (!hasNextPage) return;
  }
}

export function countRefused({ clock, metrics }: Pick<House, 'clock' | 'metrics'>, refused: readonly LoginAttempt[]): void {
  for (const { createdAt, decidedAt } of refused)
    metrics.loginDecided('refused', (decidedAt ?? clock.now()).getTime() - createdAt.getTime());
}
