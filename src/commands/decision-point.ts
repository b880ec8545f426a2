/**
 * Enable Rules asks here: the policies of a tenant, compiled once a revision and kept, and their answer about one person at one target. It
 * reads what is in force and writes nothing; what an answer leads to is the plan's business. Start with createDecisionPoint.
 */
import type { RuleDetails } from '../domain/rule-details.ts';
import type { RuleVerdict } from '../domain/rules.ts';
import { zoneMinutes } from '../domain/time-zone.ts';
import type { PolicyCombining, TenantId } from '../domain/vocabulary.ts';
import { createPdp, requestOf, type Pdp, type PolicyProblem, type PolicySource, type Result } from '../xacml/pdp.ts';
import type { DecisionPoint, PoliciesInForce, PolicyInForce, PolicyJudge, ProvisioningView, RuleQuestion } from './ports.ts';
import { detailsOf, nameBook, type NameBook } from './rule-details.ts';
import { ruleAttributes } from './rule-request.ts';

/** Tenants whose policies are kept: those that were asked last. */
const mostKept = 100;
/** Some hundredths of a second: a login waits for it. */
const mostSteps = 300_000;

export function createDecisionPoint(): DecisionPoint {
  const kept = new Map<TenantId, { readonly revision: number; readonly judge: PolicyJudge }>();
  return {
    async inForce(reads, state) {
      const { tenantId } = reads;
      const known = kept.get(tenantId);
      kept.delete(tenantId);
      if (known?.revision === state.revision) {
        kept.set(tenantId, known);
        return known.judge;
      }
      const inForce = await reads.policiesInForce();
      const judge = judgeOf(inForce);
      kept.set(tenantId, { revision: inForce.revision, judge });
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest) kept.delete(oldest);
      return judge;
    },
  };
}

/** Of policies in force: they compiled when they were published, but a newer release may be stricter. */
export function judgeOf(policies: Omit<PoliciesInForce, 'revision'>): PolicyJudge {
  const compiled = compile(policies);
  if (compiled.kind === 'compiled') return compiled.judge;
  const problem = `The policies in force cannot be read: ${compiled.problems[0]?.message ?? ''}`;
  return () => ({ answer: 'indeterminate', details: () => ({ ...noDetails, problem }) });
}

export type Compiled =
  { readonly kind: 'compiled'; readonly judge: PolicyJudge } | { readonly kind: 'problems'; readonly problems: readonly PolicyProblem[] };

/** Problems are of the policies whose id is their source. */
export function compile({ policies, combining, timeZone }: Omit<PoliciesInForce, 'revision'>): Compiled {
  if (!policies.some((policy) => !policy.referencedOnly))
    return { kind: 'compiled', judge: () => ({ answer: 'no-published-policy', details: () => noDetails }) };
  const created = createPdp({ policies: policies.map(sourceOf), combining: combiningUrn(combining) });
  if (created.kind === 'problems') return created;
  // Reads every policy once more: not before somebody asks how an answer came about.
  let book: NameBook | null = null;
  const bookOf = (): NameBook => (book ??= nameBook(policies));
  return { kind: 'compiled', judge: (view, question) => ask(created.pdp, bookOf, timeZone, view, question) };
}

function sourceOf({ id, xml, referencedOnly }: PolicyInForce): PolicySource {
  return { name: id, text: xml, use: referencedOnly ? 'referenced' : 'root' };
}

function combiningUrn(combining: PolicyCombining): string {
  const version = combining === 'first-applicable' || combining === 'only-one-applicable' ? '1.0' : '3.0';
  return `urn:oasis:names:tc:xacml:${version}:policy-combining-algorithm:${combining}`;
}

const noDetails: RuleDetails = { policy: null, ruleId: null, problem: null, policies: [], attributes: [], obligations: [], advice: [] };

const answers = {
  Permit: 'permit',
  Deny: 'deny',
  NotApplicable: 'not-applicable',
  Indeterminate: 'indeterminate',
} as const satisfies Record<Result['decision'], RuleVerdict['answer']>;

function ask(pdp: Pdp, bookOf: () => NameBook, timeZone: string, view: ProvisioningView, question: RuleQuestion): RuleVerdict {
  const { now } = question;
  const zone = zoneMinutes(timeZone, now);
  const request = requestOf(ruleAttributes(view, question, zone));
  const evaluate = (trace: boolean): Result => pdp.evaluate(request, { now, zoneMinutes: zone, steps: mostSteps, trace });
  return {
    answer: answers[evaluate(false).decision],
    // The same once more, this time with everything that was looked at: only for those who ask.
    details: () => detailsOf(evaluate(true), bookOf()),
  };
}
