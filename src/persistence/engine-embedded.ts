/**
 * PGlite as an engine: PostgreSQL inside this process, with its files in a folder. It has one connection: a statement outside waits for
 * the open transaction to end, so inside a transaction every statement goes through that transaction.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { DurableFiles, durableStartParameters } from './durable-files.ts';
import { lockFolder } from './folder-lock.ts';
import { openTransaction, translate, type Engine, type Row } from './session.ts';

export interface EmbeddedEngine extends Engine {
  readonly pglite: PGlite;
}

const vacuumEveryMs = 10 * 60_000;

/** `dump` is a data folder made by `dumpDataDir`: a database in memory starts with it, in a tenth of the time. */
export async function openEmbedded(dataDir: string, dump: Blob | null): Promise<EmbeddedEngine> {
  if (dataDir.startsWith('memory:')) return engineOf(await PGlite.create(dump ? { loadDataDir: dump } : {}), async () => undefined);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(dataDir);
  try {
    const pglite = await PGlite.create({ fs: new DurableFiles(join(dataDir, 'postgres')), startParams: durableStartParameters });
    return engineOf(pglite, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

function engineOf(pglite: PGlite, unlock: () => Promise<void>): EmbeddedEngine {
  // There is no autovacuum in a PostgreSQL of one process: without this the planner's numbers stay those of an empty database.
  let vacuum: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    vacuum = pglite.exec('vacuum analyze').catch(() => undefined);
  }, vacuumEveryMs);
  timer.unref();
  return {
    pglite,
    query: async (text, parameters = []) => (await pglite.query<Row>(text, [...parameters]).catch(translate)).rows,
    raw: async (text, parameters = []) => {
      const result = await pglite.query<Row>(text, [...parameters]);
      return { rows: result.rows, rowCount: Math.max(result.affectedRows ?? 0, result.rows.length) };
    },
    transaction: (work) =>
      pglite.transaction((tx) => work(openTransaction(async (text, parameters) => (await tx.query<Row>(text, [...parameters])).rows))),
    close: async () => {
      clearInterval(timer);
      await vacuum;
      if (!pglite.closed) await pglite.close();
      await unlock();
    },
  };
}
