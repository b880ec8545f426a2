/** Forgets records that explain nothing any more: the oldest first, and in small bites, so that no statement holds the database for long. */
import { forEachTenant } from './for-each-tenant.ts';
import type { House, Kind, RecordOf } from './ports.ts';

const atOnce = 1_000;

type Aged = { [K in Kind]: RecordOf<K> extends { readonly id: string; readonly createdAt: Date } ? K : never }[Kind];

/** Those of all tenants that are older than this and of which nothing is left to come. Returns how many. */
export async function forgetOld<K extends Aged>(
  house: Pick<House, 'database' | 'log'>,
  kind: K,
  before: Date,
  isOver: (record: RecordOf<K>) => boolean = () => true,
): Promise<number> {
  let forgotten = 0;
  await forEachTenant(house, async (tenantId) => {
    for (let more = true; more;) {
      // The oldest come first: nothing is read of those that stay but one page.
      const page = await house.database.reads(tenantId).page(kind, { where: {}, first: atOnce, after: null, newestFirst: false });
      const old = page.items.filter((record) => record.createdAt < before && isOver(record)).map((record) => record.id);
      if (old.length > 0) forgotten += await house.database.transaction(tenantId, (tx) => tx.remove(kind, { id: old } as never));
      more = old.length === atOnce;
    }
  });
  return forgotten;
}
