/** From a user's attributes to an account's, and what differs from what was last applied. */
import type { AccountAttributes, AccountValue, AttributeValue, User } from './vocabulary.ts';

/** Where an account attribute's value comes from. */
export type MappingSource =
  | { readonly kind: 'user-id' }
  | { readonly kind: 'user-name' }
  | { readonly kind: 'attribute'; readonly name: string; readonly fallback?: MappingSource }
  | { readonly kind: 'constant'; readonly value: string };

/** One attribute of an account as a connector declares it. */
export interface AccountAttributeSpec {
  readonly name: string;
  readonly description: string;
  readonly type: 'string' | 'boolean' | 'integer' | 'strings';
  readonly required: boolean;
  readonly mutable: 'always' | 'create-only';
  /** May be searched for exactly, to find an account that is already this user. */
  readonly matchable: boolean;
  readonly defaultMapping: MappingSource | null;
}

export type Mapped =
  | { readonly kind: 'mapped'; readonly attributes: AccountAttributes }
  /** A required account attribute has no value. */
  | { readonly kind: 'missing'; readonly attribute: string };

/** The account this user should have. Attributes without a source are absent: Usher leaves them alone. Sources without a value clear. */
export function mapAccount(specs: readonly AccountAttributeSpec[], user: Pick<User, 'id' | 'userName' | 'attributes'>): Mapped {
  const attributes: Record<string, AccountValue> = {};
  for (const spec of specs) {
    if (!spec.defaultMapping) continue;
    const values = valuesFrom(spec.defaultMapping, user);
    const value = convert(spec.type, values);
    if (value === null && spec.required) return { kind: 'missing', attribute: spec.name };
    attributes[spec.name] = value;
  }
  return { kind: 'mapped', attributes };
}

/** What an update has to send: what differs from the attributes last applied. Empty means the account is right already. */
export function difference(
  specs: readonly AccountAttributeSpec[],
  wanted: AccountAttributes,
  applied: AccountAttributes,
): AccountAttributes {
  const changed: Record<string, AccountValue> = {};
  for (const spec of specs) {
    const value = wanted[spec.name];
    if (value === undefined || spec.mutable === 'create-only') continue;
    if (!sameValue(value, applied[spec.name] ?? null)) changed[spec.name] = value;
  }
  return changed;
}

/** An empty list is no value: targets tell one for the other. */
export function sameValue(a: AccountValue, b: AccountValue): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => value === b[i]);
  return a === b;
}

function isNothing(value: AccountValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function valuesFrom(source: MappingSource, user: Pick<User, 'id' | 'userName' | 'attributes'>): readonly AttributeValue[] {
  switch (source.kind) {
    case 'user-id':
      return [user.id];
    case 'user-name':
      return [user.userName];
    case 'constant':
      return [source.value];
    case 'attribute': {
      const values = user.attributes[source.name] ?? [];
      return values.length === 0 && source.fallback ? valuesFrom(source.fallback, user) : values;
    }
  }
}

function convert(type: AccountAttributeSpec['type'], values: readonly AttributeValue[]): AccountValue {
  const first = values[0];
  if (first === undefined) return null;
  switch (type) {
    case 'strings':
      return values.map(String);
    case 'string':
      return String(first);
    case 'boolean':
      return typeof first === 'boolean' ? first : /^(true|1|yes)$/i.test(String(first));
    case 'integer': {
      // Number('') is 0 and Number(true) is 1: neither is a number that somebody wrote.
      const number = typeof first === 'number' || /^\s*[+-]?\d+\s*$/.test(String(first)) ? Number(first) : Number.NaN;
      return Number.isSafeInteger(number) ? number : null;
    }
  }
}
