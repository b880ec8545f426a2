/** The policy that a form makes, for whoever looks at it before saving. */
import type { PolicyForm } from '../domain/policy-form.ts';
import { done, type Outcome } from './outcome.ts';
import { readContent, unsavedPolicyId } from './policy-content.ts';
import type { Reads } from './ports.ts';

/** Its PolicyId is nobody's: saved, it gets one of its own. */
export async function previewPolicy(reads: Reads, form: PolicyForm): Promise<Outcome<string>> {
  const content = await readContent(reads, unsavedPolicyId, { form });
  return content.kind === 'done' ? done(content.value.draft) : content;
}
