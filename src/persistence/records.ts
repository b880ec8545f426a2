/** Records read and written in the plain way, one kind at a time. Every statement here carries the tenant. */
import type { Chance, Clock, Kind, KindWithId, New, Page, PageRequest, ParentField, Patch, RecordOf, Where } from '../commands/ports.ts';
import type { TenantId } from '../domain/vocabulary.ts';
import { hasProperty, quoted, recordOf, selectList, tableOf } from './columns.ts';
import type { Row, Session } from './session.ts';
import type { Column } from './table.ts';

const most = 10_000;

export interface RecordContext {
  readonly session: Session;
  readonly tenantId: TenantId;
  readonly clock: Clock;
  readonly chance: Chance;
}

export async function findById<K extends Kind>(context: RecordContext, kind: K, id: string): Promise<RecordOf<K> | null> {
  if (!isUuid(id)) return null;
  const table = tableOf(kind);
  const [row] = await context.session.query(
    `select ${selectList(kind, 'r')} from ${table.name} r where r.tenant_id = $1 and r.${quoted(table.key)} = $2`,
    [context.tenantId, id],
  );
  return row ? recordOf(kind, row) : null;
}

export async function findAll<K extends Kind>(context: RecordContext, kind: K, where: Where<K>): Promise<readonly RecordOf<K>[]> {
  const table = tableOf(kind);
  const { text, parameters } = condition(context.tenantId, kind, where);
  const rows = await context.session.query(
    `select ${selectList(kind, 'r')} from ${table.name} r where ${text} order by r.${quoted(table.key)} limit ${most + 1}`,
    parameters,
  );
  if (rows.length > most) throw new Error(`More than ${most} records of kind ${kind} were asked for at once: page through them.`);
  return rows.map((row) => recordOf(kind, row));
}

export async function findPage<K extends Kind>(context: RecordContext, kind: K, request: PageRequest<K>): Promise<Page<RecordOf<K>>> {
  if (isAfterNothing(request)) return { items: [], hasNextPage: false };
  const { text, parameters } = condition(context.tenantId, kind, request.where);
  const rows = await context.session.query(pageSql(kind, text, request, parameters), parameters);
  return pageOf(kind, rows, request.first);
}

/** The page of each parent is looked up by itself within the one statement: of one with very many records no more than a page leaves the database. */
export async function findPagesOf<K extends KindWithId>(
  context: RecordContext,
  kind: K,
  field: ParentField<K>,
  parents: readonly string[],
  request: PageRequest<K>,
): Promise<ReadonlyMap<string, Page<RecordOf<K>>>> {
  if (isAfterNothing(request)) return new Map();
  const { text, parameters } = condition(context.tenantId, kind, request.where);
  const ofParent = `${text} and r.${quoted(columnOf(kind, field).column)} = parent.id`;
  const page = pageSql(kind, ofParent, request, parameters);
  const rows = await context.session.query(
    `select page.* from unnest($${parameters.push(parents.filter(isUuid))}::uuid[]) parent(id) cross join lateral (${page}) page
     order by page.id ${direction(request)}`,
    parameters,
  );
  const byParent = Map.groupBy(rows, (row) => String(row[field]));
  return new Map([...byParent].map(([parent, its]) => [parent, pageOf(kind, its, request.first)]));
}

/** What is no id names nothing, so that nothing comes after it. */
const isAfterNothing = ({ after }: { readonly after: string | null }): boolean => after !== null && !isUuid(after);

/** Pushes what it needs to the parameters. */
function pageSql<K extends Kind>(kind: K, where: string, request: PageRequest<K>, parameters: unknown[]): string {
  const table = tableOf(kind);
  const key = `r.${quoted(table.key)}`;
  const after = request.after === null ? '' : `and ${key} ${request.newestFirst ? '<' : '>'} $${parameters.push(request.after)}`;
  return `select ${selectList(kind, 'r')} from ${table.name} r where ${where} ${after}
     order by ${key} ${direction(request)} limit $${parameters.push(request.first + 1)}`;
}

const direction = ({ newestFirst }: { readonly newestFirst: boolean }): string => (newestFirst ? 'desc' : 'asc');

/** One row more was asked for than the page holds: it tells whether more follow. */
const pageOf = <K extends Kind>(kind: K, rows: readonly Row[], first: number): Page<RecordOf<K>> => ({
  items: rows.slice(0, first).map((row) => recordOf(kind, row)),
  hasNextPage: rows.length > first,
});

export async function countAll<K extends Kind>(context: RecordContext, kind: K, where: Where<K>): Promise<number> {
  const { text, parameters } = condition(context.tenantId, kind, where);
  const [row] = await context.session.query(`select count(*)::int as n from ${tableOf(kind).name} r where ${text}`, parameters);
  return Number(row?.['n']);
}

export async function countAllOf<K extends KindWithId>(
  context: RecordContext,
  kind: K,
  field: ParentField<K>,
  parents: readonly string[],
  where: Where<K>,
): Promise<ReadonlyMap<string, number>> {
  const { text, parameters } = condition(context.tenantId, kind, where);
  const parent = `r.${quoted(columnOf(kind, field).column)}`;
  const rows = await context.session.query(
    `select ${parent} as parent, count(*)::int as n from ${tableOf(kind).name} r
     where ${text} and ${parent} = any($${parameters.push(parents.filter(isUuid))}::uuid[]) group by 1`,
    parameters,
  );
  return new Map(rows.map((row) => [String(row['parent']), Number(row['n'])]));
}

export async function insertRecords<K extends Kind>(
  context: RecordContext,
  kind: K,
  records: readonly New<K>[],
): Promise<readonly RecordOf<K>[]> {
  if (records.length === 0) return [];
  const table = tableOf(kind);
  const now = context.clock.now();
  const usual = Object.fromEntries(table.columns.flatMap(({ property, usual: value }) => (value === undefined ? [] : [[property, value]])));
  const filled = records.map((record) => ({
    ...usual,
    ...(hasProperty(table, 'id') ? { id: context.chance.uuid() } : {}),
    ...(hasProperty(table, 'createdAt') ? { createdAt: now } : {}),
    ...(hasProperty(table, 'updatedAt') ? { updatedAt: now } : {}),
    ...(hasProperty(table, 'version') ? { version: 1 } : {}),
    ...withoutUndefined(record),
    tenantId: context.tenantId,
  }));
  const names = table.columns.map(({ column }) => quoted(column)).join(', ');
  const values = table.columns.map(({ property }) => `v.${quoted(property)}`).join(', ');
  const rows = await context.session.query(
    `insert into ${table.name} as r (${names}) select ${values} from jsonb_to_recordset($1::jsonb) as v(${shape(table.columns)})
     returning ${selectList(kind, 'r')}`,
    [JSON.stringify(filled)],
  );
  return rows.map((row) => recordOf(kind, row));
}

/** One statement with the version in its condition: of two that change the same version only one can pass. */
export async function changeRecord<K extends Kind>(
  context: RecordContext,
  kind: K,
  id: string,
  patch: Patch<K>,
  version: number | undefined,
): Promise<RecordOf<K> | 'missing' | 'stale'> {
  if (!isUuid(id)) return 'missing';
  const table = tableOf(kind);
  const given = table.columns.filter(({ property }) => property in patch && valueOf(patch, property) !== undefined);
  const sets = given.map(({ column, property }) => `${quoted(column)} = v.${quoted(property)}`);
  if (hasProperty(table, 'version')) sets.push('version = r.version + 1');
  const parameters: unknown[] = [JSON.stringify(patch), context.tenantId, id];
  if (hasProperty(table, 'updatedAt')) sets.push(`updated_at = $${parameters.push(context.clock.now())}`);
  if (sets.length === 0) return (await findById(context, kind, id)) ?? 'missing';
  const stale = version === undefined ? '' : `and r.version = $${parameters.push(version)}`;
  const shaped = given.length > 0 ? given : table.columns.slice(0, 1);
  const [row] = await context.session.query(
    `update ${table.name} as r set ${sets.join(', ')} from jsonb_to_record($1::jsonb) as v(${shape(shaped)})
     where r.tenant_id = $2 and r.${quoted(table.key)} = $3 ${stale} returning ${selectList(kind, 'r')}`,
    parameters,
  );
  if (row) return recordOf(kind, row);
  return version !== undefined && (await findById(context, kind, id)) ? 'stale' : 'missing';
}

export async function removeRecords<K extends Kind>(context: RecordContext, kind: K, where: Where<K>): Promise<number> {
  const { text, parameters } = condition(context.tenantId, kind, where);
  const [row] = await context.session.query(
    `with gone as (delete from ${tableOf(kind).name} r where ${text} returning 1) select count(*)::int as n from gone`,
    parameters,
  );
  return Number(row?.['n']);
}

function shape(columns: readonly Column[]): string {
  return columns.map(({ property, type }) => `${quoted(property)} ${type}`).join(', ');
}

function withoutUndefined(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

const valueOf = (record: object, property: string): unknown => (record as Readonly<Record<string, unknown>>)[property];

/** User names are unique without regard to case, so they are looked up without it. */
const caseless = new Set(['user.userName', 'administrator.userName']);

function condition<K extends Kind>(tenantId: TenantId, kind: K, where: Where<K>): { text: string; parameters: unknown[] } {
  const parameters: unknown[] = [tenantId];
  const parts = ['r.tenant_id = $1'];
  for (const [property, wanted] of Object.entries(where) as [string, unknown][]) {
    if (wanted === undefined) continue;
    parts.push(comparison(columnOf(kind, property), caseless.has(`${kind}.${property}`), wanted, parameters));
  }
  return { text: parts.join(' and '), parameters };
}

function columnOf(kind: Kind, property: string): Column {
  const column = tableOf(kind).columns.find((known) => known.property === property);
  if (!column || column.type === 'jsonb') throw new Error(`Records of kind ${kind} cannot be asked for by ${property}`);
  return column;
}

function comparison(column: Column, isCaseless: boolean, wanted: unknown, parameters: unknown[]): string {
  const name = `r.${quoted(column.column)}`;
  if (wanted === null) return `${name} is null`;
  if (Array.isArray(wanted)) {
    const values = column.type === 'uuid' ? wanted.filter(isUuid) : wanted.filter((value) => value !== null);
    const list = `${isCaseless ? `lower(${name})` : name} = any(${isCaseless ? `(select lower(x) from unnest($${parameters.push(values)}::text[]) x)` : `$${parameters.push(values)}::${column.type}[]`})`;
    return wanted.includes(null) ? `(${list} or ${name} is null)` : list;
  }
  if (typeof wanted === 'object' && 'contains' in wanted)
    return `${name} ilike $${parameters.push(`%${String(wanted.contains).replace(/[\\%_]/g, '\\$&')}%`)}`;
  if (typeof wanted === 'object' && !(wanted instanceof Date)) {
    const { since, before } = wanted as { readonly since?: Date; readonly before?: Date };
    const parts = [since ? `${name} >= $${parameters.push(since)}` : '', before ? `${name} < $${parameters.push(before)}` : ''];
    return parts.filter((part) => part !== '').join(' and ') || 'true';
  }
  if (column.type === 'uuid' && !isUuid(wanted)) return 'false';
  if (isCaseless) return `lower(${name}) = lower($${parameters.push(wanted)})`;
  return `${name} = $${parameters.push(wanted)}`;
}

/** Ids come from URLs and clients: what is no UUID names nothing, and is not an error of the database. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}
