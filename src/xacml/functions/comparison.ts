/** greater-than and less-than, of whatever has an order; and time-in-range. */
import type { DataType } from '../values/data-type.ts';
import { compareMoments, date, dateTime, day, modulo, time, utcSeconds } from '../values/moment.ts';
import { boolean, double, integer, string } from '../values/plain.ts';
import { define, functionUrn, one, type FirstOrderFunction, type Scope } from './definition.ts';
import type { Moment, Value } from '../values/value.ts';

export const comparisonFunctions: readonly FirstOrderFunction[] = [
  ...ordered(integer, (a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  // NaN is neither: no comparison with it is true.
  ...ordered(double, (a, b) => (a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN)),
  ...ordered(string, compareCodePoints),
  ...[time, date, dateTime].flatMap((type) => ordered(type, (a, b, { zone }) => compareMoments(a, b, zone))),
  define(functionUrn('2.0', 'time-in-range'), [one(time), one(time), one(time)], one(boolean), ([value, from, to], { zone }) =>
    isInRange(value, from, to, zone),
  ),
];

function ordered<T extends Value>(type: DataType<T>, compare: (a: T, b: T, scope: Scope) => number): readonly FirstOrderFunction[] {
  const comparison = (name: string, holds: (order: number) => boolean): FirstOrderFunction =>
    define(functionUrn('1.0', `${type.name}-${name}`), [one<Value>(type), one<Value>(type)], one(boolean), ([a, b], scope) =>
      // Both are of the type, as the parameters say; the generic tuple has lost it.
      holds(compare(a as T, b as T, scope)),
    );
  return [
    comparison('greater-than', (order) => order > 0),
    comparison('greater-than-or-equal', (order) => order >= 0),
    comparison('less-than', (order) => order < 0),
    comparison('less-than-or-equal', (order) => order <= 0),
  ];
}

/** By code point, where the language's own order is one of halves of surrogate pairs. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The range begins at `from` and lasts less than a day, past midnight if `to` is earlier on the clock. */
function isInRange(value: Moment, from: Moment, to: Moment, zone: () => number): boolean {
  const own = value.zone ?? zone();
  const since = (moment: Moment): number => {
    const seconds = utcSeconds(moment, () => own) - utcSeconds(from, () => own);
    return modulo(seconds * 1e9 + (moment.nanos - from.nanos), day * 1e9);
  };
  return since(value) <= since(to);
}
