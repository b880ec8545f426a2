/** How a decision came about, as it is kept and shown: the trace of the decision point, flat, with our names for its policies. Pure. */
import type { Advised, PolicyTrace, RuleDetails, RuleTrace } from '../domain/rule-details.ts';
import type { ConditionTrace, Notice, Prepared, Result, PolicyTrace as TracedPolicy, RuleTrace as TracedRule } from '../xacml/pdp.ts';
import type { PolicyInForce } from './ports.ts';

/** Which of our policies something in a trace is, by the id and version that its text gives it. */
export type NameBook = (id: string, version: string) => RuleDetails['policy'];

export function nameBook(policies: readonly PolicyInForce[], prepared: Prepared): NameBook {
  const known = new Map<string, RuleDetails['policy']>();
  for (const { id, name, version, xml } of policies) {
    const head = prepared.get(xml)?.head;
    if (head) known.set(`${head.id} ${head.version}`, { id, name, version });
  }
  return (id, version) => known.get(`${id} ${version}`) ?? null;
}

/** Of what is kept: a request may name thousands of values, and a policy thousands of rules. */
const most = { policies: 50, rules: 50, parts: 50, attributes: 100, values: 50, text: 300 } as const;

export function detailsOf({ decision, status, trace, obligations, advice }: Result, book: NameBook): RuleDetails {
  const policies = trace ? flat(trace.root, 0, book) : [];
  const deciding = policies.find((each) => each.policy && (each.decision === decision || each.decision.startsWith(`${decision}{`)));
  const rule = decidingRule(deciding, policies, decision);
  const needed = policies.filter((each) => each === deciding || (rule && each.rules.includes(rule)));
  const missing = status.missing.map(({ id }) => id).join(', ');
  return {
    policy: deciding?.policy ?? null,
    ruleId: rule?.id ?? null,
    problem:
      decision === 'Indeterminate' ? [status.message ?? status.code, missing && `Missing: ${missing}.`].filter(Boolean).join(' ') : null,
    policies: cut(policies, most.policies, needed).map((each) => ({
      ...each,
      rules: cut(each.rules, most.rules, rule ? [rule] : []).map(ruleOf),
    })),
    attributes: (trace?.attributes ?? []).slice(0, most.attributes).map(({ category, id, dataType, values }) => ({
      ...{ category, attributeId: id, dataType },
      values: values.slice(0, most.values).map(short),
    })),
    obligations: obligations.map(advised),
    advice: advice.map(advised),
  };
}

/** Its rules are still as the decision point tells them: of thousands few are kept, and put in our words. */
type FlatPolicy = Omit<PolicyTrace, 'rules'> & Pick<TracedPolicy, 'rules'>;

function flat(trace: TracedPolicy, depth: number, book: NameBook): readonly FlatPolicy[] {
  const below = trace.policies.flatMap((each) => flat(each, trace.kind === 'root' ? depth : depth + 1, book));
  if (trace.kind === 'root') return below;
  const { id, version, target, decision, rules } = trace;
  return [{ policy: book(id, version), policyId: id, depth, target, decision, rules }, ...below];
}

/** The first ones, and whatever of these comes later. */
function cut<T>(all: readonly T[], atMost: number, needed: readonly T[]): readonly T[] {
  const later = needed.filter((each) => all.indexOf(each) >= atMost);
  return [...all.slice(0, atMost - later.length), ...later];
}

function ruleOf({ id, effect, target, condition, decision, fault }: TracedRule): RuleTrace {
  return {
    ...{ ruleId: id, effect, target, decision },
    condition: condition ? valueOf(condition) : (fault?.message ?? null),
    parts: condition ? partsOf(condition, 0).slice(0, most.parts) : [],
  };
}

function partsOf(condition: ConditionTrace, depth: number): RuleTrace['parts'] {
  return [{ expression: condition.text, value: valueOf(condition), depth }, ...condition.parts.flatMap((part) => partsOf(part, depth + 1))];
}

function valueOf({ value, fault }: ConditionTrace): string {
  return value === null ? (fault?.message ?? 'unknown') : String(value);
}

/** The rule may be in a policy within the one that decided. */
function decidingRule(deciding: FlatPolicy | undefined, policies: readonly FlatPolicy[], decision: string): TracedRule | null {
  if (!deciding) return null;
  const from = policies.indexOf(deciding);
  for (const policy of policies.slice(from)) {
    if (policy !== deciding && policy.depth <= deciding.depth) break;
    const rule = policy.rules.find((each) => each.decision === decision || each.decision.startsWith(`${decision}{`));
    if (rule) return rule;
  }
  return null;
}

function advised({ id, assignments }: Notice): Advised {
  return { id, assignments: assignments.map(({ attributeId, value }) => ({ attributeId, value: short(value) })) };
}

const short = (text: string): string => (text.length > most.text ? `${text.slice(0, most.text)}…` : text);
