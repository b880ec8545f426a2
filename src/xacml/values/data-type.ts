/**
 * What a data type is. Which one a value has is known where a policy is loaded, because every expression is checked then, so that evaluating
 * one neither asks nor wraps. Start with DataType, then data-types.ts for the list.
 */
import type { Key, Value } from './value.ts';

export interface DataType<T extends Value = Value> {
  readonly id: string;
  /** As function identifiers begin with it: `string`, `dayTimeDuration`. */
  readonly name: string;
  /** null: the text stands for no value of this type. */
  parse(text: string): T | null;
  /** The value as text that `parse` reads as the same value. */
  write(value: T): string;
  /** What `string-from-…` gives: the canonical text; of names and addresses, which have none, the text as it was written (A.3.9). */
  canonical(value: T): string;
  /** Equal values have the same key by `===`, and unequal ones never. `zone`: what values without one are taken to be in, in minutes. */
  key(value: T, zone: () => number): Key;
}

/** What an expression is known to give. */
export interface ValueType {
  readonly of: DataType;
  readonly bag: boolean;
}

export function sameType(a: ValueType, b: ValueType): boolean {
  return a.of === b.of && a.bag === b.bag;
}

export function nameOfType({ of, bag }: ValueType): string {
  return bag ? `a bag of ${of.name}` : of.name;
}
