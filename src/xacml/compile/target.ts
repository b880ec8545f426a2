/** Targets made into closures, and what an index may know of them. Start with compileTarget. */
import type { Evaluation } from '../evaluate/evaluation.ts';
import { bagKey } from '../evaluate/request.ts';
import type { Matched } from '../evaluate/recorder.ts';
import { Fault, processingError } from '../fault.ts';
import { weightOf, type Operand } from '../functions/definition.ts';
import { functionOf, unknownFunction } from '../functions/functions.ts';
import { mismatch } from '../functions/higher-order.ts';
import type { AnyOfNode, MatchNode, TargetNode } from '../policy/syntax.ts';
import { boolean } from '../values/plain.ts';
import { problemAt } from '../xml/element.ts';
import { compileDesignator, compileValue, nameOf, prepare, type Surroundings } from './expression.ts';
import type { Bag, Key } from '../values/value.ts';

export interface CompiledTarget {
  readonly matches: (evaluation: Evaluation) => Matched;
  /** For each AnyOf and each AllOf in it: the attributes that have to have a certain value. */
  readonly equalities: readonly (readonly (readonly Equality[])[])[];
}

/** The match is false for certain if the attribute has values, or need not have any, and none of them has this key. */
export interface Equality {
  /** As `bagKey` makes it. */
  readonly attribute: string;
  readonly key: Key;
  readonly mustBePresent: boolean;
}

export const everything: CompiledTarget = { matches: () => true, equalities: [] };

type Test = (evaluation: Evaluation) => Matched;

export function compileTarget(node: TargetNode, around: Surroundings): CompiledTarget {
  const equalities: (readonly (readonly Equality[])[])[] = [];
  const tests = node.anyOf.map((anyOf) => compileAnyOf(anyOf, equalities, around));
  const [only] = tests;
  if (!only) return everything;
  return { matches: tests.length === 1 ? only : all(tests), equalities };
}

function compileAnyOf(node: AnyOfNode, equalities: (readonly (readonly Equality[])[])[], around: Surroundings): Test {
  const compiled = node.allOf.map(({ matches }) => matches.map((match) => compileMatch(match, around)));
  equalities.push(compiled.map((matches) => matches.flatMap((match) => match.equality ?? [])));
  const alternatives = compiled.map((matches) => all(matches.map(({ test }) => test)));
  return (evaluation) => {
    let error: Fault | null = null;
    for (const alternative of alternatives) {
      const matched = alternative(evaluation);
      if (matched === true) return true;
      if (matched !== false) error ??= matched;
    }
    return error ?? false;
  };
}

/** One that does not match decides, whatever could not be evaluated before it. */
function all(tests: readonly Test[]): Test {
  return (evaluation) => {
    let error: Fault | null = null;
    for (const test of tests) {
      const matched = test(evaluation);
      if (matched === false) return false;
      if (matched !== true) error ??= matched;
    }
    return error ?? true;
  };
}

interface CompiledMatch {
  readonly test: Test;
  readonly equality: Equality | null;
}

function compileMatch(node: MatchNode, around: Surroundings): CompiledMatch {
  const value = compileValue(node.value, around);
  const designator = compileDesignator(node.designator, around);
  const never: CompiledMatch = { test: () => false, equality: null };
  const refuse = (message: string): CompiledMatch => {
    around.report(problemAt(node.at, message));
    return never;
  };
  const definition = functionOf(node.functionId);
  if (!definition) return refuse(unknownFunction(node.functionId));
  if (!value || !designator) return never;
  if (definition.kind !== 'first-order') return refuse(`${nameOf(node.functionId)} cannot be used in a Match.`);
  const { literal } = value;
  const element = { of: designator.type.of, bag: false };
  const why = mismatch(definition, [value.type, element]);
  if (why !== null) return refuse(`${nameOf(node.functionId)}: ${why}`);
  if (definition.returns.of !== boolean || definition.returns.bag) return refuse(`${nameOf(node.functionId)} does not return boolean.`);
  const call = prepare(definition, [literal, undefined], around);
  if (typeof call === 'string') return refuse(`${nameOf(node.functionId)}: ${call}`);
  if (literal === undefined) return never;
  const test: Test = (evaluation) => {
    const bag = designator.evaluate(evaluation);
    if (bag instanceof Fault) return bag;
    if (!isBag(bag)) return processingError('A Match looks at a bag.');
    evaluation.spend(1 + (bag.length >> 2) + weightOf(bag));
    let error: Fault | null = null;
    for (const each of bag) {
      const matched = call([literal, each], evaluation);
      if (matched === true) return true;
      if (matched instanceof Fault) error ??= matched;
    }
    return error ?? false;
  };
  return { test, equality: equalityOf(node, literal) };
}

function isBag(operand: Operand): operand is Bag {
  return Array.isArray(operand);
}

/** Equality of values that a key stands for, whatever the zone. */
function equalityOf(node: MatchNode, literal: unknown): Equality | null {
  if (!/:function:(string|anyURI|integer|boolean|hexBinary|base64Binary)-equal$/.test(node.functionId)) return null;
  if (typeof literal === 'object' || typeof literal === 'function' || literal === undefined) return null;
  const { category, id, issuer, mustBePresent } = node.designator;
  return { attribute: attributeKey(node, category, id, issuer), key: literal as Key, mustBePresent };
}

function attributeKey(node: MatchNode, category: string, id: string, issuer: string | null): string {
  const type = /:function:(.+)-equal$/.exec(node.functionId)?.[1] ?? '';
  return bagKey({ name: type }, category, id, issuer);
}
