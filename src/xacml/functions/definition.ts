/**
 * What a function is. Which operands it takes is checked where a policy is loaded, so a call trusts them; `define` is the one place where that
 * trust becomes a type. Start with FunctionDefinition, then functions.ts for the list.
 */
import type { Fault } from '../fault.ts';
import type { DataType, ValueType } from '../values/data-type.ts';
import type { Bag, Value } from '../values/value.ts';

export type Operand = Value | Bag;

/** What a function may know of the evaluation it is part of. */
export interface Scope {
  /** Throws when the evaluation has used its steps. */
  readonly spend: (steps: number) => void;
  /** The zone, in minutes, of moments without one. */
  readonly zone: () => number;
}

export type Call = (operands: readonly Operand[], scope: Scope) => Operand | Fault;
export type Evaluate<S extends Scope> = (scope: S) => Operand | Fault;

export interface FirstOrderFunction {
  readonly kind: 'first-order';
  readonly id: string;
  readonly parameters: readonly ValueType[];
  /** What any number of further operands are; null: there are none. */
  readonly rest: ValueType | null;
  readonly returns: ValueType;
  readonly call: Call;
  /** Evaluates its operands itself, and perhaps not all of them. */
  readonly lazily?: <S extends Scope>(operands: readonly Evaluate<S>[], scope: S) => Operand | Fault;
  /** Does once what only depends on operands that are literals; a text says why no call with them can succeed. */
  readonly prepare?: (literals: readonly (Operand | undefined)[]) => Prepared | string;
}
export interface Prepared {
  readonly call: Call;
  /** Steps that preparing it was worth. */
  readonly cost: number;
}

export interface HigherOrderFunction {
  readonly kind: 'higher-order';
  readonly id: string;
  /** What it returns for a function and operands of these types; a text says why it does not take them. */
  readonly check: (inner: FirstOrderFunction, operands: readonly ValueType[]) => ValueType | string;
  readonly call: (inner: Call, operands: readonly Operand[], types: readonly ValueType[], scope: Scope) => Operand | Fault;
}

export type FunctionDefinition = FirstOrderFunction | HigherOrderFunction;

export interface One<T extends Value> {
  readonly of: DataType<T>;
  readonly bag: false;
}
export interface Many<T extends Value> {
  readonly of: DataType<T>;
  readonly bag: true;
}
export const one = <T extends Value>(of: DataType<T>): One<T> => ({ of, bag: false });
export const many = <T extends Value>(of: DataType<T>): Many<T> => ({ of, bag: true });

type OperandOf<P> = P extends One<infer T> ? T : P extends Many<infer T> ? Bag<T> : never;
type OperandsOf<P extends readonly ValueType[]> = { readonly [K in keyof P]: OperandOf<P[K]> };

/** Steps for the texts among operands: looking at a long one is more work than at a number. */
export function weightOf(operands: readonly Operand[]): number {
  let weight = 0;
  for (const operand of operands) if (typeof operand === 'string') weight += operand.length >> 6;
  return weight;
}

/** A function with a fixed number of operands. */
export function define<const P extends readonly ValueType[], R extends ValueType>(
  id: string,
  parameters: P,
  returns: R,
  call: (operands: OperandsOf<P>, scope: Scope) => OperandOf<R> | Fault,
): FirstOrderFunction {
  return { kind: 'first-order', id, parameters, rest: null, returns, call: call as unknown as Call };
}

/** A function of at least `least` operands of one type. */
export function defineVariadic<P extends ValueType, R extends ValueType>(
  id: string,
  least: number,
  rest: P,
  returns: R,
  call: (operands: readonly OperandOf<P>[], scope: Scope) => OperandOf<R> | Fault,
): FirstOrderFunction {
  const parameters = Array.from({ length: least }, () => rest);
  return { kind: 'first-order', id, parameters, rest, returns, call: call as unknown as Call };
}

/** The prefix of a function's identifier, by the version of XACML that named it. */
export function functionUrn(version: '1.0' | '2.0' | '3.0', name: string): string {
  return `urn:oasis:names:tc:xacml:${version}:function:${name}`;
}

/** The version that named the functions of a data type. */
export function versionOf(type: DataType): '1.0' | '2.0' | '3.0' {
  if (type.name === 'dayTimeDuration' || type.name === 'yearMonthDuration') return '3.0';
  return type.name === 'ipAddress' || type.name === 'dnsName' ? '2.0' : '1.0';
}
