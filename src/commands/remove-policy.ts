/** Removes a policy with all its versions. What it decided stays in the record. Refused where a policy in force refers to it. */
import type { Policy } from '../domain/vocabulary.ts';
import type { SeenPolicy } from './activate-policy.ts';
import type { Caller } from './caller.ts';
import { byWhom } from './create-policy.ts';
import { done, notFound, versionConflict, type Outcome } from './outcome.ts';
import { policiesChanged } from './policies-changed.ts';
import type { House } from './ports.ts';
import { unlessUndone } from './undo.ts';

export async function removePolicy(house: House, caller: Caller, { id, version }: SeenPolicy): Promise<Outcome<Policy>> {
  return unlessUndone(() =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const current = await tx.byId('policy', id);
      if (!current) return notFound('policy', 'id');
      if (current.version !== version || (await tx.remove('policy', { id, version })) === 0) return versionConflict(current.version);
      await tx.append([{ type: 'policy.removed', payload: { policyId: id, name: current.name, by: byWhom(caller) } }]);
      if (current.active && current.publishedVersionId !== null) await policiesChanged(house, tx);
      return done(current);
    }),
  );
}
