/** Rules as closures (7.11 of the core). */
import type { Combinable } from '../combining/algorithms.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { decided, failed, notApplicable, type Outcome } from '../evaluate/outcome.ts';
import { faultTrace, matchTrace } from '../evaluate/recorder.ts';
import { Fault } from '../fault.ts';
import type { Operand } from '../functions/definition.ts';
import type { RuleNode } from '../policy/syntax.ts';
import { sameType } from '../values/data-type.ts';
import { boolean } from '../values/plain.ts';
import { problemAt } from '../xml/element.ts';
import { explainCondition } from './explain.ts';
import { compileExpression, type Compiled, type Surroundings } from './expression.ts';
import { accompany, compileNotices } from './notices.ts';
import { compileTarget, everything, type CompiledTarget } from './target.ts';

/** For the parts of one rule's condition: an explanation is no second evaluation. */
const explainingSteps = 10_000;

export interface CompiledRule extends Combinable {
  readonly target: CompiledTarget;
}

export function compileRule(node: RuleNode, around: Surroundings): CompiledRule {
  const target = node.target ? compileTarget(node.target, around) : everything;
  const condition = node.condition ? compileCondition(node.condition, around) : null;
  const notices = compileNotices(node.notices, around);
  const { effect } = node;

  const decide = (holds: Operand | Fault, evaluation: Evaluation): Outcome => {
    if (holds === false) return notApplicable;
    if (holds instanceof Fault) return failed(effect, holds);
    return accompany(notices, effect, decided(effect), evaluation);
  };
  const evaluate = (evaluation: Evaluation): Outcome => {
    evaluation.spend(1);
    const matched = target.matches(evaluation);
    const asked = matched === true ? condition : null;
    const holds = asked ? asked.evaluate(evaluation) : matched;
    const outcome = decide(holds, evaluation);
    evaluation.recorder?.rule({
      id: node.id,
      effect,
      target: matchTrace(matched),
      condition: asked && evaluation.explaining(explainingSteps, (aside) => explainCondition(asked, holds, aside)),
      decision: outcome.decision,
      fault: faultTrace(outcome.fault),
    });
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
