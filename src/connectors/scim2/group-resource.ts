import type { TargetGroupId } from '../../domain/vocabulary.ts';
import { isObject, type Json } from '../contract/answer.ts';
import type { TargetGroup } from '../contract/connector.ts';
import { field, keyOf, text } from './json.ts';

export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** A change of a group, both ways of saying it: for PATCH, and done to the whole group for PUT. */
export interface GroupEdit {
  readonly operations: readonly { readonly op: 'add' | 'replace' | 'remove'; readonly path: string; readonly value?: unknown }[];
  readonly apply: (group: Json) => Json;
}

/** The group that a SCIM group is; null where the server gave it no id or no name. */
export function groupFrom(group: Json, fallbackId: TargetGroupId | null = null): TargetGroup | null {
  const id = text(group, 'id') ?? fallbackId;
  const name = text(group, 'displayName');
  return id === null || id === '' || name === null ? null : { id: id as TargetGroupId, name };
}

/** Ids of whoever the server lists in it. Some list nobody, whoever is in it. */
export function memberIds(group: Json): ReadonlySet<string> {
  return new Set(membersIn(group).flatMap((member) => idOf(member) ?? []));
}

export function renaming(name: string): GroupEdit {
  return {
    operations: [{ op: 'replace', path: 'displayName', value: name }],
    apply: (group) => withField(group, 'displayName', name),
  };
}

export function adding(ids: readonly string[]): GroupEdit {
  const members = ids.map((value) => ({ value }));
  return {
    operations: [{ op: 'add', path: 'members', value: members }],
    // Read again since, it may hold some of them by now.
    apply: (group) => {
      const held = memberIds(group);
      return withField(group, 'members', [...membersIn(group), ...members.filter(({ value }) => !held.has(value))]);
    },
  };
}

/**
 * One operation with its own path for each. The other form, a list of members as the value of one operation, removes everybody on
 * some servers and nobody on others.
 */
export function removing(ids: readonly string[]): GroupEdit {
  return {
    operations: ids.map((id) => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` })),
    // Also where nobody is left: some servers keep a list that a PUT does not mention.
    apply: (group) => {
      const left = membersIn(group).filter((member) => !ids.includes(idOf(member) ?? ''));
      return withField(group, 'members', left);
    },
  };
}

/** What others put there stays; `meta` is read-only and the server's to fill in. */
function withField(group: Json, name: string, value: unknown): Json {
  const meta = keyOf(group, 'meta');
  const kept = Object.fromEntries(Object.entries(group).filter(([key]) => key !== meta));
  const listed = field(group, 'schemas');
  return { ...kept, [keyOf(group, name) ?? name]: value, schemas: Array.isArray(listed) ? listed : [groupSchema] };
}

function membersIn(group: Json): readonly unknown[] {
  const members = field(group, 'members');
  return Array.isArray(members) ? members : [];
}

function idOf(member: unknown): string | null {
  return isObject(member) ? text(member, 'value') : typeof member === 'string' ? member : null;
}
