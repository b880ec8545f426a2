/**
 * The combining algorithms, each as appendix C of the core has it, with what an Indeterminate could have been. Ordered ones are the same: we
 * always go in order. Start with combiningAlgorithm.
 */
import { processingError, type Fault } from '../fault.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { decided, indeterminate, notApplicable, type Outcome } from '../evaluate/outcome.ts';
import type { Matched } from '../evaluate/recorder.ts';
import type { Effect } from '../policy/syntax.ts';
import { Tally } from './tally.ts';

/** A rule or a policy, to whoever combines them. */
export interface Combinable {
  readonly evaluate: (evaluation: Evaluation) => Outcome;
  /** Whether the target matches, without evaluating the rest. */
  readonly matches: (evaluation: Evaluation) => Matched;
}
export type Combine = (children: readonly Combinable[], evaluation: Evaluation) => Outcome;

export function combiningAlgorithm(id: string, of: 'rule' | 'policy'): Combine | null {
  return (of === 'rule' ? ofRules : ofPolicies).get(id) ?? null;
}

export function combiningIds(of: 'rule' | 'policy'): readonly string[] {
  return [...(of === 'rule' ? ofRules : ofPolicies).keys()];
}

/** The first outcome that wins, or what all of them come to. */
function winOrTally(winner: Effect, children: readonly Combinable[], evaluation: Evaluation): Outcome | Tally {
  const tally = new Tally();
  for (const child of children) {
    const outcome = child.evaluate(evaluation);
    if (outcome.decision === winner) return outcome;
    tally.add(outcome);
  }
  return tally;
}

/** 3.0, C.2 to C.5: one effect wins over the other, and over an error that could not have been it. */
function overrides(winner: Effect): Combine {
  const loser = other(winner);
  return (children, evaluation) => {
    const tally = winOrTally(winner, children, evaluation);
    if (!(tally instanceof Tally)) return tally;
    const { either } = tally.faults;
    const [mayWin, mayLose] = [tally.faults[winner], tally.faults[loser]];
    if (either) return indeterminate('DP', either);
    if (mayWin && (mayLose || tally.has(loser))) return indeterminate('DP', mayWin);
    if (mayWin) return indeterminate(letter(winner), mayWin);
    if (tally.has(loser)) return tally.decision(loser);
    return mayLose ? indeterminate(letter(loser), mayLose) : notApplicable;
  };
}

/** 3.0, C.6 and C.7: one effect if anybody has it, or else the other; never anything else. */
function unless(winner: Effect): Combine {
  return (children, evaluation) => {
    const tally = winOrTally(winner, children, evaluation);
    if (!(tally instanceof Tally)) return tally;
    return tally.decision(other(winner));
  };
}

const firstApplicable: Combine = (children, evaluation) => {
  for (const child of children) {
    const outcome = child.evaluate(evaluation);
    if (outcome.decision !== 'NotApplicable') return outcome;
  }
  return notApplicable;
};

const onlyOneApplicable: Combine = (children, evaluation) => {
  let only: Combinable | null = null;
  for (const child of children) {
    const matched = child.matches(evaluation);
    if (typeof matched !== 'boolean') return indeterminate('DP', matched);
    if (!matched) continue;
    if (only) return indeterminate('DP', processingError('More than one policy is applicable, where only one may be.'));
    only = child;
  }
  return only ? only.evaluate(evaluation) : notApplicable;
};

/** 1.0, C.10 and C.12, of rules: an error counts if the rule could have had the effect that wins. */
function legacyRules(winner: Effect): Combine {
  const loser = other(winner);
  return (children, evaluation) => {
    const tally = winOrTally(winner, children, evaluation);
    if (!(tally instanceof Tally)) return tally;
    const potential = tally.faults[winner] ?? tally.faults.either;
    if (potential)
      return indeterminate((tally.faults[loser] ?? tally.faults.either ?? tally.has(loser)) ? 'DP' : letter(winner), potential);
    if (tally.has(loser)) return tally.decision(loser);
    return tally.faults[loser] ? indeterminate(letter(loser), tally.faults[loser]) : notApplicable;
  };
}

/** 1.0, C.11: of policies, an error is a Deny. */
const legacyDenyOverrides: Combine = (children, evaluation) => {
  const tally = new Tally();
  for (const child of children) {
    const outcome = child.evaluate(evaluation);
    if (outcome.decision === 'Deny') return outcome;
    if (outcome.fault) return decided('Deny');
    tally.add(outcome);
  }
  return tally.has('Permit') ? tally.decision('Permit') : notApplicable;
};

/** 1.0, C.13: of policies, a Permit is before a Deny, which is before an error. */
const legacyPermitOverrides: Combine = (children, evaluation) => {
  const tally = new Tally();
  for (const child of children) {
    const outcome = child.evaluate(evaluation);
    if (outcome.decision === 'Permit') return outcome;
    tally.add(outcome);
  }
  if (tally.has('Deny')) return tally.decision('Deny');
  const { Permit: mayPermit, Deny: mayDeny, either } = tally.faults;
  const first: Fault | null = either ?? mayPermit ?? mayDeny;
  if (!first) return notApplicable;
  return indeterminate((either ?? (mayPermit && mayDeny)) ? 'DP' : mayPermit ? 'P' : 'D', first);
};

function other(effect: Effect): Effect {
  return effect === 'Permit' ? 'Deny' : 'Permit';
}

function letter(effect: Effect): 'P' | 'D' {
  return effect === 'Permit' ? 'P' : 'D';
}

const both = (of: 'rule' | 'policy'): readonly (readonly [string, Combine])[] => {
  const urn = (version: string, name: string): string => `urn:oasis:names:tc:xacml:${version}:${of}-combining-algorithm:${name}`;
  const legacyDeny = of === 'rule' ? legacyRules('Deny') : legacyDenyOverrides;
  const legacyPermit = of === 'rule' ? legacyRules('Permit') : legacyPermitOverrides;
  return [
    [urn('3.0', 'deny-overrides'), overrides('Deny')],
    [urn('3.0', 'permit-overrides'), overrides('Permit')],
    [urn('3.0', 'ordered-deny-overrides'), overrides('Deny')],
    [urn('3.0', 'ordered-permit-overrides'), overrides('Permit')],
    [urn('3.0', 'deny-unless-permit'), unless('Permit')],
    [urn('3.0', 'permit-unless-deny'), unless('Deny')],
    [urn('1.0', 'first-applicable'), firstApplicable],
    [urn('1.0', 'deny-overrides'), legacyDeny],
    [urn('1.0', 'permit-overrides'), legacyPermit],
    [urn('1.1', 'ordered-deny-overrides'), legacyDeny],
    [urn('1.1', 'ordered-permit-overrides'), legacyPermit],
  ];
};
const ofRules = new Map(both('rule'));
const ofPolicies = new Map([
  ...both('policy'),
  ['urn:oasis:names:tc:xacml:1.0:policy-combining-algorithm:only-one-applicable', onlyOneApplicable] as const,
]);
