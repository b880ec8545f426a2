/** Forgets logins that were decided long ago: what somebody was refused for months ago helps nobody, and passers-by can add to them. */
import type { House } from './ports.ts';

/** In small bites, so that no statement holds the database for long. */
const atOnce = 1_000;

/** Those of all tenants that began before this. Returns how many. */
export async function forgetLoginAttempts(house: Pick<House, 'database'>, before: Date): Promise<number> {
  let forgotten = 0;
  for (const { id: tenantId } of await house.database.tenants.all()) {
    for (let more = true; more;) {
      // The oldest come first: nothing is read of those that stay but one page.
      const page = await house.database.reads(tenantId).page('loginAttempt', { where: {}, first: atOnce, after: null, newestFirst: false });
      const old = page.items.filter((attempt) => attempt.createdAt < before && attempt.state !== 'held').map((attempt) => attempt.id);
      if (old.length > 0) forgotten += await house.database.transaction(tenantId, (tx) => tx.remove('loginAttempt', { id: old }));
      more = old.length === atOnce;
    }
  }
  return forgotten;
}
