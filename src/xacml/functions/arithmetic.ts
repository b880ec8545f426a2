/** Numbers: integers of any size up to a bound, doubles of IEEE 754 with the trap for division by zero set (7.5 of the core). */
import { processingError, type Fault } from '../fault.ts';
import { limits } from '../limits.ts';
import { double, integer, isWithinBound } from '../values/plain.ts';
import { define, defineVariadic, functionUrn, one, type FirstOrderFunction } from './definition.ts';

const urn = (name: string): string => functionUrn('1.0', name);
const pairOfIntegers = [one(integer), one(integer)] as const;
const pairOfDoubles = [one(double), one(double)] as const;

export const arithmeticFunctions: readonly FirstOrderFunction[] = [
  defineVariadic(urn('integer-add'), 2, one(integer), one(integer), (numbers) => bounded(numbers.reduce((a, b) => a + b))),
  defineVariadic(urn('integer-multiply'), 2, one(integer), one(integer), multiply),
  define(urn('integer-subtract'), pairOfIntegers, one(integer), ([a, b]) => bounded(a - b)),
  define(urn('integer-divide'), pairOfIntegers, one(integer), ([a, b]) => (b === 0n ? byZero() : a / b)),
  define(urn('integer-mod'), pairOfIntegers, one(integer), ([a, b]) => (b === 0n ? byZero() : a % b)),
  define(urn('integer-abs'), [one(integer)], one(integer), ([a]) => (a < 0n ? -a : a)),
  defineVariadic(urn('double-add'), 2, one(double), one(double), (numbers) => numbers.reduce((a, b) => a + b)),
  defineVariadic(urn('double-multiply'), 2, one(double), one(double), (numbers) => numbers.reduce((a, b) => a * b)),
  define(urn('double-subtract'), pairOfDoubles, one(double), ([a, b]) => a - b),
  define(urn('double-divide'), pairOfDoubles, one(double), ([a, b]) => (b === 0 ? byZero() : a / b)),
  define(urn('double-abs'), [one(double)], one(double), ([a]) => Math.abs(a)),
  define(urn('round'), [one(double)], one(double), ([a]) => roundHalfEven(a)),
  define(urn('floor'), [one(double)], one(double), ([a]) => Math.floor(a)),
  define(urn('double-to-integer'), [one(double)], one(integer), ([a]) =>
    Number.isFinite(a) ? bounded(BigInt(Math.trunc(a))) : processingError('Neither NaN nor an infinite number is an integer.'),
  ),
  define(urn('integer-to-double'), [one(integer)], one(double), ([a]) => Number(a)),
];

function multiply(numbers: readonly bigint[]): bigint | Fault {
  let product = 1n;
  for (const number of numbers) {
    product *= number;
    // Each time: the product of many in-bound numbers is no number to wait for.
    if (!isWithinBound(product)) return bounded(product);
  }
  return product;
}

function bounded(value: bigint): bigint | Fault {
  return isWithinBound(value) ? value : processingError(`An integer has more than ${limits.digits} digits.`);
}

function byZero(): Fault {
  return processingError('Division by zero.');
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
