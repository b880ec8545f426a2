/** A tenant that has owners keeps one: otherwise nobody could make tenants or owners any more. */
import type { Transaction } from './ports.ts';

/** Whether an owner is left without this administrator. Locks the owners, so that of two removed at once the second sees the first. */
export async function ownerIsLeftWithout(tx: Transaction, administratorId: string): Promise<boolean> {
  let left = 0;
  // In the order of ids, so that two transactions wait for each other and do not deadlock.
  for (const owner of await tx.find('administrator', { role: 'owner' })) {
    // Writes the name it has: a lock, and its answer is the row as it is after the wait.
    const now = await tx.change('administrator', owner.id, { userName: owner.userName });
    if (now !== 'missing' && now !== 'stale' && now.role === 'owner' && now.id !== administratorId) left += 1;
  }
  return left > 0;
}
