/** Functions that take a function: any-of, all-of and their kin, and map. */
import { Fault, processingError } from '../fault.ts';
import { limits } from '../limits.ts';
import { nameOfType, sameType, type ValueType } from '../values/data-type.ts';
import { boolean } from '../values/plain.ts';
import {
  functionUrn,
  many,
  one,
  type Call,
  type FirstOrderFunction,
  type HigherOrderFunction,
  type Operand,
  type Scope,
  weightOf,
} from './definition.ts';
import type { Value } from '../values/value.ts';

/** How many operands have to be bags. */
type Bags = 'one' | 'any' | 'two';

export const higherOrderFunctions: readonly HigherOrderFunction[] = [
  quantifier('3.0', 'any-of', 'one', (inner, operands, types, scope) => some(combinations(operands, types), inner, scope)),
  quantifier('3.0', 'all-of', 'one', (inner, operands, types, scope) => every(combinations(operands, types), inner, scope)),
  quantifier('3.0', 'any-of-any', 'any', (inner, operands, types, scope) => some(combinations(operands, types), inner, scope)),
  quantifier('1.0', 'all-of-any', 'two', (inner, [a, b], _types, scope) =>
    quantify(true, list(a), (x) => some(pairs(x, list(b)), inner, scope)),
  ),
  // The second bag is the one of which all have to hold, for one of the first.
  quantifier('1.0', 'any-of-all', 'two', (inner, [a, b], _types, scope) =>
    quantify(false, list(a), (x) => every(pairs(x, list(b)), inner, scope)),
  ),
  quantifier('1.0', 'all-of-all', 'two', (inner, operands, types, scope) => every(combinations(operands, types), inner, scope)),
  {
    kind: 'higher-order',
    id: functionUrn('3.0', 'map'),
    check: (inner, operands) =>
      refusal(inner, operands, 'one') ?? (inner.returns.bag ? 'The function of map returns a bag.' : many(inner.returns.of)),
    call: mapped,
  },
];

/** Whether a function takes operands of these types; a text says why not. */
export function mismatch(definition: FirstOrderFunction, operands: readonly ValueType[]): string | null {
  const { parameters, rest } = definition;
  const least = parameters.length;
  if (operands.length < least || (rest === null && operands.length > least))
    return `It takes ${rest ? `at least ${least}` : least} argument${least === 1 && !rest ? '' : 's'}, not ${operands.length}.`;
  for (const [i, operand] of operands.entries()) {
    const parameter = parameters[i] ?? rest;
    if (parameter && !sameType(parameter, operand))
      return `Argument ${i + 1} must be ${nameOfType(parameter)}, not ${nameOfType(operand)}.`;
  }
  return null;
}

function quantifier(version: '1.0' | '3.0', name: string, bags: Bags, call: HigherOrderFunction['call']): HigherOrderFunction {
  return {
    kind: 'higher-order',
    id: functionUrn(version, name),
    check: (inner, operands) =>
      refusal(inner, operands, bags) ?? (sameType(inner.returns, one(boolean)) ? one(boolean) : 'Its function must return boolean.'),
    call,
  };
}

function refusal(inner: FirstOrderFunction, operands: readonly ValueType[], bags: Bags): string | null {
  const found = operands.filter((operand) => operand.bag).length;
  if (operands.length === 0) return 'It takes a function and at least one more argument.';
  if (bags === 'one' && found !== 1) return `Exactly one of its arguments must be a bag, not ${found}.`;
  if (bags === 'two' && (found !== 2 || operands.length !== 2)) return 'It takes a function and two bags.';
  const why = mismatch(
    inner,
    operands.map(({ of }) => one(of)),
  );
  return why === null ? null : `Its function does not take these arguments. ${why}`;
}

/** Every choice of one value from each bag, the last bag turning fastest; made one at a time, for there may be many. */
function* combinations(operands: readonly Operand[], types: readonly ValueType[]): Generator<readonly Value[]> {
  const choices = operands.map((operand, i) => (types[i]?.bag === true ? list(operand) : [operand as Value]));
  if (choices.some((values) => values.length === 0)) return;
  const at = choices.map(() => 0);
  for (;;) {
    yield choices.map((values, i) => values[at[i] ?? 0] as Value);
    let turning = choices.length - 1;
    while (turning >= 0 && (at[turning] ?? 0) + 1 === choices[turning]?.length) at[turning--] = 0;
    if (turning < 0) return;
    at[turning] = (at[turning] ?? 0) + 1;
  }
}

function* pairs(first: Value, bag: readonly Value[]): Generator<readonly Value[]> {
  for (const second of bag) yield [first, second];
}

function list(operand: Operand | undefined): readonly Value[] {
  return Array.isArray(operand) ? (operand as readonly Value[]) : [];
}

function some(choices: Iterable<readonly Value[]>, inner: Call, scope: Scope): boolean | Fault {
  return quantify(false, choices, (values) => applied(inner, values, scope));
}

function every(choices: Iterable<readonly Value[]>, inner: Call, scope: Scope): boolean | Fault {
  return quantify(true, choices, (values) => applied(inner, values, scope));
}

/** Goes on as long as the answer is `unless`. */
function quantify<T>(unless: boolean, items: Iterable<T>, holds: (item: T) => Operand | Fault): boolean | Fault {
  for (const item of items) {
    const value = holds(item);
    if (value instanceof Fault) return value;
    if (value !== unless) return !unless;
  }
  return unless;
}

function applied(inner: Call, values: readonly Value[], scope: Scope): Operand | Fault {
  scope.spend(1 + (values.length >> 3) + weightOf(values));
  return inner(values, scope);
}

function mapped(inner: Call, operands: readonly Operand[], types: readonly ValueType[], scope: Scope): Operand | Fault {
  const results: Value[] = [];
  for (const values of combinations(operands, types)) {
    const value = applied(inner, values, scope);
    if (value instanceof Fault) return value;
    results.push(value as Value);
    if (results.length > limits.bag) return processingError(`A bag has more than ${limits.bag} values.`);
  }
  return results;
}
