/**
 * From a user to an account, and what differs from what was last applied. Plans, attempts, explanations and previews all ask mapAccount.
 * It evaluates no expression and reads nothing: see mapping/prepare.ts for what has to be there before. Start with traceAccount.
 */
import { convert, isEmpty, sameValue } from './account-value.ts';
import type { AccountType, MappingOwner, MappingSource } from './mapping-row.ts';
import type { Evaluated } from './mapping/expression.ts';
import type { AccountAttributes, AccountValue, AttributeValue, User } from './vocabulary.ts';

export { sameValue } from './account-value.ts';
export type { MappingRow, MappingSource } from './mapping-row.ts';

/** One attribute of an account as a connector declares it. */
export interface AccountAttributeSpec {
  readonly name: string;
  readonly description: string;
  readonly type: AccountType;
  readonly required: boolean;
  readonly mutable: 'always' | 'create-only';
  /** May be searched for exactly, to find an account that is already this user. */
  readonly matchable: boolean;
  /** A list that others add to as well: only what Usher put there is taken back. */
  readonly shared?: boolean;
  /** The field of the connector's form that says where the target keeps it: without that it keeps none. Absent: it always does. */
  readonly neededField?: string;
  /** The field of the connector's form from which new accounts have it that no row gives one: without that it is required. */
  readonly orFromField?: string;
  /** The switch of the connector's form that makes deactivating change it, so that somebody else may have the value. Absent: it stays. */
  readonly freedBy?: string;
  readonly defaultMapping: MappingSource | null;
}

/** One attribute of an account as a target maps it: `defaultMapping` is where it comes from there. See mapping-table.ts. */
export interface MappedAttribute extends AccountAttributeSpec {
  /** Absent: source. */
  readonly owner?: MappingOwner;
  /** Sent by an update only where the target has no value. */
  readonly onlyIfEmpty?: boolean;
  /** Taken where the source has no value. */
  readonly defaultValues?: readonly string[];
}

export type MappedUser = Pick<User, 'id' | 'userName' | 'attributes'>;

/** What sources need beyond the user; whatever a mapping doesn't ask for may be absent. */
export interface MappingInputs {
  /** What the pattern came to, or was claimed; null: nothing is left of the user's name. */
  readonly userId?: string | null;
  /** The identity provider's names of the user's groups. */
  readonly roles?: readonly string[];
  /** Results of expressions by their text. */
  readonly expressions?: ReadonlyMap<string, Evaluated>;
}

export type Mapped =
  | { readonly kind: 'mapped'; readonly attributes: AccountAttributes }
  /** A required account attribute has no value. */
  | { readonly kind: 'missing'; readonly attribute: string }
  /** The mapping of this account attribute failed for this user; `message` holds no value of theirs. */
  | { readonly kind: 'failed'; readonly attribute: string; readonly message: string };

/** What becomes of one account attribute, and why. */
export interface TracedAttribute {
  readonly spec: MappedAttribute;
  readonly outcome:
    | { readonly kind: 'set'; readonly value: AccountValue; readonly from: 'source' | 'default' }
    | { readonly kind: 'cleared' }
    | { readonly kind: 'left'; readonly why: 'no-source' | 'no-value' }
    | { readonly kind: 'missing' }
    | { readonly kind: 'failed'; readonly message: string };
}

/** The account this user should have. Attributes without a source are absent: Usher leaves them alone. Sources without a value clear. */
export function mapAccount(specs: readonly MappedAttribute[], user: MappedUser, inputs: MappingInputs = {}): Mapped {
  const attributes: Record<string, AccountValue> = {};
  for (const { spec, outcome } of traceAccount(specs, user, inputs)) {
    switch (outcome.kind) {
      case 'set':
        attributes[spec.name] = outcome.value;
        break;
      case 'cleared':
        attributes[spec.name] = null;
        break;
      case 'left':
        break;
      case 'missing':
        return { kind: 'missing', attribute: spec.name };
      case 'failed':
        return { kind: 'failed', attribute: spec.name, message: outcome.message };
    }
  }
  return { kind: 'mapped', attributes };
}

export function traceAccount(specs: readonly MappedAttribute[], user: MappedUser, inputs: MappingInputs): readonly TracedAttribute[] {
  return specs.map((spec) => ({ spec, outcome: outcomeOf(spec, user, inputs) }));
}

/** What an update has to send: what differs from the attributes last applied. Empty means the account is right already. */
export function difference(specs: readonly MappedAttribute[], wanted: AccountAttributes, applied: AccountAttributes): AccountAttributes {
  const changed: Record<string, AccountValue> = {};
  for (const spec of specs) {
    const value = wanted[spec.name];
    if (value === undefined || spec.mutable === 'create-only') continue;
    if (!sameValue(value, applied[spec.name] ?? null)) changed[spec.name] = value;
  }
  return changed;
}

/** Whether an update of these has to know what the account has now. */
export function needsCurrent(specs: readonly MappedAttribute[], changed: AccountAttributes): boolean {
  return specs.some((spec) => spec.onlyIfEmpty === true && changed[spec.name] !== undefined);
}

/** What is left to send when the target's own values are left alone where they win. */
export function withoutFilled(
  specs: readonly MappedAttribute[],
  changed: AccountAttributes,
  current: AccountAttributes,
): AccountAttributes {
  const filled = new Set(specs.filter((spec) => spec.onlyIfEmpty === true && !isEmpty(current[spec.name])).map((spec) => spec.name));
  return Object.fromEntries(Object.entries(changed).filter(([name]) => !filled.has(name)));
}

function outcomeOf(spec: MappedAttribute, user: MappedUser, inputs: MappingInputs): TracedAttribute['outcome'] {
  if (!spec.defaultMapping) return { kind: 'left', why: 'no-source' };
  const found = valuesFrom(spec.defaultMapping, user, inputs);
  if (found.kind === 'fault') return { kind: 'failed', message: found.message };
  const value = convert(spec.type, found.values);
  if (value !== null) return { kind: 'set', value, from: 'source' };
  const usual = convert(spec.type, spec.defaultValues ?? []);
  if (usual !== null) return { kind: 'set', value: usual, from: 'default' };
  if (spec.required) return { kind: 'missing' };
  const clears = spec.mutable === 'always' && spec.onlyIfEmpty !== true && (spec.owner ?? 'source') === 'source';
  return clears ? { kind: 'cleared' } : { kind: 'left', why: 'no-value' };
}

function valuesFrom(source: MappingSource, user: MappedUser, inputs: MappingInputs): Evaluated {
  const values = (...all: readonly AttributeValue[]): Evaluated => ({ kind: 'values', values: all });
  switch (source.kind) {
    case 'user-id':
      return values(user.id);
    case 'user-name':
      return values(user.userName);
    case 'user-id-pattern':
      return inputs.userId ? values(inputs.userId) : { kind: 'fault', message: 'The user id pattern makes nothing of this user.' };
    case 'constant':
      return values(...(typeof source.value === 'string' ? [source.value] : source.value));
    case 'attribute': {
      const own = Object.hasOwn(user.attributes, source.name) ? (user.attributes[source.name] ?? []) : [];
      return own.length === 0 && source.fallback ? valuesFrom(source.fallback, user, inputs) : values(...own);
    }
    case 'roles':
      return values(...(inputs.roles ?? []));
    case 'expression':
      return inputs.expressions?.get(source.text) ?? { kind: 'fault', message: 'It was not evaluated.' };
    case 'clear':
      return values();
  }
}
