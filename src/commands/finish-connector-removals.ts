/** Removes the targets that were to go together with their accounts, once the last account has ended. Run it now and then; it may run anywhere. */
import { unfinishedStates, type TenantId } from '../domain/vocabulary.ts';
import { eraseTarget } from './erase-target.ts';
import { forEachTenant } from './for-each-tenant.ts';
import type { House } from './ports.ts';

/** Returns how many went. A target with an account that could not be ended stays, for an operator to retry or to let go. */
export async function finishConnectorRemovals(house: Pick<House, 'database' | 'log'>): Promise<number> {
  let finished = 0;
  await forEachTenant(house, async (tenantId) => {
    finished += await finishInTenant(house, tenantId);
  });
  return finished;
}

async function finishInTenant(house: Pick<House, 'database'>, tenantId: TenantId): Promise<number> {
  const leaving = await house.database.reads(tenantId).find('target', { removalAskedAt: { since: new Date(0) } });
  let finished = 0;
  for (const { id } of leaving) {
    finished += await house.database.transaction(tenantId, async (tx) => {
      const target = await tx.byId('target', id);
      if (!target?.removalAskedAt) return 0;
      if ((await tx.count('operation', { targetId: id, state: unfinishedStates })) > 0) return 0;
      if ((await tx.count('link', { targetId: id, active: true })) > 0) return 0;
      // Those that are to be deleted after their grace period have not ended either.
      if ((await tx.count('link', { targetId: id, deleteAt: { since: new Date(0) } })) > 0) return 0;
      // An account may be there that no link tells of: its making got no answer, and neither did its end.
      if ((await tx.usersUnsettledAt(id, { first: 1, after: null })).length > 0) return 0;
      await eraseTarget(tx, target);
      return 1;
    });
  }
  return finished;
}
