/**
 * Expressions checked and made into closures: names looked up, types of operands compared with those of parameters, literals read, what only
 * depends on literals evaluated at once. What is wrong is reported with its place. Start with compileExpression.
 */
import { Evaluation, OutOfSteps } from '../evaluate/evaluation.ts';
import { bagKey } from '../evaluate/request.ts';
import { Fault } from '../fault.ts';
import {
  weightOf,
  type Call,
  type Evaluate,
  type FirstOrderFunction,
  type HigherOrderFunction,
  type Operand,
  type Scope,
} from '../functions/definition.ts';
import { functionOf, unknownFunction } from '../functions/functions.ts';
import { mismatch } from '../functions/higher-order.ts';
import { limits } from '../limits.ts';
import type { Report } from '../policy/content.ts';
import type { ApplyNode, DesignatorNode, ExpressionNode, ValueNode, VariableNode, VariableReferenceNode } from '../policy/syntax.ts';
import type { ValueType } from '../values/data-type.ts';
import { dataTypeOf, unknownDataType } from '../values/data-types.ts';
import { refusalCost } from '../regex/pattern.ts';
import { problemAt } from '../xml/element.ts';

export interface Compiled {
  readonly node: ExpressionNode;
  readonly type: ValueType;
  readonly evaluate: Evaluate<Evaluation>;
  /** What it always gives; undefined: that depends on the request. */
  readonly literal: Operand | undefined;
  /** Expressions within it, variables followed. */
  readonly depth: number;
  /** The operands of a logical function. */
  readonly parts: readonly Compiled[];
}

/** What expressions of one policy share. */
export interface Surroundings {
  readonly variables: Map<string, Variable>;
  readonly report: Report;
  /** What compiling the text has cost so far, in steps. */
  readonly effort: { spent: number };
}
export interface Variable {
  readonly node: VariableNode;
  /** `open` while it is compiled: whoever needs it then goes in a circle. */
  state: 'untouched' | 'open' | { readonly compiled: Compiled | null };
}

/** null: something is wrong with it, which was reported. */
export function compileExpression(node: ExpressionNode, around: Surroundings, level = 0): Compiled | null {
  if (level > limits.expressionDepth) return wrong(node, `Expressions are nested more than ${limits.expressionDepth} deep.`, around);
  const compiled = compileOne(node, around, level);
  if (compiled && compiled.depth > limits.expressionDepth)
    return wrong(node, `Expressions are nested more than ${limits.expressionDepth} deep, variables followed.`, around);
  return compiled;
}

function compileOne(node: ExpressionNode, around: Surroundings, level: number): Compiled | null {
  switch (node.kind) {
    case 'value':
      return compileValue(node, around);
    case 'designator':
      return compileDesignator(node, around);
    case 'variable':
      return compileVariable(node, around, level);
    case 'apply':
      return compileApply(node, around, level);
    case 'function':
      return wrong(node, 'A Function can only be the first argument of a higher-order function.', around);
  }
}

export function compileValue(node: ValueNode, around: Surroundings): Compiled | null {
  const type = dataTypeOf(node.dataType);
  if (!type) return wrong(node, unknownDataType(node.dataType), around);
  const value = type.parse(node.text);
  if (value === null) return wrong(node, `"${shortened(node.text)}" is no ${type.name}.`, around);
  return { node, type: { of: type, bag: false }, evaluate: () => value, literal: value, depth: 1, parts: [] };
}

export function compileDesignator(node: DesignatorNode, around: Surroundings): Compiled | null {
  const type = dataTypeOf(node.dataType);
  if (!type) return wrong(node, unknownDataType(node.dataType), around);
  const { category, id, issuer, mustBePresent } = node;
  const designated = { type, category, id, issuer, key: bagKey(type, category, id, issuer) };
  const missing = new Fault('missing-attribute', `The attribute "${id}" (${type.name}) of "${category}" is not in the request.`, [
    { category, id, dataType: type.id, issuer },
  ]);
  const evaluate = (evaluation: Evaluation): Operand | Fault => {
    evaluation.spend(1);
    const bag = evaluation.bagOf(designated);
    return mustBePresent && bag.length === 0 ? missing : bag;
  };
  return { node, type: { of: type, bag: true }, evaluate, literal: undefined, depth: 1, parts: [] };
}

function compileVariable(node: VariableReferenceNode, around: Surroundings, level: number): Compiled | null {
  const variable = around.variables.get(node.id);
  if (!variable) return wrong(node, `There is no variable "${node.id}" in this policy.`, around);
  const definition = variableOf(variable, around, level + 1);
  if (definition === 'circle') return wrong(node, `The variable "${node.id}" is defined by itself.`, around);
  if (!definition) return null;
  const evaluate = (evaluation: Evaluation): Operand | Fault => {
    const known = evaluation.variables.get(definition);
    if (known !== undefined) return known;
    const value = definition.evaluate(evaluation);
    evaluation.variables.set(definition, value);
    return value;
  };
  return { ...definition, node, evaluate, depth: definition.depth + 1 };
}

/** Compiled when it is first needed, or when the policy is through. null: something is wrong with it, which was reported. */
export function variableOf(variable: Variable, around: Surroundings, level = 0): Compiled | null | 'circle' {
  if (variable.state === 'open') return 'circle';
  if (variable.state !== 'untouched') return variable.state.compiled;
  variable.state = 'open';
  const compiled = compileExpression(variable.node.expression, around, level);
  variable.state = { compiled };
  return compiled;
}

function compileApply(node: ApplyNode, around: Surroundings, level: number): Compiled | null {
  const definition = functionOf(node.functionId);
  if (!definition) return wrong(node, unknownFunction(node.functionId), around);
  return definition.kind === 'first-order'
    ? compileCall(node, definition, around, level)
    : compileHigherOrder(node, definition, around, level);
}

function compileCall(node: ApplyNode, definition: FirstOrderFunction, around: Surroundings, level: number): Compiled | null {
  const operands = compileAll(node.operands, around, level);
  if (!operands) return null;
  const why = mismatch(
    definition,
    operands.map(({ type }) => type),
  );
  if (why !== null) return wrong(node, `${nameOf(node.functionId)}: ${why}`, around);
  const call = prepare(
    definition,
    operands.map(({ literal }) => literal),
    around,
  );
  if (typeof call === 'string') return wrong(node, `${nameOf(node.functionId)}: ${call}`, around);
  const evaluates = operands.map(({ evaluate }) => evaluate);
  const { lazily } = definition;
  const evaluate = lazily
    ? (evaluation: Evaluation): Operand | Fault => {
        evaluation.spend(stepsFor(evaluates));
        return lazily(evaluates, evaluation);
      }
    : eager(evaluates, call);
  const parts = /:(and|or|not|n-of)$/.test(definition.id) ? operands.filter(({ type }) => type.of.name === 'boolean') : [];
  return folded({ node, type: definition.returns, evaluate, literal: undefined, depth: depthOf(operands), parts }, operands, around);
}

function compileHigherOrder(node: ApplyNode, definition: HigherOrderFunction, around: Surroundings, level: number): Compiled | null {
  const [first, ...rest] = node.operands;
  if (first?.kind !== 'function') return wrong(node, `${nameOf(node.functionId)}: its first argument must be a Function.`, around);
  const inner = functionOf(first.id);
  if (!inner) return wrong(first, unknownFunction(first.id), around);
  if (inner.kind === 'higher-order') return wrong(first, `${nameOf(first.id)} is itself a higher-order function.`, around);
  const operands = compileAll(rest, around, level);
  if (!operands) return null;
  const types = operands.map(({ type }) => type);
  const returns = definition.check(inner, types);
  if (typeof returns === 'string') return wrong(node, `${nameOf(node.functionId)}: ${returns}`, around);
  // A literal operand is the same in every call; a bag is not, so what it holds is no literal.
  const call = prepare(
    inner,
    operands.map(({ type, literal }) => (type.bag ? undefined : literal)),
    around,
  );
  if (typeof call === 'string') return wrong(node, `${nameOf(first.id)}: ${call}`, around);
  const evaluate = eager(
    operands.map(({ evaluate: each }) => each),
    (values, scope) => definition.call(call, values, types, scope),
  );
  return folded({ node, type: returns, evaluate, literal: undefined, depth: depthOf(operands), parts: [] }, operands, around);
}

/** What calls it with these literals; a text says why no call with them can succeed. */
export function prepare(
  definition: FirstOrderFunction,
  literals: readonly (Operand | undefined)[],
  { effort }: Surroundings,
): Call | string {
  if (!definition.prepare) return definition.call;
  if (effort.spent > limits.loadEffort) return 'The policy holds too many, or too large, regular expressions.';
  const prepared = definition.prepare(literals);
  effort.spent += typeof prepared === 'string' ? refusalCost : prepared.cost;
  return typeof prepared === 'string' ? prepared : prepared.call;
}

function compileAll(nodes: readonly ExpressionNode[], around: Surroundings, level: number): readonly Compiled[] | null {
  const compiled = nodes.map((node) => compileExpression(node, around, level + 1));
  const good = compiled.filter((each) => each !== null);
  return good.length === compiled.length ? good : null;
}

/** Literals take no steps of their own, and a call may have very many. */
function stepsFor(operands: readonly unknown[]): number {
  return 1 + (operands.length >> 4);
}

/** One that cannot be evaluated is the answer of the call. */
function eager(
  operands: readonly Evaluate<Evaluation>[],
  call: (values: readonly Operand[], scope: Scope) => Operand | Fault,
): Evaluate<Evaluation> {
  return (evaluation) => {
    evaluation.spend(stepsFor(operands));
    const values: Operand[] = [];
    for (const operand of operands) {
      const value = operand(evaluation);
      if (value instanceof Fault) return value;
      values.push(value);
    }
    evaluation.spend(weightOf(values));
    return call(values, evaluation);
  };
}

/** A moment without a zone depends on the evaluation's. */
class NotConstant extends Error {}

/** What only literals go into is evaluated now: a call that fails then would always fail. */
function folded(compiled: Compiled, operands: readonly Compiled[], around: Surroundings): Compiled | null {
  if (operands.some(({ literal }) => literal === undefined)) return compiled;
  const nothing = { attributes: [], returnPolicyIds: false, bags: new Map() };
  const evaluation = new Evaluation(nothing, { now: new Date(0), zoneMinutes: 0 }, 10_000, null);
  const constant = Object.assign(evaluation, {
    zone: () => {
      throw new NotConstant();
    },
  });
  try {
    const value = compiled.evaluate(constant);
    if (value instanceof Fault) return wrong(compiled.node, `It can never be evaluated: ${value.message}`, around);
    return { ...compiled, evaluate: () => value, literal: value };
  } catch (error) {
    if (error instanceof NotConstant || error instanceof OutOfSteps) return compiled;
    throw error;
  }
}

function depthOf(operands: readonly Compiled[]): number {
  return operands.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1;
}

/** The last part of an identifier: what people call it. */
export function nameOf(id: string): string {
  return id.slice(Math.max(id.lastIndexOf(':'), id.lastIndexOf('/'), id.lastIndexOf('#')) + 1);
}

export function shortened(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function wrong(node: ExpressionNode, message: string, around: Surroundings): null {
  around.report(problemAt(node.at, message));
  return null;
}
