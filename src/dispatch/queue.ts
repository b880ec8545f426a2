/**
 * When and where work runs: pg-boss on the one database. The queue engine lives in this file and nowhere else. An entry names an
 * operation; the operation row is the record, so an entry that comes twice, late or never again does no harm. Start with startQueue.
 */
import { fromKysely, fromPglite, PgBoss, type Db, type KyselyTransactionLike, type PGliteLike } from 'pg-boss';
import { priorities, type Queue, type QueueEntry } from '../commands/ports.ts';
import type { OperationId, TargetId } from '../domain/vocabulary.ts';

export interface StartedQueue extends Queue {
  /** The most urgent due entries, within each target's limit over all processes, none of the ignored targets. */
  fetch(limit: number, ignored: readonly TargetId[]): Promise<readonly FetchedEntry[]>;
  complete(entryIds: readonly string[]): Promise<void>;
  /** Entries that a dead process had fetched: they count against their target's limit, and somebody else shall fetch them. Returns how many. */
  releaseStale(olderThanMs: number): Promise<number>;
  stop(): Promise<void>;
}
export interface FetchedEntry {
  readonly id: string;
  readonly operationId: OperationId;
  readonly targetId: TargetId;
}

const name = 'operations';
/** Exact up to 64 calls at once; above it twice as many at a step, for leases hold every target to its own number anyway. */
const exactTiers = 64;
const tierOf = (callsAtOnce: number): number => (callsAtOnce <= exactTiers ? callsAtOnce : 2 ** Math.ceil(Math.log2(callsAtOnce)));
const tiers = [...Array.from({ length: exactTiers }, (_, i) => i + 1), 128, 256];
const limits = { default: 8, tiers: Object.fromEntries(tiers.map((tier) => [String(tier), tier])) };

/** The most urgent first: each priority up to below the next. */
const bands = [
  { minPriority: priorities.login },
  { minPriority: priorities.change, maxPriority: priorities.login - 1 },
  { maxPriority: priorities.change - 1 },
];

export async function startQueue(
  database: { readonly pglite?: PGliteLike; readonly url?: string },
  onError: (error: Error) => void,
): Promise<StartedQueue> {
  const options = { supervise: true, schedule: false, maintenanceIntervalSeconds: 60 } as const;
  const boss = database.pglite
    ? new PgBoss({ ...options, db: fromPglite(database.pglite), backend: 'pglite' })
    : new PgBoss({ ...options, connectionString: database.url ?? '', max: 4 });
  boss.on('error', onError);
  await boss.start();
  // Usher dates retries itself, so an entry is tried once; done entries are of no interest: the operation is the record.
  const settings = { retryLimit: 0, expireInSeconds: 600, deleteAfterSeconds: 60, retentionSeconds: 366 * 24 * 3600 };
  if (await boss.getQueue(name)) await boss.updateQueue(name, settings);
  else await boss.createQueue(name, { policy: 'standard', ...settings });
  const db = boss.getDb();
  // Two fetches at the same moment would not see each other, and together take more than a target allows. A place that became free in the
  // middle of a fetch would go to something less urgent than what had just been passed over for want of one.
  const oneAtATime = async <T>(work: (only: Db | null) => Promise<T>): Promise<T> => {
    const transaction = database.pglite ? undefined : await db.beginTransaction?.();
    if (!transaction) return work(null);
    try {
      await transaction.db.executeSql('select pg_advisory_xact_lock(7231002)');
      const result = await work(transaction.db);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  };

  return {
    async enqueue(transaction, entries) {
      if (entries.length === 0) return;
      const trx = fromKysely(transaction as KyselyTransactionLike);
      await boss.insert(name, entries.map(asJob), { db: trx });
      // What is dated later wakes nobody now: a dispatcher that puts something off would wake itself, again and again.
      const soonest = entries.reduce(
        (first, entry) => (entry.startAfter < first ? entry.startAfter : first),
        entries[0]?.startAfter ?? new Date(0),
      );
      await trx.executeSql(`select pg_notify('usher_work', '') where $1::timestamptz <= clock_timestamp() + interval '20 milliseconds'`, [
        soonest,
      ]);
    },
    async waiting(transaction, entryIds) {
      const { rows } = await fromKysely(transaction as KyselyTransactionLike).executeSql(
        `select id from pgboss.job where name = $1 and id = any($2::uuid[]) and state < 'active'`,
        [name, entryIds],
      );
      return new Set((rows as { id: string }[]).map((row) => row.id));
    },
    async fetch(limit, ignored) {
      return oneAtATime(async (only) => {
        const fetched: FetchedEntry[] = [];
        // Within one target the engine chooses by id, so each priority is asked for by itself: else a hundred older changes hide a login.
        for (const band of bands) {
          if (fetched.length >= limit) break;
          const options = { batchSize: limit - fetched.length, groupConcurrency: limits, ignoreGroups: [...ignored], ...band };
          const jobs = await boss.fetch<{ operationId: OperationId; targetId: TargetId }>(name, {
            ...options,
            ...(only ? { db: only } : {}),
          });
          fetched.push(...jobs.map((job) => ({ id: job.id, operationId: job.data.operationId, targetId: job.data.targetId })));
        }
        return fetched;
      });
    },
    async complete(entryIds) {
      if (entryIds.length > 0) await oneAtATime((only) => boss.complete(name, [...entryIds], null, only ? { db: only } : {}));
    },
    async releaseStale(olderThanMs) {
      const { rows } = await db.executeSql(
        `update pgboss.job set state = 'created', started_on = null, heartbeat_on = null
         where name = $1 and state = 'active' and started_on < now() - $2::int * interval '1 millisecond' returning id`,
        [name, olderThanMs],
      );
      return rows.length;
    },
    async stop() {
      await boss.stop({ graceful: false, close: true });
    },
  };
}

function asJob(entry: QueueEntry) {
  return {
    id: entry.id,
    data: { operationId: entry.operationId, targetId: entry.targetId },
    priority: entry.priority,
    startAfter: entry.startAfter,
    group: { id: entry.targetId, tier: String(tierOf(entry.callsAtOnce)) },
  };
}
