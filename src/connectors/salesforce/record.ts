/** Between an account and the record of a user: what is written, what is read, and in which form. */
import type { AccountAttributes, AccountId, AccountValue } from '../../domain/vocabulary.ts';
import type { Json } from '../contract/answer.ts';
import type { Account } from '../contract/connector.ts';
import { isCustomField, ownId, plainFields } from './attributes.ts';
import type { UserField, UserFields } from './describe.ts';
import { rejected } from './failures.ts';
import { inner, listOf, text } from './json.ts';
import { longId, sameId } from './soql.ts';

export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** Attributes that are one field of the user each, as that field wants them. References and memberships are not among them. */
export function fieldsFrom(attributes: AccountAttributes, known: UserFields, ownIdField: string | null): Fields {
  const fields: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!plainFields.includes(name) && !isCustomField(name)) continue;
    const field = known.get(name.toLowerCase());
    // Nothing to clear in a field that this organisation does not have.
    if (!field && value === null) continue;
    if (!field?.writable) throw rejected(name, `The organisation's User has no field ${name} that Usher may write.`);
    fields[field.name] = converted(name, value, field);
  }
  const id = attributes[ownId];
  if (ownIdField !== null && typeof id === 'string' && !(ownIdField in fields)) fields[ownIdField] = id;
  return fields;
}

function converted(name: string, value: AccountValue, field: UserField): string | number | boolean | null {
  const single = typeof value === 'object' && value !== null ? value.join(';') : value;
  // A checkbox is never empty.
  if (field.type === 'boolean') return typeof single === 'boolean' ? single : single !== null && /^(true|1|yes)$/i.test(String(single));
  if (single === null || single === '') return null;
  if (!['double', 'int', 'long', 'currency', 'percent'].includes(field.type)) return String(single);
  const number = typeof single === 'number' ? single : Number(single);
  if (!Number.isFinite(number)) throw rejected(name, `The field ${name} wants a number.`);
  return number;
}

/** Fields to ask for, as far as the organisation has them. Custom fields only by name: an address of a query must stay short. */
export function readableFields(known: UserFields, wanted: Iterable<string>): readonly string[] {
  return [...new Set([...plainFields, ...wanted].flatMap((name) => known.get(name.toLowerCase())?.name ?? []))];
}

/** What is known of a user beside the record itself. */
export interface Surroundings {
  readonly frozen: boolean;
  /** Null where it was not asked. */
  readonly publicGroups: readonly string[] | null;
  readonly ownUserId: string | null;
}

export function accountFrom(record: Json, around: Surroundings, custom: Iterable<string>, ownIdField: string | null): Account {
  const id = longId(text(record, 'Id') ?? '');
  // Salesforce names its fields in its own spelling; an attribute has the one of its mapping.
  const values = new Map(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
  const attributes: Record<string, AccountValue> = {};
  for (const name of [...plainFields, ...custom]) {
    const value = values.get(name.toLowerCase());
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') attributes[name] = value;
  }
  const set = (name: string, value: AccountValue): void => {
    if (value !== null && !(Array.isArray(value) && value.length === 0)) attributes[name] = value;
  };
  const own = ownIdField === null ? null : values.get(ownIdField.toLowerCase());
  set(ownId, typeof own === 'string' ? own : null);
  set('profile', text(inner(record, 'Profile'), 'Name'));
  set('role', text(inner(record, 'UserRole'), 'Name'));
  set('permissionSets', permissionSetNames(record));
  set('publicGroups', around.publicGroups);
  return {
    id: id as AccountId,
    active: record['IsActive'] === true && !around.frozen,
    attributes,
    protectedAs: protectedAs(record, id, around.ownUserId),
  };
}

/** Those of the user's own: what comes with the profile, or with a group of permission sets, is not assigned one by one. */
function permissionSetNames(record: Json): readonly string[] {
  return assignments(record).flatMap((assignment) => {
    const set = inner(assignment, 'PermissionSet');
    const byItself = set?.['IsOwnedByProfile'] !== true && typeof assignment['PermissionSetGroupId'] !== 'string';
    return byItself ? (text(set, 'Name') ?? []) : [];
  });
}

function protectedAs(record: Json, id: string, ownUserId: string | null): string | null {
  if (ownUserId !== null && sameId(id, ownUserId)) return 'integration user of Usher';
  const sources = [inner(record, 'Profile'), ...assignments(record).map((assignment) => inner(assignment, 'PermissionSet'))];
  const administers = sources.some((one) => one?.['PermissionsModifyAllData'] === true || one?.['PermissionsManageUsers'] === true);
  return administers ? 'system administrator' : null;
}

function assignments(record: Json): readonly Json[] {
  return listOf(inner(record, 'PermissionSetAssignments')?.['records']);
}
