import type { AccountAttributes, AccountValue } from '../../domain/vocabulary.ts';
import type { Json } from '../contract/answer.ts';
import { enterpriseSchema, placeOf, type Place } from './attributes.ts';
import { valueList } from './resource.ts';

interface Operation {
  readonly op: 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/**
 * The changes as PATCH operations (RFC 7644, 3.5.2), one for each attribute with its full path. Never a partial complex value:
 * `{ name: { givenName } }` wipes the family name on some servers.
 */
export function patchOperations(attributes: AccountAttributes, active: boolean): readonly Operation[] {
  const changes = Object.entries(attributes).flatMap(([name, value]) => {
    const place = placeOf(name);
    return place ? [operation(place, value)] : [];
  });
  return [{ op: 'replace', path: 'active', value: active }, ...changes];
}

export function patchBody(operations: readonly Json[] | readonly Operation[]): Json {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
}

/** Without removing what the account does not have: a strict server refuses the whole request for it (noTarget). */
export function withoutNeedlessRemovals(operations: readonly Operation[], held: AccountAttributes): readonly Operation[] {
  const absent = new Set<string>();
  for (const { op, path } of operations) {
    const name = path.slice(Math.max(path.lastIndexOf(':'), path.lastIndexOf('.')) + 1);
    if (op === 'remove' && held[name] === undefined) absent.add(path);
  }
  return operations.filter(({ path }) => !absent.has(path));
}

function operation(place: Place, value: AccountValue): Operation {
  const path = pathOf(place);
  if (value === null) return { op: 'remove', path };
  if (place.kind === 'manager') return { op: 'replace', path, value: { value } };
  if (place.kind !== 'values') return { op: 'replace', path, value };
  return { op: 'replace', path, value: valueList(Array.isArray(value) ? value.map(String) : [String(value)]) };
}

function pathOf(place: Place): string {
  switch (place.kind) {
    case 'plain':
    case 'values':
      return place.name;
    case 'name':
      return `name.${place.name}`;
    case 'enterprise':
      return `${enterpriseSchema}:${place.name}`;
    case 'manager':
      return `${enterpriseSchema}:manager`;
  }
}
