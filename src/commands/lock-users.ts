import type { User, UserId } from '../domain/vocabulary.ts';
import type { Transaction } from './ports.ts';

/** In the order of their ids, so that two changes of overlapping crowds wait for each other instead of dying of a deadlock. */
export async function lockUsers(tx: Transaction, ids: readonly UserId[]): Promise<readonly User[]> {
  const users: User[] = [];
  for (const id of [...new Set(ids)].sort()) {
    const user = await tx.lockUser(id);
    if (user) users.push(user);
  }
  return users;
}
