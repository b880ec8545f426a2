/**
 * Enable Rules asks here: the policies of a tenant, each compiled once and kept, and their answer about one person at one target. It
 * reads what is in force and writes nothing; what an answer leads to is the plan's business. Start with createDecisionPoint.
 */
import type { RuleDetails } from '../domain/rule-details.ts';
import type { RuleVerdict } from '../domain/rules.ts';
import { zoneMinutes } from '../domain/time-zone.ts';
import type { PolicyCombining, TenantId } from '../domain/vocabulary.ts';
import { createPdp, requestOf, type Pdp, type PolicyProblem, type PolicySource, type Prepared, type Result } from '../xacml/pdp.ts';
import type { DecisionPoint, PoliciesInForce, PolicyInForce, PolicyJudge, ProvisioningView, RuleQuestion } from './ports.ts';
import { detailsOf, nameBook, type NameBook } from './rule-details.ts';
import { ruleAttributes } from './rule-request.ts';

/** Tenants whose policies are kept: those that were asked last. */
const mostKept = 100;
/** Some hundredths of a second: a login waits for it. */
const mostSteps = 300_000;

/** Of one tenant: whatever is kept of policies is kept with their tenant, and nobody else's question finds it. */
interface Kept {
  /** Of the policies that `judge` asks. null: none has been asked yet. */
  readonly current: { readonly revision: number; readonly judge: PolicyJudge } | null;
  /** Of the policies that were compiled last, and of no others: as many as a tenant may have. */
  readonly prepared: Prepared;
}

export function createDecisionPoint(): DecisionPoint {
  const kept = new Map<TenantId, Kept>();
  const keep = (tenantId: TenantId, what: Kept): void => {
    kept.delete(tenantId);
    kept.set(tenantId, what);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest) kept.delete(oldest);
  };
  return {
    async inForce(reads, state) {
      const { tenantId } = reads;
      const known = kept.get(tenantId);
      if (known?.current?.revision === state.revision) {
        keep(tenantId, known);
        return known.current.judge;
      }
      const inForce = await reads.policiesInForce();
      const { judge, prepared } = judgeOf(inForce, kept.get(tenantId)?.prepared);
      keep(tenantId, { current: { revision: inForce.revision, judge }, prepared });
      return judge;
    },
    prepare(tenantId, policies) {
      const known = kept.get(tenantId);
      const compiled = compile(policies, known?.prepared);
      // The transaction may be undone: what was compiled of these texts is kept, and not that they are those of a revision.
      if (compiled.kind === 'compiled') keep(tenantId, { current: known?.current ?? null, prepared: compiled.prepared });
      return compiled;
    },
    tryOut: (tenantId, policies) => compile(policies, kept.get(tenantId)?.prepared),
  };
}

/** Of policies in force: they compiled when they were published, but a newer release may be stricter. */
export function judgeOf(policies: ToCompile, before?: Prepared): Judging {
  const compiled = compile(policies, before);
  if (compiled.kind === 'compiled') return compiled;
  const problem = `The policies in force cannot be read: ${compiled.problems[0]?.message ?? ''}`;
  return { judge: () => ({ answer: 'indeterminate', details: () => ({ ...noDetails, problem }) }), prepared: new Map() };
}

type ToCompile = Omit<PoliciesInForce, 'revision'>;
interface Judging {
  readonly judge: PolicyJudge;
  readonly prepared: Prepared;
}
type Compiled = ({ readonly kind: 'compiled' } & Judging) | { readonly kind: 'problems'; readonly problems: readonly PolicyProblem[] };

function compile({ policies, combining, timeZone }: ToCompile, before: Prepared = new Map()): Compiled {
  if (!policies.some((policy) => !policy.referencedOnly))
    return { kind: 'compiled', judge: () => ({ answer: 'no-published-policy', details: () => noDetails }), prepared: before };
  const created = createPdp({ policies: policies.map(sourceOf), combining: combiningUrn(combining), prepared: before });
  if (created.kind === 'problems') return created;
  const { pdp, prepared } = created;
  const book = nameBook(policies, prepared);
  return { kind: 'compiled', judge: (view, question) => ask(pdp, book, timeZone, view, question), prepared };
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

function ask(pdp: Pdp, book: NameBook, timeZone: string, view: ProvisioningView, question: RuleQuestion): RuleVerdict {
  const { now } = question;
  const zone = zoneMinutes(timeZone, now);
  const request = requestOf(ruleAttributes(view, question, zone));
  const evaluate = (trace: boolean): Result => pdp.evaluate(request, { now, zoneMinutes: zone, steps: mostSteps, trace });
  return {
    answer: answers[evaluate(false).decision],
    // The same once more, this time with everything that was looked at: only for those who ask.
    details: () => detailsOf(evaluate(true), book),
  };
}
