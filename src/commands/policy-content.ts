/** What becomes a draft: XACML as somebody wrote it, or a form. Judged by itself; whether it fits the other policies is judged when it is published. */
import { formProblems, policyOf, type PolicyForm } from '../domain/policy-form.ts';
import type { Policy, PolicyId } from '../domain/vocabulary.ts';
import { validatePolicies, type PolicyProblem } from '../xacml/pdp.ts';
import { unknownIds } from './form-references.ts';
import { done, invalid, type Outcome, type Problem } from './outcome.ts';
import { digestAsKept } from './policy-digest.ts';
import { faultIn } from './policy-fault.ts';
import { formOfPolicy } from './policy-form.ts';
import type { Reads } from './ports.ts';

/** Exactly one of them. */
export interface PolicyContent {
  readonly xml?: string | null;
  readonly form?: PolicyForm | null;
}

/** Characters: a policy is read, compiled and kept in memory by every process. */
export const longestPolicy = 1_000_000;
const mostProblems = 20;
/** Of a policy that is looked at and not saved: nobody's. */
export const unsavedPolicyId = '00000000-0000-7000-8000-000000000000' as PolicyId;

export async function readContent(
  reads: Reads,
  policyId: PolicyId,
  { xml, form }: PolicyContent,
): Promise<Outcome<{ readonly draft: string; readonly draftForm: PolicyForm | null }>> {
  if ((xml == null) === (form == null)) return invalid({ path: ['xml'], message: 'Give the policy as XML or as a form: one of them.' });
  if (form) {
    const wrong = formProblems(form);
    const problems = wrong.length > 0 ? wrong : await unknownIds(reads, form);
    if (problems.length > 0) return invalid(...problems.map(({ path, message }) => ({ path: ['form', ...path], message })));
    return done({ draft: policyOf(`urn:usher:policy:${policyId}`, form), draftForm: form });
  }
  const problems = problemsOfXml(xml ?? '');
  if (problems.length > 0) return refusedFor(problems);
  return done({ draft: xml ?? '', draftForm: formOfPolicy(xml ?? '') });
}

/** What is saved, with what is in it: read once, however often it is listed. */
export async function readDraft(
  reads: Reads,
  policyId: PolicyId,
  content: PolicyContent,
): Promise<Outcome<Pick<Policy, 'draft' | 'draftForm' | 'draftDigest'>>> {
  const read = await readContent(reads, policyId, content);
  return read.kind === 'done' ? done({ ...read.value, draftDigest: digestAsKept(read.value.draft, null) }) : read;
}

/** With their positions; empty: it is a policy. References to other policies are not followed. */
export function problemsOfXml(xml: string): readonly PolicyProblem[] {
  if (xml.length > longestPolicy)
    return [{ source: '', element: 'document', line: 1, column: 1, message: `At most ${longestPolicy} characters.` }];
  return validatePolicies([{ name: '', text: xml }]).slice(0, mostProblems);
}

/** `saved`: the policies that may be at fault beside the text that was sent, by their ids, which are the sources of their problems. */
export function refusedFor(
  problems: readonly PolicyProblem[],
  saved: ReadonlyMap<string, Pick<Policy, 'id' | 'name'>> = new Map(),
): Problem {
  return invalid(
    ...problems.slice(0, mostProblems).map((problem) => {
      const { source, line, column, element, message } = problem;
      const policy = saved.get(source);
      const about = policy ? `Policy "${policy.name}": ` : '';
      const words = `${about}Line ${line}, column ${column}: ${element}: ${message}`;
      return { path: ['xml'], message: words, fault: faultIn(policy?.id ?? null, problem) };
    }),
  );
}
