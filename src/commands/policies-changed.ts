/**
 * What every change of the policies in force has in common: they have to fit each other, the decision points of all processes have to notice,
 * and everybody whom rules concern is looked at again in the background. Start with policiesChanged.
 */
import type { TargetId, Tenant } from '../domain/vocabulary.ts';
import { refusedFor } from './policy-content.ts';
import type { House, Reads, Transaction } from './ports.ts';
import { requestReevaluation } from './reevaluate.ts';
import { Undo } from './undo.ts';

/** Call it last: it judges what the transaction has written, and undoes it where it does not fit (see undo.ts). */
export async function policiesChanged(
  { decisionPoint }: Pick<House, 'decisionPoint'>,
  tx: Transaction,
  change?: Partial<Pick<Tenant, 'timeZone' | 'policyCombining'>>,
): Promise<Tenant> {
  const tenant = await tx.raisePolicyRevision(change);
  const inForce = await tx.policiesInForce();
  const compiled = decisionPoint.prepare(tx.tenantId, inForce);
  if (compiled.kind === 'problems') {
    throw new Undo(refusedFor(compiled.problems, new Map(inForce.policies.map((policy) => [policy.id, policy]))));
  }
  await requestReevaluation(tx, 'rules', await ruledTargets(tx));
  return tenant;
}

/** Targets where some row asks the rules. */
export async function ruledTargets(reads: Reads): Promise<readonly TargetId[]> {
  const rows = await reads.find('outboundRow', { enableRules: true });
  return [...new Set(rows.map((row) => row.targetId))];
}
