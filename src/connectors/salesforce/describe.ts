import { isObject, type Json } from '../contract/answer.ts';
import type { Call } from '../contract/connector.ts';
import { unreadable } from './failures.ts';
import { listOf, text } from './json.ts';
import type { Rest } from './rest.ts';

/** One field of User, as the organisation tells it. */
export interface UserField {
  readonly name: string;
  readonly type: string;
  readonly writable: boolean;
  /** Values that may be chosen; null where it is no picklist. */
  readonly choices: readonly string[] | null;
}

/** By name in lower case: Salesforce compares names of fields so. */
export type UserFields = ReadonlyMap<string, UserField>;

export const describing = { doing: 'reading the description of User', writes: false, about: 'collection' } as const;
const keptForMs = 3_600_000;

export interface Description {
  readonly read: (call: Call) => Promise<UserFields>;
  /** Something of it is no longer true. */
  readonly forget: () => void;
}

/** The organisation's own description of User: which fields it has depends on edition, features and what the integration user may see. */
export function createDescription(rest: Rest, now: () => number): Description {
  let kept: { readonly fields: UserFields; readonly until: number } | null = null;
  async function read(call: Call): Promise<UserFields> {
    if (kept && now() < kept.until) return kept.fields;
    const answer = await rest.run(describing, call, async (connection) => connection.describe('User'));
    const fields = isObject(answer) ? listOf(answer['fields']).flatMap(fieldFrom) : [];
    if (fields.length === 0) throw unreadable(describing);
    kept = { fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])), until: now() + keptForMs };
    return kept.fields;
  }

  return { read, forget: () => (kept = null) };
}

function fieldFrom(json: Json): readonly UserField[] {
  const name = text(json, 'name');
  if (name === null) return [];
  const type = text(json, 'type') ?? 'string';
  const active = listOf(json['picklistValues']).filter((entry) => entry['active'] !== false);
  const isPicklist = type === 'picklist' || type === 'multipicklist';
  const choices = isPicklist ? active.flatMap((entry) => text(entry, 'value') ?? []) : null;
  return [{ name, type, writable: json['createable'] === true && json['updateable'] === true, choices }];
}
