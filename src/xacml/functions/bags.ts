/** Bags: their size, their one value, whether a value is in them, and bags made of values. */
import { processingError, type Fault } from '../fault.ts';
import { limits } from '../limits.ts';
import type { DataType } from '../values/data-type.ts';
import { dataTypes, equatableTypes } from '../values/data-types.ts';
import { boolean, integer } from '../values/plain.ts';
import { define, defineVariadic, functionUrn, many, one, versionOf, type FirstOrderFunction, type Scope } from './definition.ts';
import type { Bag, Key, Value } from '../values/value.ts';

export const bagFunctions: readonly FirstOrderFunction[] = [...dataTypes.flatMap(ofAny), ...equatableTypes.flatMap(ofEquatable)];

function ofAny(type: DataType): readonly FirstOrderFunction[] {
  const urn = (name: string): string => functionUrn(versionOf(type), `${type.name}-${name}`);
  return [
    define(urn('one-and-only'), [many(type)], one(type), ([bag]) => {
      const [only] = bag;
      return only === undefined || bag.length > 1 ? notOne(type, bag.length) : only;
    }),
    define(urn('bag-size'), [many(type)], one(integer), ([bag]) => BigInt(bag.length)),
    defineVariadic(urn('bag'), 0, one(type), many(type), (values) => boundedBag(values)),
  ];
}

/** The keys of a bag, and the steps that making them costs. */
export function keysOf(type: DataType, bag: Bag, scope: Scope): Key[] {
  scope.spend(bag.length);
  return bag.map((value) => type.key(value, scope.zone));
}

export function boundedBag<T extends Value>(values: Bag<T>): Bag<T> | Fault {
  return values.length > limits.bag ? processingError(`A bag has more than ${limits.bag} values.`) : values;
}

function ofEquatable(type: DataType): readonly FirstOrderFunction[] {
  return [
    define(functionUrn(versionOf(type), `${type.name}-is-in`), [one(type), many(type)], one(boolean), ([value, bag], scope) => {
      scope.spend(bag.length >> 3);
      const key = type.key(value, scope.zone);
      return bag.some((each) => type.key(each, scope.zone) === key);
    }),
  ];
}

function notOne(type: DataType, size: number): Fault {
  return processingError(`${type.name}-one-and-only: there are ${size} values.`);
}
