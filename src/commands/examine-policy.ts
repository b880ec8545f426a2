/** A text that somebody is about to save as a policy: what is wrong with it, or what is in it. Nothing is saved. Pure. */
import type { PolicyDigest } from '../domain/policy-digest.ts';
import type { PolicyForm } from '../domain/policy-form.ts';
import { problemsOfXml } from './policy-content.ts';
import { digestOf } from './policy-digest.ts';
import { faultIn, type PolicyFault } from './policy-fault.ts';
import { formOfPolicy } from './policy-form.ts';

export interface ExaminedPolicy extends PolicyDigest {
  readonly faults: readonly PolicyFault[];
  readonly form: PolicyForm | null;
}

/** Of any text: where it is no policy there are faults, and nothing else. */
export function examinePolicy(xml: string): ExaminedPolicy {
  const faults = problemsOfXml(xml).map((problem) => faultIn(null, problem));
  if (faults.length > 0) return { faults, warnings: [], summary: null, form: null };
  return { faults, ...digestOf(xml), form: formOfPolicy(xml) };
}
