/** `…-equal` of every data type that can be compared. */
import { equatableTypes } from '../values/data-types.ts';
import type { DataType } from '../values/data-type.ts';
import { boolean, string } from '../values/plain.ts';
import { define, functionUrn, one, versionOf, type FirstOrderFunction } from './definition.ts';
import { lowerCase } from './text.ts';

export const equalityFunctions: readonly FirstOrderFunction[] = [
  ...equatableTypes.map(equal),
  define(
    functionUrn('3.0', 'string-equal-ignore-case'),
    [one(string), one(string)],
    one(boolean),
    ([a, b]) => lowerCase(a) === lowerCase(b),
  ),
];

function equal(type: DataType): FirstOrderFunction {
  return define(functionUrn(versionOf(type), `${type.name}-equal`), [one(type), one(type)], one(boolean), ([a, b], { zone }) =>
    // Short of the keys where values are their own.
    typeof a === 'string' ? a === b : type.key(a, zone) === type.key(b, zone),
  );
}
