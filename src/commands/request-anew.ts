/** Asks for one user's account at one target again after somebody decided something about it: what the plan calls for now, or nothing. */
import type { TargetId, UserId } from '../domain/vocabulary.ts';
import type { House, Transaction } from './ports.ts';
import { planView, writePlan, type PlanRequest } from './provision-user.ts';

export async function requestAnew(house: House, tx: Transaction, userId: UserId, targetId: TargetId): Promise<void> {
  const last = await tx.page('operation', { where: { userId, targetId }, first: 1, after: null, newestFirst: true });
  // The rows of the service provider that caused the last one judge it again.
  const serviceProviderId = last.items[0]?.serviceProviderId ?? null;
  const view = await tx.provisioningView(userId, serviceProviderId);
  if (!view) return;
  const request: PlanRequest = { userId, trigger: 'operator', serviceProviderId, priority: 'change', changed: true };
  // Judged as a change: a decision assigns nobody to anything.
  const planned = await planView(house, tx, view, { ...request, trigger: 'change' });
  const there = planned.filter(({ candidate }) => candidate.target.id === targetId);
  await writePlan(house, tx, request, there, () => null);
}
