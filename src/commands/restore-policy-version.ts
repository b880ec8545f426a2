/** Makes an earlier version of a policy its draft again, to be looked at, changed and published. */
import type { Policy, PolicyId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { byWhom } from './create-policy.ts';
import { notFound, type Outcome } from './outcome.ts';
import { digestAsKept } from './policy-digest.ts';
import type { House } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';

export interface RestorePolicyVersionInput {
  readonly id: PolicyId;
  readonly version: number;
  /** Which of its published versions. */
  readonly number: number;
}

export async function restorePolicyVersion(house: House, caller: Caller, input: RestorePolicyVersionInput): Promise<Outcome<Policy>> {
  const { id, version, number } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const [found] = await tx.find('policyVersion', { policyId: id, number });
    if (!found) return notFound('version of this policy', 'number');
    const drafted = {
      draft: found.xml,
      draftForm: found.form,
      draftDigest: digestAsKept(found.xml, found.digest),
      draftedBy: byWhom(caller),
      draftedAt: house.clock.now(),
    };
    const changed = await changeAsSeen(tx, 'policy', { id, version }, drafted, 'id');
    if (changed.kind !== 'done') return changed;
    await tx.append([{ type: 'policy.drafted', payload: { policyId: id, name: changed.value.name, by: byWhom(caller) } }]);
    return changed;
  });
}
