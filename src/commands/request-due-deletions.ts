/**
 * Asks for the deletion of accounts whose grace period is over: an operation of its own, in the lane, once. Run it now and then; it may run
 * anywhere, and whoever dies in between has asked or has not. Who belongs at the target again keeps the account.
 */
import type { PlanReason } from '../domain/provisioning-plan.ts';
import type { Link, TenantId } from '../domain/vocabulary.ts';
import { forEachTenant } from './for-each-tenant.ts';
import type { House, Page, Transaction } from './ports.ts';
import { planView } from './provision-user.ts';

const atOnce = 200;

/** Returns how many were asked for. */
export async function requestDueDeletions(house: House): Promise<number> {
  let asked = 0;
  await forEachTenant(house, async (tenantId) => {
    asked += await requestInTenant(house, tenantId);
  });
  return asked;
}

async function requestInTenant(house: House, tenantId: TenantId): Promise<number> {
  let asked = 0;
  let after: string | null = null;
  do {
    const where = { deleteAt: { before: house.clock.now() }, deletionAskedAt: null };
    const due: Page<Link> = await house.database.reads(tenantId).page('link', { where, first: atOnce, after, newestFirst: false });
    for (const link of due.items) asked += await house.database.transaction(tenantId, (tx) => request(house, tx, link));
    after = due.hasNextPage ? (due.items.at(-1)?.id ?? null) : null;
  } while (after !== null);
  return asked;
}

async function request(house: House, tx: Transaction, { id, userId, targetId }: Link): Promise<0 | 1> {
  await tx.lockUser(userId);
  const link = await tx.byId('link', id);
  const target = await tx.byId('target', targetId);
  const now = house.clock.now();
  if (!link?.deleteAt || link.deleteAt > now || link.deletionAskedAt || target?.removal !== 'deactivate-then-delete') return 0;
  if (await belongs(house, tx, link)) {
    await tx.change('link', id, { deleteAt: null, deletionAskedAt: null });
    const payload = { accountId: link.accountId, by: 'assignment' };
    await tx.append([{ type: 'account.deletion-cancelled', userId, targetId, payload }]);
    return 0;
  }
  await tx.change('link', id, { deletionAskedAt: now });
  const [answer] = await tx.requestOperations([
    { userId, targetId, kind: 'deprovision', trigger: 'removal', serviceProviderId: null, priority: 'bulk', joinRunning: false },
  ]);
  if (answer?.outcome === 'made')
    await tx.append([
      {
        type: 'provisioning.requested',
        userId,
        targetId,
        operationId: answer.operationId,
        payload: { kind: 'deprovision', trigger: 'removal' },
      },
    ]);
  return 1;
}

/** Assigned again while the user is deactivated: nothing reactivates the account yet, and nothing may delete it either. */
async function belongs(house: House, tx: Transaction, { userId, targetId }: Link): Promise<boolean> {
  const view = await tx.provisioningView(userId, null);
  if (!view || view.user.removedAt) return false;
  const all = await planView(house, tx, view, { trigger: 'change' });
  const planned = all.find((each) => each.candidate.target.id === targetId);
  if (!planned || planned.candidate.assignments.length === 0) return false;
  return !awayReasons.has(planned.reason);
}

/** Assigned all the same, and kept away from the target for good: then the deletion goes on. */
const awayReasons: ReadonlySet<PlanReason> = new Set<PlanReason>([
  'left-outbound-role',
  'connector-being-removed',
  'rule-denied',
  'rule-not-applicable',
]);
