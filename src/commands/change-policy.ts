/** Changes a policy's name, description or draft. What is published stays in force until the draft is published in its place. */
import { problemWithName } from '../domain/text.ts';
import type { Policy, PolicyId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { byWhom, isTooLong, tooLongDescription } from './create-policy.ts';
import { invalid, type Outcome } from './outcome.ts';
import { policiesChanged } from './policies-changed.ts';
import { readDraft, type PolicyContent } from './policy-content.ts';
import type { House } from './ports.ts';
import { changeAsSeen, given, unlessNameTaken } from './settings-record.ts';
import { unlessUndone } from './undo.ts';

export interface ChangePolicyInput extends PolicyContent {
  readonly id: PolicyId;
  readonly version: number;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly referencedOnly?: boolean | null;
}

export async function changePolicy(house: House, caller: Caller, input: ChangePolicyInput): Promise<Outcome<Policy>> {
  const { id, version, name, description, referencedOnly } = input;
  const message = name == null ? null : problemWithName(name, 255);
  if (message) return invalid({ path: ['name'], message });
  if (isTooLong(description)) return tooLongDescription;
  const isDrafted = input.xml != null || input.form != null;
  const content = isDrafted ? await readDraft(house.database.reads(caller.tenantId), id, input) : null;
  if (content && content.kind !== 'done') return content;
  const drafted = content ? { ...content.value, draftedBy: byWhom(caller), draftedAt: house.clock.now() } : {};
  const patch = {
    ...given({ name: name ?? undefined, description: description ?? undefined, referencedOnly: referencedOnly ?? undefined }),
    ...drafted,
  };
  return unlessUndone(() =>
    unlessNameTaken('a policy', () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const before = await tx.byId('policy', id);
        const changed = await changeAsSeen(tx, 'policy', { id, version }, patch, 'id');
        if (changed.kind !== 'done') return changed;
        const by = byWhom(caller);
        await tx.append([
          { type: isDrafted ? 'policy.drafted' : 'policy.changed', payload: { policyId: id, name: changed.value.name, by } },
        ]);
        const isInForce = changed.value.active && changed.value.publishedVersionId !== null;
        if (isInForce && before?.referencedOnly !== changed.value.referencedOnly) await policiesChanged(house, tx);
        return changed;
      }),
    ),
  );
}
