/** Obligations and advice: their expressions compiled, and filled in when the decision is the one that they accompany. */
import type { Evaluation } from '../evaluate/evaluation.ts';
import { failed, type Assignment, type Notice, type Outcome } from '../evaluate/outcome.ts';
import { Fault } from '../fault.ts';
import { weightOf } from '../functions/definition.ts';
import type { AssignmentNode, Effect, NoticeNode } from '../policy/syntax.ts';
import { compileExpression, type Surroundings } from './expression.ts';
import type { Value } from '../values/value.ts';

type Fill = (evaluation: Evaluation) => readonly Assignment[] | Fault;

export interface CompiledNotice {
  readonly node: NoticeNode;
  readonly fill: (evaluation: Evaluation) => Notice | Fault;
}

export function compileNotices(nodes: readonly NoticeNode[], around: Surroundings): readonly CompiledNotice[] {
  return nodes.map((node) => {
    const assignments = node.assignments.map((assignment) => compileAssignment(assignment, around)).filter((fill) => fill !== null);
    const fill = (evaluation: Evaluation): Notice | Fault => {
      // One without assignments takes memory as well, and a policy that many refer to gives its own each time.
      evaluation.spend(1);
      const filled: Assignment[] = [];
      for (const each of assignments) {
        const values = each(evaluation);
        if (values instanceof Fault) return values;
        for (const value of values) filled.push(value);
      }
      return { kind: node.kind, id: node.id, assignments: filled };
    };
    return { node, fill };
  });
}

/** One that cannot be filled in makes the decision Indeterminate (7.18 of the core): it must not be given without what it asks for. */
export function accompany(notices: readonly CompiledNotice[], effect: Effect, outcome: Outcome, evaluation: Evaluation): Outcome {
  if (notices.length === 0) return outcome;
  const filled = [...outcome.notices];
  for (const { node, fill } of notices) {
    if (node.on !== effect) continue;
    const notice = fill(evaluation);
    if (notice instanceof Fault) return failed(effect, notice);
    filled.push(notice);
  }
  return filled.length === outcome.notices.length ? outcome : { ...outcome, notices: filled };
}

/** A bag is one assignment for each of its values. */
function compileAssignment(node: AssignmentNode, around: Surroundings): Fill | null {
  const compiled = compileExpression(node.expression, around);
  if (!compiled) return null;
  const { of, bag } = compiled.type;
  const { attributeId, category, issuer } = node;
  return (evaluation) => {
    const found = compiled.evaluate(evaluation);
    if (found instanceof Fault) return found;
    const values = bag ? (found as readonly Value[]) : [found as Value];
    evaluation.spend(values.length + weightOf(values));
    return values.map((value) => ({ attributeId, category, issuer, dataType: of.id, value: of.write(value) }));
  };
}
