/** A decision request: attributes by category, every value read as its type. Made of plain values here; read-request.ts makes it of XML. */
import type { StatusCode } from '../identifiers.ts';
import { limits } from '../limits.ts';
import type { DataType } from '../values/data-type.ts';
import { dataTypeOf, unknownDataType } from '../values/data-types.ts';
import { boolean, double, integer, string } from '../values/plain.ts';
import type { Problem } from '../xml/element.ts';
import type { Bag, Value } from '../values/value.ts';

export interface Request {
  readonly attributes: readonly RequestAttribute[];
  /** Whether the result lists the policies that applied. */
  readonly returnPolicyIds: boolean;
  /** By `bagKey`. */
  readonly bags: ReadonlyMap<string, Bag>;
}

export interface RequestAttribute {
  readonly category: string;
  readonly id: string;
  readonly issuer: string | null;
  readonly includeInResult: boolean;
  readonly values: readonly RequestValue[];
}
export interface RequestValue {
  readonly type: DataType;
  readonly value: Value;
  readonly text: string;
}

export type BuiltRequest = { readonly kind: 'request'; readonly request: Request } | RefusedRequest;

/** Answered with Indeterminate and this status. */
export interface RefusedRequest {
  readonly kind: 'refused';
  readonly status: Exclude<StatusCode, 'ok'>;
  readonly problems: readonly Problem[];
}

export interface PlainAttribute {
  readonly category: string;
  readonly id: string;
  readonly issuer?: string;
  readonly includeInResult?: boolean;
  /** Identifier of the type that texts are read as. Without: string, boolean, integer or double, as the value is. */
  readonly dataType?: string;
  /** None: the attribute is not in the request. */
  readonly values: readonly (string | boolean | number | bigint)[];
}

/** A request of plain values. Texts are read as `dataType` says; the one that cannot be is named in the problem. */
export function requestOf(attributes: readonly PlainAttribute[], options: { readonly returnPolicyIds?: boolean } = {}): BuiltRequest {
  const problems: Problem[] = [];
  const read: RequestAttribute[] = [];
  for (const { category, id, issuer, includeInResult, dataType, values } of attributes) {
    const found: RequestValue[] = [];
    for (const plain of values) {
      const type = dataType === undefined ? typeOfPlain(plain) : dataTypeOf(dataType);
      const value = type?.parse(textOfPlain(plain)) ?? null;
      if (type && value !== null) found.push({ type, value, text: type.write(value) });
      else
        problems.push({ element: id, line: 1, column: 1, message: type ? `A value is no ${type.name}.` : unknownDataType(dataType ?? '') });
    }
    if (found.length > 0) read.push({ category, id, issuer: issuer ?? null, includeInResult: includeInResult ?? false, values: found });
  }
  return buildRequest(read, options.returnPolicyIds ?? false, problems);
}

export function buildRequest(
  attributes: readonly RequestAttribute[],
  returnPolicyIds: boolean,
  problems: readonly Problem[],
): BuiltRequest {
  const bags = new Map<string, Value[]>();
  const add = (key: string, value: Value): void => {
    const bag = bags.get(key);
    if (bag) bag.push(value);
    else bags.set(key, [value]);
  };
  for (const { category, id, issuer, values } of attributes) {
    for (const { type, value } of values) {
      add(bagKey(type, category, id, null), value);
      if (issuer !== null) add(bagKey(type, category, id, issuer), value);
    }
  }
  const tooLarge = [...bags.values()].some((bag) => bag.length > limits.bag)
    ? [{ element: 'Attribute', line: 1, column: 1, message: `An attribute has more than ${limits.bag} values.` }]
    : [];
  const wrong = [...problems, ...tooLarge];
  if (wrong.length > 0) return { kind: 'refused', status: 'syntax-error', problems: wrong };
  return { kind: 'request', request: { attributes, returnPolicyIds, bags } };
}

/** `issuer` null: of any. With the lengths, for an identifier may hold whatever separates it, and must not pass for another with an issuer. */
export function bagKey(type: Pick<DataType, 'name'>, category: string, id: string, issuer: string | null): string {
  const key = `${type.name} ${category.length} ${id.length} ${category}${id}`;
  return issuer === null ? key : `${key} ${issuer}`;
}

function typeOfPlain(plain: string | boolean | number | bigint): DataType {
  if (typeof plain === 'boolean') return boolean;
  if (typeof plain === 'string') return string;
  return typeof plain === 'bigint' || Number.isSafeInteger(plain) ? integer : double;
}

function textOfPlain(plain: string | boolean | number | bigint): string {
  return typeof plain === 'number' && !Number.isSafeInteger(plain) ? double.write(plain) : String(plain);
}
