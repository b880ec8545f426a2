/** Which columns make up a record of each kind, read from the entities: hidden properties never leave this room. */
import { BooleanType, DateTimeType, IntegerType, JsonType, UuidType } from '@mikro-orm/core';
import type { Kind, RecordOf } from '../commands/ports.ts';
import { entityOfKind } from './entities.ts';

export interface Column {
  readonly property: string;
  readonly column: string;
  readonly type: 'uuid' | 'text' | 'jsonb' | 'timestamptz' | 'int' | 'bool';
}
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Name of the key's column. */
  readonly key: string;
  readonly has: (property: string) => boolean;
}

export const quoted = (name: string): string => `"${name}"`;

export function tableOf(kind: Kind): Table {
  return tables[kind];
}
const kinds = Object.keys(entityOfKind) as Kind[];
const tables = Object.fromEntries(kinds.map((kind) => [kind, readTable(kind)])) as Record<Kind, Table>;

interface Property {
  readonly name: string;
  readonly hidden?: boolean;
  readonly kind: string;
  readonly type: unknown;
  readonly fieldNames?: readonly string[];
}

function readTable(kind: Kind): Table {
  // MikroORM's types are one class per entity; what is read here is the same in all of them.
  const { meta } = (
    entityOfKind[kind] as unknown as { init(): { meta: { tableName: string; properties: Record<string, Property> } } }
  ).init();
  const columns = Object.values(meta.properties)
    .filter((property) => property.hidden !== true)
    .map((property) => ({
      property: property.name,
      column: property.fieldNames?.[0] ?? property.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      type: typeOf(property),
    }));
  return {
    name: quoted(meta.tableName),
    columns,
    key: kind === 'targetCondition' ? 'target_id' : 'id',
    has: (property) => columns.some((column) => column.property === property),
  };
}

function typeOf(property: Property): Column['type'] {
  if (property.kind === 'm:1' || property.type === UuidType) return 'uuid';
  if (property.type === JsonType) return 'jsonb';
  if (property.type === DateTimeType) return 'timestamptz';
  if (property.type === IntegerType) return 'int';
  return property.type === BooleanType ? 'bool' : 'text';
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
