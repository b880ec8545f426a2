/** Lists as Relay connections: paged by key, counted only when `totalCount` is asked for. */
import 'reflect-metadata';
import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { z } from 'zod';
import type { Kind, KindWithId, Page, PageRequest, ParentField, Reads, RecordOf, Where } from '../commands/ports.ts';
import { badInput } from './inputs.ts';
import { isId } from './ids.ts';
import type { Loaders } from './loaders.ts';
import type { Fields } from './results.ts';

@ArgsType()
export class PageArgs {
  static readonly schema = z.object({
    first: z.int().min(1, 'Ask for at least one.').max(100, 'Ask for at most 100 at once.'),
    after: z.string().max(200).nullish(),
  });
  @Field(() => Int, { defaultValue: 20, description: 'How many at most; 1 to 100.' }) first!: number;
  @Field(() => String, { nullable: true, description: 'The cursor to go on after.' }) after?: string | null;
}

@ObjectType({ description: 'Where a page begins and ends.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Something came before: the page goes on after a cursor. Whether that is still there is not looked up.',
  })
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first item. Lists are read forwards only.' })
  startCursor!: string | null;
  @Field(() => Boolean, { description: 'More follow.' }) hasNextPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the last item: `after` of the next page.' }) endCursor!: string | null;
}

/** What a resolver returns for a connection type. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: Fields<PageInfo>;
  readonly count: () => Promise<number>;
}

/** The connection type of a node type, `<name>Connection`. `plural` completes its description. Make it once, beside the node type. */
export function connectionOf<T extends object>(name: string, plural: string, nodeType: () => ClassType<T>): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: `One item of a page of ${plural}.` })
  class Edge {
    @Field(() => String, { description: 'Its place in this list.' }) cursor!: string;
    @Field(() => nodeType(), { description: 'The item itself.' }) node!: T;
  }
  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class ConnectionType {
    @Field(() => [Edge], { description: 'The items of this page.' }) edges!: readonly Edge[];
    @Field(() => PageInfo, { description: 'Where this page begins and ends.' }) pageInfo!: PageInfo;
    count!: () => Promise<number>;
    @Field(() => Int, { description: 'How many there are on all pages. Counted only when asked for.' })
    totalCount(): Promise<number> {
      return this.count();
    }
  }
  return ConnectionType;
}

export interface PageOptions<K extends Kind> {
  readonly where: Where<K>;
  readonly page: PageArgs;
  readonly newestFirst?: boolean;
}

/** Reads one page of a kind. */
export async function readPage<K extends KindWithId>(reads: Reads, kind: K, options: PageOptions<K>): Promise<Connection<RecordOf<K>>> {
  const read = await reads.page(kind, requestOf(options));
  return connection(
    options.page,
    read,
    (item) => item.id,
    () => reads.count(kind, options.where),
  );
}

/**
 * Reads one page of the records whose `field` is `parent`, for a field of a listed type: the pages of all listed ones are read together, and
 * so are their counts.
 */
export async function readPageOf<K extends KindWithId>(
  loaders: Loaders,
  kind: K,
  field: ParentField<K>,
  parent: string,
  options: PageOptions<K>,
): Promise<Connection<RecordOf<K>>> {
  const read = await loaders.pageOf(kind, field, parent, requestOf(options));
  return connection(
    options.page,
    read,
    (item) => item.id,
    () => loaders.countOf(kind, field, parent, options.where),
  );
}

const requestOf = <K extends Kind>({ where, page, newestFirst = false }: PageOptions<K>): PageRequest<K> => ({
  where,
  first: page.first,
  after: afterOf(page),
  newestFirst,
});

const afterOf = ({ after }: PageArgs): string | null => (after === undefined || after === null ? null : idOfCursor(after));

/** One page of what was read whole. `idOf` tells the id of an item, by which they come in order. */
export function pageOfAll<T>(all: readonly T[], page: PageArgs, idOf: (item: T) => string): Connection<T> {
  const after = afterOf(page);
  const rest = all.filter((item) => after === null || idOf(item) > after).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const read = { items: rest.slice(0, page.first), hasNextPage: rest.length > page.first };
  return connection(page, read, idOf, () => Promise.resolve(all.length));
}

/** The same page of what its items lead to, as of memberships their groups. What is gone meanwhile is left out. */
export async function leadingTo<T, N>(page: Connection<T>, read: (item: T) => Promise<N | null>): Promise<Connection<N>> {
  const edges = await Promise.all(page.edges.map(async ({ cursor, node }) => ({ cursor, node: await read(node) })));
  return { ...page, edges: edges.flatMap(({ cursor, node }) => (node === null ? [] : [{ cursor, node }])) };
}

function connection<T>(
  page: PageArgs,
  { items, hasNextPage }: Page<T>,
  idOf: (item: T) => string,
  count: () => Promise<number>,
): Connection<T> {
  const edges = items.map((node) => ({ cursor: cursorOf(idOf(node)), node }));
  const pageInfo = {
    hasPreviousPage: afterOf(page) !== null,
    startCursor: edges[0]?.cursor ?? null,
    hasNextPage,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo, count };
}

export const cursorOf = (key: string): string => Buffer.from(`after:${key}`).toString('base64url');

/** null where it is no cursor of ours. */
export function keyOfCursor(cursor: string): string | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  return text.startsWith('after:') ? text.slice('after:'.length) : null;
}

/** The id that a cursor goes on after; refuses one that is not ours. */
export function idOfCursor(cursor: string): string {
  const key = keyOfCursor(cursor);
  if (key === null || !isId(key)) throw badInput([{ path: ['after'], message: 'This is not a cursor of this list.' }]);
  return key;
}
