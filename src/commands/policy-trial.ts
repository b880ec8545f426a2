/** The policies that would be in force if a draft were: for those who try it before they publish it. Reads, and nothing else. */
import type { PolicyForm } from '../domain/policy-form.ts';
import type { PolicyId } from '../domain/vocabulary.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import { readContent, refusedFor, unsavedPolicyId } from './policy-content.ts';
import type { House, PolicyInForce, PolicyJudge, Reads } from './ports.ts';

export interface PolicyTrial {
  /** In place of what is published of it, if anything is. */
  readonly policyId?: PolicyId | null;
  /** What is tried. Neither: the draft of that policy. */
  readonly xml?: string | null;
  readonly form?: PolicyForm | null;
}

export async function judgeOfTrial(
  { decisionPoint }: Pick<House, 'decisionPoint'>,
  reads: Reads,
  trial: PolicyTrial,
): Promise<Outcome<PolicyJudge>> {
  const policy = trial.policyId == null ? null : await reads.byId('policy', trial.policyId);
  if (trial.policyId != null && !policy) return notFound('policy', 'policyId');
  const isWritten = trial.xml != null || trial.form != null;
  const id = policy?.id ?? unsavedPolicyId;
  const content = isWritten ? await readContent(reads, id, trial) : done({ draft: policy?.draft ?? null, draftForm: null });
  if (content.kind !== 'done') return content;
  const { draft } = content.value;
  if (draft === null)
    return invalid({ path: ['policyId'], message: 'There is nothing to try: give XML, a form, or a policy that has a draft.' });
  const tried: PolicyInForce = {
    id,
    name: policy?.name ?? 'tried',
    version: null,
    xml: draft,
    referencedOnly: policy?.referencedOnly ?? false,
    position: policy?.position ?? Infinity,
  };
  const inForce = await reads.policiesInForce();
  const others = inForce.policies.filter((other) => other.id !== id);
  const compiled = decisionPoint.tryOut(reads.tenantId, { ...inForce, policies: inOrder([...others, tried]) });
  if (compiled.kind === 'compiled') return done(compiled.judge);
  return refusedFor(compiled.problems, new Map(others.map((other) => [other.id, other])));
}

/** A new one has no place yet and comes last. */
const inOrder = (policies: readonly PolicyInForce[]): readonly PolicyInForce[] => policies.toSorted((a, b) => a.position - b.position);
