/** The policy that a form makes, for whoever looks at it before saving. Pure. */
import type { PolicyForm } from '../domain/policy-form.ts';
import type { PolicyId } from '../domain/vocabulary.ts';
import { done, type Outcome } from './outcome.ts';
import { readContent } from './policy-content.ts';

/** Its PolicyId is nobody's: saved, it gets one of its own. */
export function previewPolicy(form: PolicyForm): Outcome<string> {
  const content = readContent(nobody, { form });
  return content.kind === 'done' ? done(content.value.draft ?? '') : content;
}

const nobody = '00000000-0000-7000-8000-000000000000' as PolicyId;
