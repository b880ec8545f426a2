/** Forgets events that are older than the setting says, a thousand at a time, so that no statement holds the database for long. */
import type { Clock, Database } from '../commands/ports.ts';

const atOnce = 1000;

/** Returns how many were forgotten. Stops between two batches when asked to. */
export async function deleteOldEvents(
  parts: { readonly database: Pick<Database, 'deleteEvents'>; readonly clock: Clock },
  keepMs: number,
  signal?: AbortSignal,
): Promise<number> {
  const before = new Date(parts.clock.now().getTime() - keepMs);
  let sum = 0;
  while (!signal?.aborted) {
    const some = await parts.database.deleteEvents(before, atOnce);
    sum += some;
    if (some < atOnce) break;
  }
  return sum;
}
