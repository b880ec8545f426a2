/** What is in a policy, in words for whoever reads it before it is used. Nothing is saved, nothing evaluated but for the warnings. Pure. */
import type { PolicyForm } from '../domain/policy-form.ts';
import { summarizePolicy, type MatchSummary, type PolicyProblem, type PolicySummary, type TargetSummary } from '../xacml/pdp.ts';
import { problemsOfXml } from './policy-content.ts';
import { formOfPolicy } from './policy-form.ts';
import { policyWarnings } from './policy-warnings.ts';

export interface PolicyInWords {
  /** As its text calls it; its version has nothing to do with ours. */
  readonly policyId: string;
  readonly policyVersion: string;
  readonly description: string | null;
  /** XACML's identifier. */
  readonly combining: string;
  /** All of these have to hold; empty: it is about everything. */
  readonly target: readonly string[];
  readonly rules: readonly RuleInWords[];
  /** Within it. */
  readonly policies: readonly PolicyInWords[];
  /** Identifiers of those it refers to. */
  readonly references: readonly string[];
}
export interface RuleInWords {
  readonly id: string;
  readonly effect: 'Permit' | 'Deny';
  readonly description: string | null;
  readonly target: readonly string[];
  readonly condition: string | null;
}

export interface ExaminedPolicy {
  readonly faults: readonly PolicyProblem[];
  readonly warnings: readonly string[];
  readonly summary: PolicyInWords | null;
  readonly form: PolicyForm | null;
}

/** Of any text: where it is no policy there are faults, and nothing else. */
export function examinePolicy(xml: string): ExaminedPolicy {
  const faults = problemsOfXml(xml);
  if (faults.length > 0) return { faults, warnings: [], summary: null, form: null };
  return { faults, warnings: policyWarnings(xml), summary: policyInWords(xml), form: formOfPolicy(xml) };
}

/** null: it cannot be read. */
export function policyInWords(xml: string): PolicyInWords | null {
  const read = summarizePolicy(xml);
  return read.kind === 'summary' ? inWords(read.summary) : null;
}

function inWords({ id, version, description, combining, target, rules, policies, references }: PolicySummary): PolicyInWords {
  return {
    ...{ policyId: id, policyVersion: version, description, combining, references },
    target: targetInWords(target),
    rules: rules.map((rule) => ({
      ...{ id: rule.id, effect: rule.effect, description: rule.description, condition: rule.condition },
      target: targetInWords(rule.target),
    })),
    policies: policies.map(inWords),
  };
}

function targetInWords(target: TargetSummary): readonly string[] {
  return target.map((anyOf) => anyOf.map((allOf) => allOf.map(matchInWords).join(' and ')).join(', or '));
}

function matchInWords({ functionId, value, category, attributeId }: MatchSummary): string {
  return `${lastOf(category)}:${lastOf(attributeId)} ${lastOf(functionId)} "${value.trim()}"`;
}

/** Identifiers are URNs and URLs: what comes last tells them apart. */
const lastOf = (identifier: string): string => identifier.slice(Math.max(identifier.lastIndexOf(':'), identifier.lastIndexOf('/')) + 1);
