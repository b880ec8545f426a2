/** Forgets what the rules said long ago: it holds values of people, and explains nothing any more. */
import type { House } from './ports.ts';

/** In small bites, so that no statement holds the database for long. */
const atOnce = 1_000;

/** Those of all tenants that were made before this. Returns how many. */
export async function forgetRuleDecisions(house: Pick<House, 'database'>, before: Date): Promise<number> {
  let forgotten = 0;
  for (const { id: tenantId } of await house.database.tenants.all()) {
    for (let more = true; more;) {
      // The oldest come first: nothing is read of those that stay but one page.
      const page = await house.database.reads(tenantId).page('ruleDecision', { where: {}, first: atOnce, after: null, newestFirst: false });
      const old = page.items.filter((decision) => decision.createdAt < before).map((decision) => decision.id);
      if (old.length > 0) forgotten += await house.database.transaction(tenantId, (tx) => tx.remove('ruleDecision', { id: old }));
      more = old.length === atOnce;
    }
  }
  return forgotten;
}
