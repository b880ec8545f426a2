/**
 * The blast-radius guard: whatever is to end an account passes here when its transaction is about to commit, and waits for a person where
 * too many would end within the target's window. It knows no rule, gate or mutation: endings enter lanes in lanes.ts and in operations'
 * own next steps, and each of these ends here. Start with passEndings.
 */
import type { Chance, Clock, Queue, QueueEntry } from '../commands/ports.ts';
import { exceedsGuard } from '../domain/removal-guard.ts';
import type { OperationId, TargetId, TenantId } from '../domain/vocabulary.ts';
import { appendEvents } from './feed.ts';
import type { OpenTransaction, Row } from './session.ts';

export interface GuardContext {
  readonly transaction: OpenTransaction;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly queue: () => Queue;
}

/** An operation that became an ending in this transaction, or was asked to be one again. */
export interface Ending {
  readonly tenantId: TenantId;
  readonly operationId: OperationId;
  readonly targetId: TargetId;
  /** Written where the ending may go on; null: it has one, or runs at this moment and ends the account afterwards. */
  readonly entry: QueueEntry | null;
}

/**
 * Of one target's endings one transaction counts after the other. It is the last lock a transaction takes, and nothing is waited for under
 * it: rows that somebody else holds are left to their own count.
 */
const lockGuardsSql = `
  select pg_advisory_xact_lock(7231004, key) from (select distinct hashtext(id) as key from unnest($1::text[]) as id order by 1) keys`;

/** Notes since when each is an ending. What finds nothing to end is none: an account that is left, was deactivated before, or never came to be. */
const markSql = `
  with mine as (
    select o.id, t.removal <> 'leave' and case when l.id is null then o.may_have_applied
        else l.active or t.removal = 'delete' or coalesce(l.delete_at <= $3, false) end as ends
    from operation o join target t on t.id = o.target_id
    left join link l on l.user_id = o.user_id and l.target_id = o.target_id
    where o.tenant_id = $1 and o.id = any($2::uuid[]) and o.state = 'pending' and o.kind = 'deprovision')
  update operation o set ends_since = case when mine.ends then coalesce(o.ends_since, $3) end, confirmed = o.confirmed or $4::bool
  from mine where o.id = mine.id
  returning o.target_id, o.confirmed or o.ends_since is null as free`;

const countSql = `
  select t.id, t.guard_enabled, t.guard_count, t.guard_percent, t.guard_percent_from,
    $3::timestamptz - t.guard_window_minutes * interval '1 minute' as since, e.endings, e.ended
  from target t cross join lateral (
    select count(*)::int as endings, count(*) filter (where o.state = 'succeeded')::int as ended from operation o
    where o.target_id = t.id and o.ends_since > $3::timestamptz - t.guard_window_minutes * interval '1 minute'
      and not o.confirmed and o.state <> 'cancelled') e
  where t.tenant_id = $1 and t.id = any($2::uuid[]) order by t.id`;

/** What has not begun yet is held with it, so that a person sees the whole list. */
const holdSql = `
  with waiting as (
    select id from operation where tenant_id = $1 and target_id = $2 and state = 'pending' and kind = 'deprovision' and not confirmed and ends_since > $3
      and (tries = 0 or id = any($4::uuid[]))
    order by id for update skip locked)
  update operation o set state = 'held', held_at = $5, entry_id = null from waiting where o.id = waiting.id returning o.id`;

/** From the target on: by the tenant a plan from the day when the table was empty would look through all of its links. */
const activeLinksSql = `
  select count(l.id)::int as active from target t join link l on l.target_id = t.id and l.active where t.tenant_id = $1 and t.id = $2`;

/** `confirmedUpTo`: a person has seen that this transaction ends at most so many; null: nobody has. */
export async function passEndings(context: GuardContext, endings: readonly Ending[], confirmedUpTo: number | null): Promise<void> {
  if (endings.length === 0) return;
  const { transaction } = context;
  const confirmed = confirmedUpTo !== null && new Set(endings.map((ending) => ending.operationId)).size <= confirmedUpTo;
  await transaction.query(lockGuardsSql, [[...new Set(endings.map((ending) => ending.targetId))]]);
  const held = new Set<OperationId>();
  for (const [tenantId, its] of Map.groupBy(endings, (ending) => ending.tenantId)) {
    const ids = [...new Set(its.map((ending) => ending.operationId))];
    for (const id of await holdTooMany(context, tenantId, ids, confirmed)) held.add(id);
  }
  await context.queue().enqueue(
    transaction,
    endings.flatMap(({ operationId, entry }) => (entry && !held.has(operationId) ? [entry] : [])),
  );
}

/** Returns what is held. */
async function holdTooMany(
  context: GuardContext,
  tenantId: TenantId,
  ids: readonly OperationId[],
  confirmed: boolean,
): Promise<readonly OperationId[]> {
  const { transaction } = context;
  const now = context.clock.now();
  const marked = await transaction.query(markSql, [tenantId, ids, now, confirmed]);
  // What runs at this moment keeps the word for what follows it.
  if (confirmed)
    await transaction.query(`update operation set confirmed = true where tenant_id = $1 and id = any($2::uuid[]) and state = 'running'`, [
      tenantId,
      ids,
    ]);
  const counted = [...new Set(marked.filter((row) => row['free'] !== true).map((row) => String(row['target_id'])))];
  const held: OperationId[] = [];
  if (counted.length > 0)
    for (const row of await transaction.query(countSql, [tenantId, counted, now]))
      if (await exceeds(transaction, tenantId, row)) held.push(...(await hold(transaction, tenantId, row, ids, now)));
  return held;
}

async function exceeds(transaction: OpenTransaction, tenantId: TenantId, row: Row): Promise<boolean> {
  if (row['guard_enabled'] !== true) return false;
  const guard = {
    guardCount: Number(row['guard_count']),
    guardPercent: Number(row['guard_percent']),
    guardPercentFrom: Number(row['guard_percent_from']),
  };
  const endings = Number(row['endings']);
  // Counting the accounts of a large target takes a while: only where it matters.
  if (endings <= guard.guardPercentFrom) return exceedsGuard(guard, endings, 0);
  const [links] = await transaction.query(activeLinksSql, [tenantId, row['id']]);
  return exceedsGuard(guard, endings, Number(links?.['active']) + Number(row['ended']));
}

async function hold(
  transaction: OpenTransaction,
  tenantId: TenantId,
  row: Row,
  ids: readonly OperationId[],
  now: Date,
): Promise<readonly OperationId[]> {
  const rows = await transaction.query(holdSql, [tenantId, row['id'], row['since'], ids, now]);
  if (rows.length === 0) return [];
  const [all] = await transaction.query(
    `select count(*)::int as held from operation where tenant_id = $1 and target_id = $2 and state = 'held'`,
    [tenantId, row['id']],
  );
  const payload = { held: rows.length, waiting: Number(all?.['held']) };
  await appendEvents(transaction, now, [{ tenantId, event: { type: 'removals.held', targetId: row['id'] as TargetId, payload } }]);
  return rows.map((held) => held['id'] as OperationId);
}
