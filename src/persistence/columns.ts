/** Which columns make up a record of each kind: hidden properties never leave this room. The entities say so; tables.ts is what they say. */
import type { Kind, RecordOf } from '../commands/ports.ts';
import type { Table } from './table.ts';
import { tables } from './tables.ts';

export const quoted = (name: string): string => `"${name}"`;

export function tableOf(kind: Kind): Table {
  return tables[kind];
}
export function hasProperty(table: Table, name: string): boolean {
  return table.columns.some(({ property }) => property === name);
}

/** The columns of a record for a select list, under the names of its properties. */
export function selectList(kind: Kind, alias: string): string {
  return tableOf(kind)
    .columns.map(({ column, property }) => `${alias}.${quoted(column)} as ${quoted(property)}`)
    .join(', ');
}

/** A record as one JSON object, for statements that fetch several kinds in one round trip. */
export function jsonRecord(kind: Kind, alias: string): string {
  const pairs = tableOf(kind).columns.map(({ column, property }) => `'${property}', ${alias}.${quoted(column)}`);
  return `case when ${alias}.${quoted(tableOf(kind).key)} is not null then json_build_object(${pairs.join(', ')}) end`;
}

/** The border between rows and records: the columns are the entity's, and so are the types. */
export function recordOf<K extends Kind>(kind: K, row: Readonly<Record<string, unknown>>): RecordOf<K> {
  const record: Record<string, unknown> = {};
  for (const { property, type } of tableOf(kind).columns) {
    const value = row[property];
    record[property] = type === 'timestamptz' && typeof value === 'string' ? new Date(value) : value;
  }
  return record as unknown as RecordOf<K>;
}

export function recordOrNull<K extends Kind>(kind: K, json: unknown): RecordOf<K> | null {
  return typeof json === 'object' && json !== null ? recordOf(kind, json as Record<string, unknown>) : null;
}
