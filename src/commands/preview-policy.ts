/** The policy that a form makes, for whoever looks at it before saving. Pure. */
import type { PolicyForm } from '../domain/policy-form.ts';
import { done, type Outcome } from './outcome.ts';
import { readContent, unsavedPolicyId } from './policy-content.ts';

/** Its PolicyId is nobody's: saved, it gets one of its own. */
export function previewPolicy(form: PolicyForm): Outcome<string> {
  const content = readContent(unsavedPolicyId, { form });
  return content.kind === 'done' ? done(content.value.draft ?? '') : content;
}
