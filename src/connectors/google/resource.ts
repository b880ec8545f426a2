import type { AccountAttributes, AccountId, AccountValue } from '../../domain/vocabulary.ts';
import { isObject, type Json } from '../contract/answer.ts';
import type { Account } from '../contract/connector.ts';
import { googleAttributes, placeOf, type Place } from './attributes.ts';
import { entries, text, texts } from './json.ts';

type Draft = Record<string, unknown>;
type EntryPlace = Extract<Place, { kind: 'entry' }>;

/** The account that a user of the Directory API is; null where it has no id. */
export function accountFrom(user: Json): Account | null {
  const id = text(user, 'id');
  if (id === null || text(user, 'primaryEmail') === null) return null;
  const attributes: Record<string, AccountValue> = { ...customAttributes(user) };
  for (const { spec, place } of googleAttributes) {
    const value = readPlace(user, place);
    if (value !== null) attributes[spec.name] = value;
  }
  const protectedAs = user['isAdmin'] === true ? 'super administrator' : user['isDelegatedAdmin'] === true ? 'administrator' : null;
  return { id: id as AccountId, active: user['suspended'] !== true, attributes, protectedAs };
}

export interface Change {
  readonly body: Json;
  /**
   * Something is cleared. PATCH ignores a null and an empty list; users.update clears by null, ignores an empty list as well, and keeps
   * whatever it is not told (google-api-dotnet-client #861, GAM pull request 480).
   */
  readonly clears: boolean;
}

/** Whether these attributes live in lists that are written whole, so that the present ones have to be known. */
export function needsPresent(attributes: AccountAttributes): boolean {
  return Object.keys(attributes).some((name) => ['entry', 'part', 'aliases'].includes(placeOf(name)?.kind ?? ''));
}

/** The fields that set these attributes; of lists that others use as well, with their entries kept as they are. */
export function changeOf(attributes: AccountAttributes, present: Json, applied: AccountAttributes): Change {
  const body: Draft = {};
  let clears = false;
  const listOf = (name: string): readonly Json[] => (name in body ? entries(body, name) : entries(present, name));
  const inside = (parent: string): Draft => {
    const inner: Draft = isObject(body[parent]) ? { ...body[parent] } : {};
    body[parent] = inner;
    return inner;
  };
  for (const [name, value] of Object.entries(attributes)) {
    const place = placeOf(name);
    switch (place?.kind) {
      case 'plain':
        body[place.name] = value ?? place.empty;
        clears ||= value === null;
        break;
      case 'name':
        if (value !== null) inside('name')[place.name] = value;
        break;
      case 'entry':
        body[place.list] = withEntry(listOf(place.list), place, value, applied[name] ?? null);
        break;
      case 'part':
        body[place.list] = withPart(listOf(place.list), place.name, value);
        break;
      case 'custom': {
        const schemas = inside('customSchemas');
        const held = schemas[place.schema];
        schemas[place.schema] = { ...(isObject(held) ? held : {}), [place.name]: customValue(value) };
        clears ||= value === null;
        break;
      }
      // Written by calls of their own, and at create only.
      case 'aliases':
      case 'at-create':
      case undefined:
        break;
    }
  }
  for (const [name, value] of Object.entries(body)) {
    if (!Array.isArray(value) || value.length > 0) continue;
    if (entries(present, name).length === 0) Reflect.deleteProperty(body, name);
    else {
      body[name] = null;
      clears = true;
    }
  }
  return { body, clears };
}

/** Whether the account has these values: what Google refused may have been done all the same. */
export function holdsAll(account: Account, attributes: AccountAttributes): boolean {
  return Object.entries(attributes).every(([name, wanted]) => {
    const place = placeOf(name);
    if (!place || place.kind === 'aliases' || place.kind === 'at-create') return true;
    const held = account.attributes[name] ?? (place.kind === 'plain' ? place.empty : null);
    const expected = wanted ?? (place.kind === 'plain' ? place.empty : null);
    return comparable(name, held) === comparable(name, expected);
  });
}

/** Google keeps addresses in lower case. */
export function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function comparable(name: string, value: AccountValue): string {
  const written = JSON.stringify(value);
  return name === 'primaryEmail' ? written.toLowerCase() : written;
}

function readPlace(user: Json, place: Place): AccountValue {
  switch (place.kind) {
    case 'plain':
      return text(user, place.name);
    case 'name': {
      const name = user['name'];
      return isObject(name) ? text(name, place.name) : null;
    }
    case 'entry': {
      const entry = entries(user, place.list).find((one) => isOf(one, place));
      return entry ? text(entry, 'value') : null;
    }
    case 'part': {
      const entry = workEntry(entries(user, place.list));
      return entry ? text(entry, place.name) : null;
    }
    case 'aliases': {
      const aliases = texts(user, 'aliases');
      return aliases.length === 0 ? null : aliases;
    }
    case 'custom':
    case 'at-create':
      return null;
  }
}

function customAttributes(user: Json): Record<string, AccountValue> {
  const schemas = user['customSchemas'];
  const found: Record<string, AccountValue> = {};
  for (const [schema, fields] of Object.entries(isObject(schemas) ? schemas : {})) {
    for (const [name, value] of Object.entries(isObject(fields) ? fields : {})) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') found[`custom.${schema}.${name}`] = value;
      if (Array.isArray(value))
        found[`custom.${schema}.${name}`] = value.flatMap((one) => (isObject(one) ? (text(one, 'value') ?? []) : []));
    }
  }
  return found;
}

function customValue(value: AccountValue): unknown {
  return Array.isArray(value) ? value.map((one: string) => ({ value: one })) : value;
}

/** Of several entries of one type ours is the one with the value that we put there. */
function withEntry(list: readonly Json[], place: EntryPlace, value: AccountValue, applied: AccountValue): readonly Json[] {
  const ours = list.find((one) => isOf(one, place) && one['value'] === applied) ?? list.find((one) => isOf(one, place));
  if (value === null) return list.filter((one) => one !== ours);
  if (ours) return list.map((one) => (one === ours ? { ...one, value } : one));
  const { type, customType } = place;
  return [...list, { type, ...(customType === undefined ? {} : { customType }), value }];
}

function withPart(list: readonly Json[], name: string, value: AccountValue): readonly Json[] {
  const ours = workEntry(list);
  if (!ours)
    return value === null ? list : [...list, { type: 'work', primary: !list.some((one) => one['primary'] === true), [name]: value }];
  const rest = Object.fromEntries(Object.entries(ours).filter(([key]) => key !== name));
  const changed: Json = value === null ? rest : { ...rest, [name]: value };
  const says = Object.keys(changed).some((key) => !['type', 'customType', 'primary'].includes(key));
  return list.flatMap((one) => (one === ours ? (says ? [changed] : []) : [one]));
}

/** The entry that the administrators' console shows: the primary one, or the one for work. */
function workEntry(list: readonly Json[]): Json | undefined {
  return list.find((one) => one['primary'] === true) ?? list.find((one) => one['type'] === 'work');
}

function isOf(entry: Json, place: EntryPlace): boolean {
  return entry['type'] === place.type && (place.customType === undefined || entry['customType'] === place.customType);
}
