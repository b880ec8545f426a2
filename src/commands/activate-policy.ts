/** Puts what is published of a policy into force, or takes it out of force. */
import type { Policy, PolicyId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { byWhom } from './create-policy.ts';
import { done, invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import { policiesChanged } from './policies-changed.ts';
import type { House } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';
import { unlessUndone } from './undo.ts';

export interface SeenPolicy {
  readonly id: PolicyId;
  readonly version: number;
}

export function activatePolicy(house: House, caller: Caller, input: SeenPolicy): Promise<Outcome<Policy>> {
  return setActive(house, caller, input, true);
}

/** Refused where a policy in force refers to it. */
export function deactivatePolicy(house: House, caller: Caller, input: SeenPolicy): Promise<Outcome<Policy>> {
  return setActive(house, caller, input, false);
}

async function setActive(house: House, caller: Caller, { id, version }: SeenPolicy, active: boolean): Promise<Outcome<Policy>> {
  return unlessUndone(() =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const current = await tx.byId('policy', id);
      if (!current) return notFound('policy', 'id');
      if (current.version !== version) return versionConflict(current.version);
      if (current.publishedVersionId === null)
        return invalid({ path: ['id'], message: 'Nothing of it is published yet: publish its draft first.' });
      if (current.active === active) return done(current);
      const changed = await changeAsSeen(tx, 'policy', { id, version }, { active }, 'id');
      if (changed.kind !== 'done') return changed;
      const payload = { policyId: id, name: current.name, by: byWhom(caller) };
      await tx.append([{ type: active ? 'policy.activated' : 'policy.deactivated', payload }]);
      await policiesChanged(house, tx);
      return changed;
    }),
  );
}
