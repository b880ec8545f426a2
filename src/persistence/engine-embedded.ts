/**
 * PGlite as an engine: PostgreSQL inside this process, with its files in a folder. It has one connection: a statement outside waits for
 * the open transaction to end, so inside a transaction every statement goes through that transaction.
 */
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { makeDataFolder } from '../config/data-folder.ts';
import { DurableFiles, durableStartParameters } from './durable-files.ts';
import { emptyDatabase, ensureDatabase } from './empty-database.ts';
import { lockFolder } from './folder-lock.ts';
import { postgresProgram } from './postgres-program.ts';
import { embeddedStatements, plannerSettings } from './prepared.ts';
import { openTransaction, translate, type Engine, type Row } from './session.ts';

export interface EmbeddedEngine extends Engine {
  readonly pglite: PGlite;
}

const vacuumEveryMs = 10 * 60_000;

/** `dump` is a data folder made by `dumpDataDir`: a database in memory starts with it, in a tenth of the time. */
export async function openEmbedded(dataDir: string, dump: Blob | null): Promise<EmbeddedEngine> {
  if (dataDir.startsWith('memory:')) {
    const pglite = await PGlite.create({ loadDataDir: dump ?? (await emptyDatabase()), pgliteWasmModule: await postgresProgram() });
    return engineOf(pglite, async () => undefined);
  }
  makeDataFolder(dataDir);
  const unlock = await lockFolder(dataDir);
  try {
    const folder = join(dataDir, 'postgres');
    await ensureDatabase(folder);
    const pglite = await PGlite.create({
      fs: new DurableFiles(folder),
      startParams: durableStartParameters,
      pgliteWasmModule: await postgresProgram(),
    });
    return await engineOf(pglite, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function engineOf(pglite: PGlite, unlock: () => Promise<void>): Promise<EmbeddedEngine> {
  // There is no autovacuum in a PostgreSQL of one process: without this the planner's numbers stay those of an empty database.
  let vacuum: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    vacuum = pglite.exec('vacuum analyze').catch(() => undefined);
  }, vacuumEveryMs);
  timer.unref();
  await pglite.exec(plannerSettings.join('; '));
  await keepFewParsers(pglite);
  const prepared = embeddedStatements();
  const alone = async (text: string, parameters?: unknown[]): Promise<Row[]> => (await pglite.query<Row>(text, parameters)).rows;
  return {
    pglite,
    query: (text, parameters = []) => prepared(alone, text, parameters).catch(translate),
    raw: async (text, parameters = []) => {
      const result = await pglite.query<Row>(text, [...parameters]);
      return { rows: result.rows, rowCount: Math.max(result.affectedRows ?? 0, result.rows.length) };
    },
    transaction: (work) =>
      pglite.transaction((tx) => {
        const within = async (text: string, parameters?: unknown[]): Promise<Row[]> => (await tx.query<Row>(text, parameters)).rows;
        return work(
          openTransaction(
            (text, parameters) => prepared(within, text, parameters),
            (text, parameters) => within(text, [...parameters]),
          ),
        );
      }),
    close: async () => {
      clearInterval(timer);
      await vacuum;
      if (!pglite.closed) await pglite.close();
      await unlock();
    },
  };
}

const elements = [
  'bool',
  'int2',
  'int4',
  'int8',
  'float8',
  'numeric',
  'text',
  'varchar',
  'name',
  'uuid',
  'date',
  'timestamptz',
  'json',
  'jsonb',
];

/**
 * PGlite copies its parsers for every answer, and it has one for the array of every type, with those of each table's rows: 300, which took
 * longer than a small statement. Those that can come are kept.
 */
async function keepFewParsers(pglite: PGlite): Promise<void> {
  const { rows } = await pglite.query<{ typarray: number }>('select typarray from pg_type where typname = any($1)', [elements]);
  const arrays = rows.map(({ typarray }) => [typarray, pglite.parsers[typarray]] as const);
  pglite.parsers = { ...types.parsers, ...(Object.fromEntries(arrays) as typeof pglite.parsers) };
}
