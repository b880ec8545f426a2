/** Bags as sets: equal values count once. */
import type { DataType } from '../values/data-type.ts';
import { equatableTypes } from '../values/data-types.ts';
import { boolean } from '../values/plain.ts';
import { boundedBag, keysOf } from './bags.ts';
import { define, defineVariadic, functionUrn, many, one, versionOf, type FirstOrderFunction, type Scope } from './definition.ts';
import type { Bag, Key } from '../values/value.ts';

export const setFunctions: readonly FirstOrderFunction[] = equatableTypes.flatMap(ofType);

function ofType(type: DataType): readonly FirstOrderFunction[] {
  const urn = (name: string): string => functionUrn(versionOf(type), `${type.name}-${name}`);
  const pair = [many(type), many(type)] as const;
  const set = (bag: Bag, scope: Scope): ReadonlySet<Key> => new Set(keysOf(type, bag, scope));
  return [
    define(urn('intersection'), pair, many(type), ([a, b], scope) => {
      const inB = set(b, scope);
      return distinct(type, a, scope, (key) => inB.has(key));
    }),
    defineVariadic(urn('union'), 2, many(type), many(type), (bags, scope) => {
      // Before there is one list of them all: many names may stand for one large bag.
      scope.spend(bags.reduce((sum, bag) => sum + bag.length, 0) >> 3);
      return boundedBag(distinct(type, bags.flat(), scope, () => true));
    }),
    define(urn('at-least-one-member-of'), pair, one(boolean), ([a, b], scope) => isSome(set(a, scope), set(b, scope))),
    define(urn('subset'), pair, one(boolean), ([a, b], scope) => isWithin(set(a, scope), set(b, scope))),
    define(urn('set-equals'), pair, one(boolean), ([a, b], scope) => {
      const [inA, inB] = [set(a, scope), set(b, scope)];
      return inA.size === inB.size && isWithin(inA, inB);
    }),
  ];
}

function isSome(a: ReadonlySet<Key>, b: ReadonlySet<Key>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}

function isWithin(a: ReadonlySet<Key>, b: ReadonlySet<Key>): boolean {
  for (const key of a) if (!b.has(key)) return false;
  return true;
}

function distinct(type: DataType, bag: Bag, scope: Scope, wanted: (key: Key) => boolean): Bag {
  const seen = new Set<Key>();
  const keys = keysOf(type, bag, scope);
  return bag.filter((_, i) => {
    const key = keys[i];
    if (key === undefined || seen.has(key) || !wanted(key)) return false;
    seen.add(key);
    return true;
  });
}
