/** Rules as closures (7.11 of the core). */
import type { Combinable } from '../combining/algorithms.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { decided, failed, notApplicable, type Outcome } from '../evaluate/outcome.ts';
import { faultTrace, matchTrace, type Matched } from '../evaluate/recorder.ts';
import { Fault } from '../fault.ts';
import type { RuleNode } from '../policy/syntax.ts';
import { sameType } from '../values/data-type.ts';
import { boolean } from '../values/plain.ts';
import { problemAt } from '../xml/element.ts';
import { explainCondition } from './explain.ts';
import { compileExpression, type Compiled, type Surroundings } from './expression.ts';
import { accompany, compileNotices } from './notices.ts';
import { compileTarget, everything, type CompiledTarget } from './target.ts';

/** Of the conditions of one rule: an explanation is no second evaluation. */
const explainingSteps = 10_000;

export interface CompiledRule extends Combinable {
  readonly target: CompiledTarget;
}

export function compileRule(node: RuleNode, around: Surroundings): CompiledRule {
  const target = node.target ? compileTarget(node.target, around) : everything;
  const condition = node.condition ? compileCondition(node.condition, around) : null;
  const notices = compileNotices(node.notices, around);
  const { effect } = node;

  const decide = (matched: Matched, evaluation: Evaluation): Outcome => {
    if (matched === false) return notApplicable;
    if (matched instanceof Fault) return failed(effect, matched);
    const holds = condition === null || condition.evaluate(evaluation);
    if (holds === false) return notApplicable;
    if (holds instanceof Fault) return failed(effect, holds);
    return accompany(notices, effect, decided(effect), evaluation);
  };
  const evaluate = (evaluation: Evaluation): Outcome => {
    evaluation.spend(1);
    const matched = target.matches(evaluation);
    const outcome = decide(matched, evaluation);
    if (evaluation.recorder) record(node, condition, matched, outcome, evaluation);
    return outcome;
  };
  return { target, matches: target.matches, evaluate };
}

function compileCondition(node: NonNullable<RuleNode['condition']>, around: Surroundings): Compiled | null {
  const compiled = compileExpression(node, around);
  if (!compiled || sameType(compiled.type, { of: boolean, bag: false })) return compiled;
  around.report(problemAt(node.at, 'A condition must be boolean.'));
  return null;
}

function record(node: RuleNode, condition: Compiled | null, matched: Matched, outcome: Outcome, evaluation: Evaluation): void {
  evaluation.recorder?.rule({
    id: node.id,
    effect: node.effect,
    target: matchTrace(matched),
    condition: condition && matched === true ? evaluation.explaining(explainingSteps, (aside) => explainCondition(condition, aside)) : null,
    decision: outcome.decision,
    fault: faultTrace(outcome.fault),
  });
}
