/** A queue that remembers entries in a table of the same transaction: enough for tests of the database without the queue engine. */
import type { Queue, QueueEntry } from '../../src/commands/ports.ts';

interface Kysely {
  executeQuery(query: { sql: string; parameters: readonly unknown[] }): Promise<{ rows: Record<string, unknown>[] }>;
}
const run = async (transaction: unknown, sql: string, parameters: readonly unknown[]) =>
  (await (transaction as Kysely).executeQuery({ sql, parameters })).rows;

export const testQueueTable = `create table if not exists test_queue (id uuid primary key, operation_id uuid, target_id uuid, calls_at_once int, priority int, start_after timestamptz)`;

export const testQueue: Queue = {
  enqueue: async (transaction, entries: readonly QueueEntry[]) => {
    if (entries.length === 0) return;
    await run(
      transaction,
      `insert into test_queue select * from jsonb_to_recordset($1::jsonb)
         as v(id uuid, "operationId" uuid, "targetId" uuid, "callsAtOnce" int, priority int, "startAfter" timestamptz)`,
      [JSON.stringify(entries)],
    );
  },
  waiting: async (transaction, ids) => {
    const rows = await run(transaction, 'select id from test_queue where id = any($1::uuid[])', [ids]);
    return new Set(rows.map((row) => String(row['id'])));
  },
};
