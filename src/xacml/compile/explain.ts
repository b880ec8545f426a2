/** A condition in short, and what each of its parts came to: for people who ask which of them said no. */
import { OutOfSteps, type Evaluation } from '../evaluate/evaluation.ts';
import { faultTrace } from '../evaluate/recorder.ts';
import type { ConditionTrace } from '../evaluate/trace.ts';
import { Fault, processingError } from '../fault.ts';
import type { Operand } from '../functions/definition.ts';
import type { ExpressionNode } from '../policy/syntax.ts';
import { nameOf, shortened, type Compiled } from './expression.ts';

/** Parts that one explanation has at most: a variable may stand in many places, and have parts of its own. */
const mostParts = 200;

/**
 * `value`: what it came to when the rule was decided. `evaluation`: one of its own, for operands that did not matter any more are evaluated
 * here all the same.
 */
export function explainCondition(
  compiled: Compiled,
  value: Operand | Fault,
  evaluation: Evaluation,
  left = { parts: mostParts },
): ConditionTrace {
  return {
    text: shortened(describe(compiled.node), 300),
    functionId: compiled.node.kind === 'apply' ? compiled.node.functionId : null,
    value: typeof value === 'boolean' ? value : null,
    fault: value instanceof Fault ? faultTrace(value) : null,
    parts: compiled.parts.flatMap((part) => (--left.parts < 0 ? [] : [explainCondition(part, tried(part, evaluation), evaluation, left)])),
  };
}

function tried(compiled: Compiled, evaluation: Evaluation): Operand | Fault {
  try {
    return compiled.evaluate(evaluation);
  } catch (error) {
    if (error instanceof OutOfSteps) return processingError('Too many steps to explain it.');
    throw error;
  }
}

/** Bounded: a text of what is deep inside is not read by anybody. */
export function describe(node: ExpressionNode, level = 0): string {
  switch (node.kind) {
    case 'value':
      return `"${shortened(node.text.trim())}"`;
    case 'designator':
      return `${nameOf(node.category)}:${nameOf(node.id)}`;
    case 'variable':
      return `$${node.id}`;
    case 'function':
      return nameOf(node.id);
    case 'apply': {
      const shown = level > 3 ? ['…'] : node.operands.slice(0, 6).map((operand) => describe(operand, level + 1));
      return `${nameOf(node.functionId)}(${shown.join(', ')}${node.operands.length > 6 && level <= 3 ? ', …' : ''})`;
    }
  }
}
