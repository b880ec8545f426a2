import type { AccountAttributes, AccountId, AccountValue } from '../../domain/vocabulary.ts';
import { isObject, type Json } from '../contract/answer.ts';
import type { Account } from '../contract/connector.ts';
import { enterpriseSchema, placeOf, scimAttributes, userSchema, type Place } from './attributes.ts';
import { field, keyOf, text } from './json.ts';

type Draft = Record<string, unknown>;

/** The account that a SCIM user is; null where the server gave it no id, because an account without one cannot be found again. */
export function accountFrom(user: Json, fallbackId: AccountId | null = null): Account | null {
  const id = text(user, 'id') ?? fallbackId;
  if (id === null || id === '') return null;
  const attributes: Record<string, AccountValue> = {};
  for (const { spec, place } of scimAttributes) {
    const value = readPlace(user, place);
    if (value !== null) attributes[spec.name] = value;
  }
  return { id: id as AccountId, active: isActive(user), attributes };
}

/** A server that says nothing of `active` knows no other state; some say it with a text. */
export function isActive(user: Json): boolean {
  const active = field(user, 'active');
  return typeof active === 'string' ? active.toLowerCase() !== 'false' : active !== false;
}

/**
 * A user with these attributes set, and everything else that it had. Null clears: a single value is left out, a list is sent
 * empty, because some servers keep a list that a PUT does not mention.
 */
export function userWith(existing: Json, attributes: AccountAttributes, active: boolean): Json {
  const user: Draft = { ...existing };
  const set = (name: string, value: unknown): void => void (user[keyOf(user, name) ?? name] = value);
  // Read-only, and the server's to fill in. A password that a server tells, or its hash, is never sent back: it would become the password.
  for (const name of ['meta', 'groups', 'password']) unset(user, name);
  for (const [name, value] of Object.entries(attributes)) {
    const place = placeOf(name);
    if (place) writePlace(user, place, value);
  }
  set('active', active);
  set('schemas', schemasOf(user, existing));
  return user;
}

/** The values of a list as SCIM writes them: the first is the primary one. Types are canonical ones, strict servers refuse others. */
export function valueList(values: readonly string[], existing: readonly unknown[] = []): readonly Json[] {
  return values.map((value, index) => {
    const known = existing.find((entry) => isObject(entry) && text(entry, 'value') === value);
    const kept = isObject(known) ? known : { type: index === 0 ? 'work' : 'other' };
    return { ...kept, value, primary: index === 0 };
  });
}

function readPlace(user: Json, place: Place): string | readonly string[] | null {
  switch (place.kind) {
    case 'plain':
      return text(user, place.name);
    case 'name':
      return inside(user, 'name', (name) => text(name, place.name));
    case 'enterprise':
      return inside(user, enterpriseSchema, (extension) => text(extension, place.name));
    case 'manager':
      return inside(user, enterpriseSchema, (extension) => {
        const manager = field(extension, 'manager');
        return isObject(manager) ? text(manager, 'value') : text(extension, 'manager');
      });
    case 'values': {
      const listed = field(user, place.name);
      const entries: readonly unknown[] = Array.isArray(listed) ? listed : listed === undefined || listed === null ? [] : [listed];
      const primaryFirst = [...entries.filter(isPrimary), ...entries.filter((entry) => !isPrimary(entry))];
      const values = primaryFirst.map((entry) => (isObject(entry) ? text(entry, 'value') : entry)).filter((v) => typeof v === 'string');
      return values.length === 0 ? null : values;
    }
  }
}

function writePlace(user: Draft, place: Place, value: AccountValue): void {
  switch (place.kind) {
    case 'plain':
      put(user, place.name, value);
      return;
    case 'name':
      putInside(user, 'name', place.name, value);
      return;
    case 'enterprise':
      putInside(user, enterpriseSchema, place.name, value);
      return;
    case 'manager':
      putInside(user, enterpriseSchema, 'manager', value === null ? null : { value });
      return;
    case 'values': {
      const existing = field(user, place.name);
      const values = value === null ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
      user[keyOf(user, place.name) ?? place.name] = valueList(values, Array.isArray(existing) ? existing : []);
    }
  }
}

function putInside(user: Draft, parent: string, name: string, value: unknown): void {
  const key = keyOf(user, parent) ?? parent;
  const held = user[key];
  const inner: Draft = isObject(held) ? { ...held } : {};
  put(inner, name, value);
  if (Object.keys(inner).length > 0) user[key] = inner;
  else unset(user, parent);
}

function put(object: Draft, name: string, value: unknown): void {
  if (value === null) unset(object, name);
  else object[keyOf(object, name) ?? name] = value;
}

function unset(object: Draft, name: string): void {
  const key = keyOf(object, name);
  if (key !== null) Reflect.deleteProperty(object, key);
}

function schemasOf(user: Json, existing: Json): readonly string[] {
  const listed = field(existing, 'schemas');
  const known = Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : [];
  const needed = keyOf(user, enterpriseSchema) === null ? [userSchema] : [userSchema, enterpriseSchema];
  return [...new Set([...known, ...needed])];
}

function inside<T>(user: Json, parent: string, read: (inner: Json) => T): T | null {
  const inner = field(user, parent);
  return isObject(inner) ? read(inner) : null;
}

function isPrimary(entry: unknown): boolean {
  return isObject(entry) && field(entry, 'primary') === true;
}
