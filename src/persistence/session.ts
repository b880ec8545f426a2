/** A place to run statements in: the pool, or one open transaction. Both databases look the same from here on. */
import { UniqueViolation } from '../commands/ports.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Session {
  /** Parameters are strings, numbers, booleans, null, Dates or arrays of strings; documents are given as JSON text. */
  query(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

/** An open transaction. It also looks like a Kysely transaction, which is what the queue engine's adapter asks for. */
export interface OpenTransaction extends Session {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Kysely's own signature, which the adapter asks for.
  executeQuery<R>(query: { readonly sql: string; readonly parameters: readonly unknown[] }): Promise<{ readonly rows: R[] }>;
}

/** One of the two databases. */
export interface Engine extends Session {
  transaction<T>(work: (transaction: OpenTransaction) => Promise<T>): Promise<T>;
  /** The plain form of node-postgres, for packages that bring their own SQL. */
  raw(text: string, parameters?: readonly unknown[]): Promise<{ readonly rows: Row[]; readonly rowCount: number }>;
  close(): Promise<void>;
}

/** Makes statements of one transaction follow each other, whatever the caller awaits: a connection takes one at a time. */
export function openTransaction(
  run: (text: string, parameters: readonly unknown[]) => Promise<Row[]>,
  runForeign: (text: string, parameters: readonly unknown[]) => Promise<Row[]>,
): OpenTransaction {
  let last: Promise<unknown> = Promise.resolve();
  const next = (work: () => Promise<Row[]>): Promise<Row[]> => {
    const turn = last.then(() => work().catch(translate));
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  };
  return {
    query: (text, parameters = []) => next(() => run(text, parameters)),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
    executeQuery: async <R>(compiled: { readonly sql: string; readonly parameters: readonly unknown[] }) => ({
      // The border to packages with SQL of their own: they know what their rows are.
      rows: (await next(() => runForeign(compiled.sql, compiled.parameters))) as R[],
    }),
  };
}

export function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Unique violations get a type of their own, which names the constraint and no value. */
export function translate(error: unknown): never {
  if (sqlState(error) === '23505' && error instanceof Error && 'constraint' in error)
    throw new UniqueViolation(String(error.constraint), { cause: error });
  throw error;
}
