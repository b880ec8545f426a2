/** Makes the draft of a policy its next version, and that version the published one. In force at once where the policy is active. */
import type { Policy, PolicyId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { byWhom } from './create-policy.ts';
import { invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import { policiesChanged } from './policies-changed.ts';
import { digestAsKept } from './policy-digest.ts';
import type { House } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';
import { Undo, unlessUndone } from './undo.ts';

export interface PublishPolicyInput {
  readonly id: PolicyId;
  readonly version: number;
  /** Into force with it. Absent or null: as it is. */
  readonly activate?: boolean | null;
}

export async function publishPolicy(house: House, caller: Caller, input: PublishPolicyInput): Promise<Outcome<Policy>> {
  const { id, version } = input;
  return unlessUndone(() =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const current = await tx.byId('policy', id);
      if (!current) return notFound('policy', 'id');
      // First: who read it before somebody else published it is told of that, and not that there is no draft.
      if (current.version !== version) return versionConflict(current.version);
      if (current.draft === null) return invalid({ path: ['id'], message: 'There is no draft to publish: change the policy first.' });
      const [last] = (await tx.page('policyVersion', { where: { policyId: id }, first: 1, after: null, newestFirst: true })).items;
      const by = byWhom(caller);
      const made = await tx.insert('policyVersion', {
        policyId: id,
        number: (last?.number ?? 0) + 1,
        xml: current.draft,
        form: current.draftForm,
        digest: digestAsKept(current.draft, current.draftDigest),
        publishedBy: by,
      });
      const active = input.activate ?? current.active;
      const noDraft = { draft: null, draftForm: null, draftDigest: null, draftedBy: null, draftedAt: null };
      const changed = await changeAsSeen(tx, 'policy', { id, version }, { ...noDraft, active, publishedVersionId: made.id }, 'id');
      if (changed.kind !== 'done') throw new Undo(changed);
      await tx.append([{ type: 'policy.published', payload: { policyId: id, name: current.name, number: made.number, active, by } }]);
      if (active) await policiesChanged(house, tx);
      return changed;
    }),
  );
}
