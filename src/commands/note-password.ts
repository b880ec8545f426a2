/** Counts a password that somebody tried to sign in with as a user; the feed hears of it when that locks the user out. */
import type { User } from '../domain/vocabulary.ts';
import type { House } from './ports.ts';

export async function notePassword(
  house: Pick<House, 'database' | 'clock'>,
  user: Pick<User, 'id' | 'tenantId'>,
  right: boolean,
): Promise<void> {
  const lockedUntil = await house.database.credentials.noteAttempt({ kind: 'user', id: user.id }, right, house.clock.now());
  if (right || lockedUntil === null) return;
  await house.database.transaction(user.tenantId, (tx) => tx.append([{ type: 'user.locked', userId: user.id, payload: {} }]));
}
