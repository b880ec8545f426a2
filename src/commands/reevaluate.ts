/**
 * Looks again at everybody whom a changed setting concerns: written by the change in its own transaction (requestReevaluation), worked off
 * in the background a hundred assignments at a time (reevaluate), by any process, going on after a crash where the last commit was. It
 * decides nothing about a person: the plan does.
 */
import type { Assignment, IdentityProvider, Reevaluation, ReevaluationCause, TargetId } from '../domain/vocabulary.ts';
import { forEachTenant } from './for-each-tenant.ts';
import { lockUsers } from './lock-users.ts';
import type { House, Transaction } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

/** One transaction's worth: people are locked meanwhile, and a login of one of them waits. */
const batchSize = 50;

/** null: these targets have nobody, so there is nothing to look at. */
export async function requestReevaluation(
  tx: Transaction,
  cause: ReevaluationCause,
  targetIds: readonly TargetId[],
): Promise<Reevaluation | null> {
  const total = targetIds.length === 0 ? 0 : await tx.count('assignment', { targetId: targetIds });
  if (total === 0) return null;
  const reevaluation = await tx.insert('reevaluation', {
    ...{ cause, targetIds, total },
    state: 'waiting',
    done: 0,
    requested: 0,
    cursor: null,
    finishedAt: null,
  });
  await tx.append([{ type: 'reevaluation.started', payload: { reevaluationId: reevaluation.id, cause, assignments: total } }]);
  return reevaluation;
}

/** At all targets of these identity providers. */
export async function reevaluateTargetsOf(
  tx: Transaction,
  providers: readonly Pick<IdentityProvider, 'id'>[],
  cause: ReevaluationCause,
): Promise<void> {
  const targets = await tx.find('target', { identityProviderId: providers.map((provider) => provider.id) });
  await requestReevaluation(
    tx,
    cause,
    targets.map((target) => target.id),
  );
}

/** Works off what there is, in all tenants, until nothing is left or `isStopping` says so. What fails is tried again later and keeps no other waiting. */
export async function reevaluate(house: House, isStopping: () => boolean): Promise<void> {
  await forEachTenant(house, async (tenantId) => {
    const unfinished = await house.database.reads(tenantId).find('reevaluation', { state: ['waiting', 'running'] });
    for (const reevaluation of unfinished) {
      try {
        while (!isStopping() && (await oneStep(house, reevaluation)) === 'more');
      } catch (error) {
        house.log.error(
          { error: error instanceof Error ? error : null, tenantId, reevaluationId: reevaluation.id },
          'A re-evaluation failed and is tried again',
        );
      }
    }
  });
}

async function oneStep(house: House, { id, tenantId }: Reevaluation): Promise<'more' | 'done'> {
  return house.database.transaction(tenantId, async (tx) => {
    const current = await tx.byId('reevaluation', id);
    if (!current || current.state === 'done') return 'done';
    // Takes the row's lock: another process that is at the same step finds another version and leaves it alone.
    const mine = await tx.change('reevaluation', id, { state: 'running' }, current.version);
    if (typeof mine === 'string') return 'done';
    const page = await tx.page('assignment', {
      where: { targetId: mine.targetIds },
      first: batchSize,
      after: mine.cursor,
      newestFirst: false,
    });
    const requested = mine.requested + (await planAgain(house, tx, page.items));
    // People who came meanwhile were planned with the new setting, but are cheap to look at.
    const done = Math.min(mine.done + page.items.length, mine.total);
    const cursor = page.items.at(-1)?.id ?? mine.cursor;
    if (page.hasNextPage) {
      await tx.change('reevaluation', id, { done, requested, cursor });
      return 'more';
    }
    await tx.change('reevaluation', id, { done: mine.total, requested, cursor, state: 'done', finishedAt: house.clock.now() });
    const payload = { reevaluationId: id, cause: mine.cause, assignments: mine.total, operations: requested };
    await tx.append([{ type: 'reevaluation.finished', payload }]);
    return 'done';
  });
}

async function planAgain(house: House, tx: Transaction, assignments: readonly Assignment[]): Promise<number> {
  let requested = 0;
  const users = await lockUsers(
    tx,
    assignments.map((assignment) => assignment.userId),
  );
  for (const user of users) {
    const planned = await planAndRequest(house, tx, {
      userId: user.id,
      trigger: 'change',
      serviceProviderId: null,
      priority: 'bulk',
      changed: true,
    });
    requested += planned.filter((each) => each.operation !== null).length;
  }
  return requested;
}
