/** A policy in short: who it is, which literal values its targets ask for, and its rules. For people, forms and warnings; nothing is evaluated. */
import { describe } from './compile/explain.ts';
import { readPolicy } from './policy/read-policy.ts';
import type { Effect, ExpressionNode, PolicyNode, PolicySetNode, TargetNode } from './policy/syntax.ts';
import type { Problem } from './xml/element.ts';

export interface PolicySummary {
  readonly kind: 'policy' | 'policy-set';
  readonly id: string;
  readonly version: string;
  readonly description: string | null;
  readonly combining: string;
  readonly target: TargetSummary;
  /** Of a policy. */
  readonly rules: readonly RuleSummary[];
  /** Of a policy set. */
  readonly policies: readonly PolicySummary[];
  /** Of a policy set: what it refers to. */
  readonly references: readonly Pick<PolicySummary, 'kind' | 'id'>[];
}

export interface RuleSummary {
  readonly id: string;
  readonly effect: Effect;
  readonly description: string | null;
  readonly target: TargetSummary;
  /** The condition in short; null: there is none. */
  readonly condition: string | null;
  /** The condition as it was read, for whoever knows what they look for; null: there is none. */
  readonly expression: ExpressionNode | null;
}

/** All of the outer, any of the middle, all of the inner: as XACML's own. Empty: it matches everything. */
export type TargetSummary = readonly (readonly (readonly MatchSummary[])[])[];

export interface MatchSummary {
  readonly functionId: string;
  readonly value: string;
  readonly dataType: string;
  readonly category: string;
  readonly attributeId: string;
  readonly mustBePresent: boolean;
}

export type SummarizedPolicy =
  { readonly kind: 'summary'; readonly summary: PolicySummary } | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Of a text that reads as a policy; `validatePolicies` says whether it could be evaluated. */
export function summarizePolicy(text: string): SummarizedPolicy {
  const read = readPolicy(text);
  return read.kind === 'policy' ? { kind: 'summary', summary: summarize(read.policy) } : read;
}

function summarize(node: PolicyNode | PolicySetNode): PolicySummary {
  const { kind, id, version, description, combining, target } = node;
  const head = { kind, id, version, description, combining, target: summarizeTarget(target) };
  if (node.kind === 'policy') {
    const rules = node.rules.map((rule) => ({
      id: rule.id,
      effect: rule.effect,
      description: rule.description,
      target: rule.target ? summarizeTarget(rule.target) : [],
      condition: rule.condition ? describe(rule.condition) : null,
      expression: rule.condition,
    }));
    return { ...head, rules, policies: [], references: [] };
  }
  return {
    ...head,
    rules: [],
    policies: node.children.flatMap((child) => (child.kind === 'reference' ? [] : [summarize(child)])),
    references: node.children.flatMap((child) => (child.kind === 'reference' ? [{ kind: child.to, id: child.id }] : [])),
  };
}

function summarizeTarget({ anyOf }: TargetNode): TargetSummary {
  return anyOf.map(({ allOf }) =>
    allOf.map(({ matches }) =>
      matches.map(({ functionId, value, designator }) => ({
        functionId,
        value: value.text,
        dataType: value.dataType,
        category: designator.category,
        attributeId: designator.id,
        mustBePresent: designator.mustBePresent,
      })),
    ),
  );
}
