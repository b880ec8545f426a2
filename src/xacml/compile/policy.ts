/**
 * Policies and policy sets as closures (7.12, 7.13, 7.14 of the core). A policy that another refers to is compiled once, whoever refers to it. Start with
 * compilePolicy.
 */
import { combiningAlgorithm, type Combinable, type Combine } from '../combining/algorithms.ts';
import type { Evaluation, PolicyIdentity } from '../evaluate/evaluation.ts';
import { indeterminate, notApplicable, type ExtendedDecision, type Outcome } from '../evaluate/outcome.ts';
import { Fault } from '../fault.ts';
import { limits } from '../limits.ts';
import type { Report } from '../policy/content.ts';
import type { Effect, PolicyNode, PolicySetNode, ReferenceNode, RootNode } from '../policy/syntax.ts';
import { problemAt } from '../xml/element.ts';
import { variableOf, type Surroundings } from './expression.ts';
import { accompany, compileNotices, type CompiledNotice } from './notices.ts';
import { compileRule } from './rule.ts';
import { compileTarget, type CompiledTarget } from './target.ts';
import { indexByTarget, type Candidates, type Targeted } from './target-index.ts';

export interface CompiledPolicy extends Combinable {
  readonly identity: PolicyIdentity;
  readonly target: CompiledTarget;
  /** Policies within it, itself included, references followed. */
  readonly depth: number;
}

/** What compiling a policy needs of those around it. */
export interface Library {
  readonly report: Report;
  readonly effort: Surroundings['effort'];
  /** null: there is none, or something is wrong with it; either way it was reported, or is to be overlooked. */
  readonly resolve: (reference: ReferenceNode, report: Report) => CompiledPolicy | null;
  readonly index: <T extends Targeted>(children: readonly T[]) => Candidates<T>;
}

/** No index: every child is evaluated. */
export function unindexed<T extends Targeted>(children: readonly T[]): Candidates<T> {
  return () => children;
}
export const indexed: Library['index'] = indexByTarget;

export function compilePolicy(node: RootNode, library: Library): CompiledPolicy {
  const policy = node.kind === 'policy' ? compileOnePolicy(node, library) : compilePolicySet(node, library);
  if (policy.depth > limits.policyDepth)
    library.report(problemAt(node.at, `Policies are nested more than ${limits.policyDepth} deep, references followed.`));
  return policy;
}

function compileOnePolicy(node: PolicyNode, library: Library): CompiledPolicy {
  const around: Surroundings = {
    variables: new Map(node.variables.map((variable) => [variable.id, { node: variable, state: 'untouched' }])),
    report: library.report,
    effort: library.effort,
  };
  const target = compileTarget(node.target, around);
  const rules = node.rules.map((rule) => compileRule(rule, around));
  // Those that no rule uses are checked as well.
  for (const variable of around.variables.values()) variableOf(variable, around);
  const notices = compileNotices(node.notices, around);
  return assemble(node, { target, notices, candidates: library.index(rules), combine: combiningOf(node, 'rule', library), depth: 1 });
}

function compilePolicySet(node: PolicySetNode, library: Library): CompiledPolicy {
  const around: Surroundings = { variables: new Map(), report: library.report, effort: library.effort };
  const target = compileTarget(node.target, around);
  const children = node.children
    .map((child) => (child.kind === 'reference' ? library.resolve(child, library.report) : compilePolicy(child, library)))
    .filter((child) => child !== null);
  const notices = compileNotices(node.notices, around);
  const depth = 1 + children.reduce((deepest, child) => Math.max(deepest, child.depth), 0);
  return assemble(node, { target, notices, candidates: library.index(children), combine: combiningOf(node, 'policy', library), depth });
}

function combiningOf(node: RootNode, of: 'rule' | 'policy', library: Library): Combine {
  const combine = combiningAlgorithm(node.combining, of);
  if (!combine)
    library.report(problemAt(node.at, `There is no combining algorithm of ${of === 'rule' ? 'rules' : 'policies'} "${node.combining}".`));
  return combine ?? (() => notApplicable);
}

interface Parts {
  readonly target: CompiledTarget;
  readonly notices: readonly CompiledNotice[];
  readonly candidates: Candidates<Combinable>;
  readonly combine: Combine;
  readonly depth: number;
}

function assemble(node: RootNode, { target, notices, candidates, combine, depth }: Parts): CompiledPolicy {
  const { kind, id, version } = node;
  const identity: PolicyIdentity = { kind, id, version };
  const head = { kind, id, version, combining: node.combining };
  const evaluate = (evaluation: Evaluation): Outcome => {
    evaluation.spend(1);
    evaluation.recorder?.begin(head);
    const matched = target.matches(evaluation);
    let outcome = notApplicable;
    if (matched !== false) {
      const combined = combine(candidates(evaluation), evaluation);
      outcome = matched instanceof Fault ? clouded(combined, matched) : withNotices(notices, combined, evaluation);
    }
    if (evaluation.request.returnPolicyIds && isEffect(outcome.decision)) evaluation.applied.push(identity);
    evaluation.recorder?.end(matched, outcome);
    return outcome;
  };
  return { identity, target, matches: target.matches, evaluate, depth };
}

/** Table 7 of the core: a target that cannot be evaluated leaves open whether the policy says what it would say. */
function clouded({ decision }: Outcome, fault: Fault): Outcome {
  switch (decision) {
    case 'NotApplicable':
      return notApplicable;
    case 'Permit':
    case 'Indeterminate{P}':
      return indeterminate('P', fault);
    case 'Deny':
    case 'Indeterminate{D}':
      return indeterminate('D', fault);
    case 'Indeterminate{DP}':
      return indeterminate('DP', fault);
  }
}

function withNotices(notices: readonly CompiledNotice[], outcome: Outcome, evaluation: Evaluation): Outcome {
  const { decision } = outcome;
  return isEffect(decision) ? accompany(notices, decision, outcome, evaluation) : outcome;
}

function isEffect(decision: ExtendedDecision): decision is Effect {
  return decision === 'Permit' || decision === 'Deny';
}
