/**
 * A database of its own for a test, migrated already: PGlite in memory, or where DATABASE_URL is set a database of that server, cloned
 * from a template and dropped at the end. The dump and the template are made once a run, by global-setup.ts.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { v7 } from 'uuid';
import type { Chance, Clock, Queue } from '../../src/commands/ports.ts';
import { openDatabase, type OpenDatabase } from '../../src/persistence/database.ts';
import { testQueue, testQueueTable } from './test-queue.ts';

export const testClock: Clock = { now: () => new Date() };
export const testChance: Chance = {
  random: () => Math.random(),
  uuid: () => v7(),
  secret: () => randomBytes(32).toString('base64url'),
};
export const testKeys = [{ id: 'test', key: Buffer.alloc(32, 7) }];

export interface TestDatabaseOptions {
  /** Default: one that only remembers its entries, in the table test_queue. */
  readonly queue?: () => Queue;
  readonly clock?: Clock;
  readonly chance?: Chance;
  readonly databasePool?: number;
}
/** What openDatabase is given, for a second process (or a second opening) on the same database. Null where it is embedded. */
export interface TestDatabase extends OpenDatabase {
  readonly parts: { readonly queue: () => Queue; readonly clock: Clock; readonly chance: Chance };
}

export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const parts = {
    queue: options.queue ?? (() => testQueue),
    clock: options.clock ?? testClock,
    chance: options.chance ?? testChance,
  };
  const server = process.env['DATABASE_URL'];
  const settings = { databasePool: options.databasePool ?? 10, dataDir: 'memory://', secretKeys: testKeys };
  if (server === undefined) {
    const file = process.env['USHER_TEST_DUMP'];
    const dump = file === undefined ? {} : { dump: new Blob([readFileSync(file)]) };
    const database = await openDatabase({ ...settings, databaseUrl: null }, { ...parts, ...dump });
    await database.query(testQueueTable);
    return { ...database, parts };
  }
  const template = process.env['USHER_TEST_TEMPLATE'];
  const own = await createDatabase(server, template ?? null);
  const database = await openDatabase({ ...settings, databaseUrl: own.url }, parts);
  await database.query(testQueueTable);
  return {
    ...database,
    parts,
    close: async () => {
      await database.close();
      await own.drop();
    },
  };
}

export interface OwnDatabase {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of this server, empty or cloned; whoever makes it drops it. */
export async function createDatabase(server: string, template: string | null): Promise<OwnDatabase> {
  const name = `usher_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, async (client) => {
    for (let time = 1; ; time++) {
      try {
        await client.query(`create database ${name}${template === null ? '' : ` template ${template}`}`);
        return;
      } catch (error) {
        // Two that clone one template at the same moment: the second is told that it is in use.
        if (!(error instanceof pg.DatabaseError && error.code === '55006') || time >= 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20 * time));
      }
    }
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)) };
}

async function onServer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
