/**
 * Enable Rules: what the rules say of a person at a target, on every ground that brings them there. Pure: the policies are asked by a
 * function that is passed in, and only where a ground has rules. It decides nothing about accounts: the plan does. Start with weighRules.
 */
import type { RuleAnswer, RuleDetails } from './rule-details.ts';
import type { OutboundRow, ServiceProvider } from './vocabulary.ts';

/** What it is that the rules are asked to permit. */
export type RuledOperation = 'create' | 'update' | 'end';

/** Because of this service provider (null: the tenant's defaults) somebody belongs at a target, and its row asks the rules. */
export interface Ground {
  readonly serviceProvider: Pick<ServiceProvider, 'id' | 'name'> | null;
  readonly row: OutboundRow;
}

export interface RuleVerdict {
  readonly answer: RuleAnswer;
  /** Worked out when somebody asks: most answers are never explained. */
  readonly details: () => RuleDetails;
}
export interface JudgedGround extends RuleVerdict {
  readonly ground: Ground;
  readonly permitted: boolean;
}

export interface Weighed {
  readonly permits: boolean;
  /** What decided: the first ground that permits, else the first that was asked. null: a ground without rules. */
  readonly decisive: JudgedGround | null;
  /** Every ground says clearly no, and none of them leaves accounts alone. */
  readonly ends: boolean;
}

/** One ground that permits is enough; null stands for a ground that asks no rules. */
export function weighRules(grounds: readonly (Ground | null)[], ask: (ground: Ground) => RuleVerdict): Weighed {
  const judged: JudgedGround[] = [];
  for (const ground of grounds) {
    if (ground === null) return { permits: true, decisive: null, ends: false };
    const each = judge(ground, ask(ground));
    if (each.permitted) return { permits: true, decisive: each, ends: false };
    judged.push(each);
  }
  const [first] = judged;
  if (!first) return { permits: true, decisive: null, ends: false };
  return {
    permits: false,
    decisive: first,
    ends: judged.every(saysNo) && judged.every(({ ground }) => ground.row.accountsOfDenied === 'end'),
  };
}

/**
 * The ground whose rules keep an account from ending; null: it ends. Only a clear deny keeps it, on every ground, and only where the row
 * lets rules do so: access must not outlive its reason because a policy has a fault or says nothing.
 */
export function weighRemoval(grounds: readonly (Ground | null)[], ask: (ground: Ground) => RuleVerdict): JudgedGround | null {
  let first: JudgedGround | null = null;
  for (const ground of grounds) {
    if (!ground?.row.rulesOnRemoval) return null;
    const verdict = ask(ground);
    if (verdict.answer !== 'deny') return null;
    first ??= { ...verdict, ground, permitted: false };
  }
  return first;
}

function judge(ground: Ground, verdict: RuleVerdict): JudgedGround {
  const { answer } = verdict;
  return {
    ...verdict,
    ground,
    permitted: answer === 'permit' || (answer === 'not-applicable' && ground.row.whenNotApplicable === 'permit'),
  };
}

/** A fault of a policy, or none in force, keeps people out and takes no account away. */
function saysNo({ answer }: JudgedGround): boolean {
  return answer === 'deny' || answer === 'not-applicable';
}
