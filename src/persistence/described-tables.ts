/**
 * What tables.ts shall say, read from the entities. Only for `npm run migration`, which writes it, and the test that compares: a start
 * without MikroORM's modules is quicker by a tenth.
 */
import { BooleanType, DateTimeType, IntegerType, JsonType, UuidType } from '@mikro-orm/core';
import type { Kind } from '../commands/ports.ts';
import { entityOfKind } from './entities.ts';
import type { Column, Table } from './table.ts';

export function describedTables(): Record<Kind, Table> {
  const kinds = Object.keys(entityOfKind) as Kind[];
  return Object.fromEntries(kinds.map((kind) => [kind, readTable(kind)])) as Record<Kind, Table>;
}

/** The text of tables.ts. */
export function printedTables(): string {
  const tables = Object.entries(describedTables()).map(([kind, { name, key, columns }]) =>
    [
      `  ${kind}: {`,
      `    name: '${name}',`,
      `    key: '${key}',`,
      '    columns: [',
      ...columns.map((column) => `      ${JSON.stringify(column)},`),
      '    ],',
      '  },',
    ].join('\n'),
  );
  return [
    '/** What `npm run migration` has read from the entities: a start that has nothing to migrate loads none of them. */',
    "import type { Kind } from '../commands/ports.ts';",
    "import type { Table } from './table.ts';",
    '',
    '// prettier-ignore',
    'export const tables: Readonly<Record<Kind, Table>> = {',
    ...tables,
    '};',
    '',
  ].join('\n');
}

interface Property {
  readonly name: string;
  readonly hidden?: boolean;
  readonly kind: string;
  readonly type: unknown;
  readonly default?: unknown;
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
      ...(property.default === undefined ? {} : { usual: usualOf(property) }),
    }));
  return { name: `"${meta.tableName}"`, columns, key: kind === 'targetCondition' ? 'target_id' : 'id' };
}

function typeOf(property: Property): Column['type'] {
  if (property.kind === 'm:1' || property.type === UuidType) return 'uuid';
  if (property.type === JsonType) return 'jsonb';
  if (property.type === DateTimeType) return 'timestamptz';
  if (property.type === IntegerType) return 'int';
  return property.type === BooleanType ? 'bool' : 'text';
}

/** Defaults of documents are written as the database wants them: as text. */
function usualOf(property: Property): unknown {
  return typeof property.default === 'string' && property.type === JsonType ? JSON.parse(property.default) : property.default;
}
