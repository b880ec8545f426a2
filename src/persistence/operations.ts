/** Operations as the dispatcher works them, over all tenants: taken by lease, settled, given back, found again. */
import type { Backlog, LeasedOperation, Operations, QueueEntry } from '../commands/ports.ts';
import type { OperationId, TargetId, TenantId } from '../domain/vocabulary.ts';
import { passEndings } from './guard.ts';
import { lockPlaces, takeLeases } from './leased.ts';
import type { OperationsContext } from './operations-context.ts';
import { isUuid } from './records.ts';
import { settleAll } from './settle.ts';
import type { OpenTransaction, Row, Session } from './session.ts';

/** Work that has been due for less than this is left to the queue: its entry may be on its way. */
const sweepAfterMs = 10_000;
/** When to look again for a place at a target whose places are all taken. */
const placeRestMs = 100;
const sweepPage = 500;
const noId = '00000000-0000-0000-0000-000000000000';

export function createOperations(context: OperationsContext): Operations {
  return {
    lease: (ids, owner, until, now) =>
      context.transaction((transaction) => lease(context, transaction, ids.filter(isUuid), { owner, until, now })),
    settle: (settlements) => settleAll(context, settlements),
    release: (operation, dueAt) => context.transaction((transaction) => release(context, transaction, operation, dueAt)),
    sweep: async (now) => inPages((after) => context.transaction((transaction) => sweepSome(context, transaction, now, after))),
    freeAllLeases: async (now) => inPages((after) => context.transaction((transaction) => freeSome(context, transaction, now, after))),
    backlog: (now) => backlog(context.session, now),
    closedTargets: (now) => closedTargets(context.session, now),
  };
}

async function lease(
  context: OperationsContext,
  transaction: OpenTransaction,
  ids: readonly OperationId[],
  { owner, until, now }: { readonly owner: string; readonly until: Date; readonly now: Date },
): Promise<readonly LeasedOperation[]> {
  if (ids.length === 0) return [];
  await lockPlaces(transaction, { ofOperations: ids });
  const leased = await takeLeases(transaction, ids, owner, until, now);
  const taken = new Set(leased.map((each) => each.operation.id));
  const left = ids.filter((id) => !taken.has(id));
  if (left.length > 0) await enterLeft(context, transaction, left, now);
  return leased;
}

/** Their entry was fetched, but there was no place at the target, or our clock says that they are not due: nobody would come back to them. */
async function enterLeft(context: OperationsContext, transaction: OpenTransaction, ids: readonly OperationId[], now: Date): Promise<void> {
  const rows = await transaction.query(
    `select id, entry_id from operation where state = 'pending' and id = any($1::uuid[]) order by id for update skip locked`,
    [ids],
  );
  const alive = await waitingOf(context, transaction, rows);
  await enterAgain(
    context,
    transaction,
    rows.filter((row) => !alive.has(String(row['entry_id']))),
    new Date(now.getTime() + placeRestMs),
    '',
  );
}

function waitingOf(context: OperationsContext, transaction: OpenTransaction, rows: readonly Row[]): Promise<ReadonlySet<string>> {
  const entryIds = rows.flatMap(({ entry_id: entryId }) => (typeof entryId === 'string' ? [entryId] : []));
  return entryIds.length === 0 ? Promise.resolve(new Set()) : context.queue().waiting(transaction, entryIds);
}

/** The fencing number in its condition: a lease that somebody else took over is not given back in their name. */
const releaseSql = `
  with released as (
    update operation o set state = 'pending', lease_owner = null, lease_until = null, due_at = $4, entry_id = $5,
      kind = coalesce(o.next_kind, o.kind), trigger = case when o.next_kind is null then o.trigger else coalesce(o.next_trigger, o.trigger) end,
      ends_since = case when coalesce(o.next_kind, o.kind) = 'deprovision' then o.ends_since end, next_kind = null, next_trigger = null
    where o.id = $1 and o.tenant_id = $2 and o.fence = $3 and o.state = 'running'
    returning o.id, o.tenant_id, o.target_id, o.kind, o.priority, o.entry_id, o.due_at)
  select r.*, t.max_concurrent_calls from released r join target t on t.id = r.target_id`;

async function release(
  context: OperationsContext,
  transaction: OpenTransaction,
  operation: Parameters<Operations['release']>[0],
  dueAt: Date,
): Promise<void> {
  const rows = await transaction.query(releaseSql, [operation.id, operation.tenantId, operation.fence, dueAt, context.chance.uuid()]);
  await enqueue(context, transaction, rows);
}

/** What became an ending while it was leased passes the guard as any other. */
async function enqueue(context: OperationsContext, transaction: OpenTransaction, rows: readonly Row[]): Promise<void> {
  const ends = (row: Row): boolean => row['kind'] === 'deprovision';
  await context.queue().enqueue(transaction, rows.filter((row) => !ends(row)).map(toEntry));
  await passEndings(
    { transaction, clock: context.clock, chance: context.chance, queue: context.queue },
    rows.filter(ends).map((row) => {
      const entry = toEntry(row);
      return { tenantId: row['tenant_id'] as TenantId, operationId: entry.operationId, targetId: entry.targetId, entry };
    }),
    null,
  );
}

function toEntry(row: Row): QueueEntry {
  return {
    id: String(row['entry_id']),
    operationId: row['id'] as OperationId,
    targetId: row['target_id'] as TargetId,
    callsAtOnce: Number(row['max_concurrent_calls']),
    priority: Number(row['priority']),
    startAfter: row['due_at'] as Date,
  };
}

interface PageDone {
  readonly count: number;
  readonly next: string | null;
}

async function inPages(page: (after: string) => Promise<PageDone>): Promise<number> {
  let count = 0;
  for (let after: string | null = noId; after !== null;) {
    const done: PageDone = await page(after);
    count += done.count;
    after = done.next;
  }
  return count;
}

/** Gives each of these a new entry id, dated now or when it is due. Whoever holds a row at this moment is working on it: it is skipped. */
const reenter = (set: string): string => `
  with entered as (
    update operation o set ${set} entry_id = v."entryId"
    from jsonb_to_recordset($1::jsonb) as v(id uuid, "entryId" uuid)
    where o.id = v.id returning o.id, o.tenant_id, o.target_id, o.kind, o.priority, o.entry_id, greatest(o.due_at, $2::timestamptz) as due_at)
  select e.*, t.max_concurrent_calls from entered e join target t on t.id = e.target_id`;

async function sweepSome(context: OperationsContext, transaction: OpenTransaction, now: Date, after: string): Promise<PageDone> {
  const overdue = new Date(now.getTime() - sweepAfterMs);
  const rows = await transaction.query(
    `select id, entry_id from operation
     where ((state = 'pending' and due_at <= $1) or (state = 'running' and lease_until <= $1)) and id > $2
     order by id limit ${sweepPage} for update skip locked`,
    [overdue, after],
  );
  const alive = await context.queue().waiting(
    transaction,
    rows.flatMap((row) => (typeof row['entry_id'] === 'string' ? [row['entry_id']] : [])),
  );
  const lost = rows.filter((row) => !(typeof row['entry_id'] === 'string' && alive.has(row['entry_id'])));
  await enterAgain(context, transaction, lost, now, '');
  return { count: lost.length, next: rows.length < sweepPage ? null : String(rows.at(-1)?.['id']) };
}

async function freeSome(context: OperationsContext, transaction: OpenTransaction, now: Date, after: string): Promise<PageDone> {
  const rows = await transaction.query(
    `select id from operation where state = 'running' and id > $1 order by id limit ${sweepPage} for update`,
    [after],
  );
  // The process that held them is gone, and may have written before it went.
  const freed = `state = 'pending', lease_owner = null, lease_until = null, due_at = $2, may_have_applied = true, fence = o.fence + 1,
    kind = coalesce(o.next_kind, o.kind), trigger = case when o.next_kind is null then o.trigger else coalesce(o.next_trigger, o.trigger) end,
    ends_since = case when coalesce(o.next_kind, o.kind) = 'deprovision' then o.ends_since end, next_kind = null, next_trigger = null,`;
  await enterAgain(context, transaction, rows, now, freed);
  return { count: rows.length, next: rows.length < sweepPage ? null : String(rows.at(-1)?.['id']) };
}

async function enterAgain(
  context: OperationsContext,
  transaction: OpenTransaction,
  rows: readonly Row[],
  now: Date,
  set: string,
): Promise<void> {
  if (rows.length === 0) return;
  const entries = rows.map((row) => ({ id: row['id'], entryId: context.chance.uuid() }));
  const entered = await transaction.query(reenter(set), [JSON.stringify(entries), now]);
  await (set === '' ? context.queue().enqueue(transaction, entered.map(toEntry)) : enqueue(context, transaction, entered));
}

async function closedTargets(session: Session, now: Date): Promise<{ closed: readonly TargetId[]; probing: readonly TargetId[] }> {
  const rows = await session.query(
    `select t.id, not (t.enabled and ip.enabled) or tc.suspended_at is not null or coalesce(tc.paused_until > $1, false)
              or coalesce(tc.circuit_open_until > $1, false) as closed
     from target t join identity_provider ip on ip.id = t.identity_provider_id left join target_condition tc on tc.target_id = t.id
     where not t.enabled or not ip.enabled or tc.suspended_at is not null or tc.paused_until > $1 or tc.circuit_open_until is not null`,
    [now],
  );
  const ids = (closed: boolean): TargetId[] => rows.filter((row) => row['closed'] === closed).map((row) => row['id'] as TargetId);
  return { closed: ids(true), probing: ids(false) };
}

async function backlog(session: Session, now: Date): Promise<readonly Backlog[]> {
  const rows = await session.query(
    `select t.id, coalesce(o.unfinished, 0) as unfinished, coalesce(o.due, 0) as due, coalesce(o.held, 0) as held,
       coalesce(extract(epoch from $1 - o.oldest), 0)::float8 as oldest,
       case when tc.circuit_open_until is null then 'closed' when tc.circuit_open_until > $1 then 'open' else 'half-open' end as circuit,
       tc.suspended_at is not null as suspended
     from target t
     left join target_condition tc on tc.target_id = t.id
     left join (
       select target_id, count(*)::int as unfinished, count(*) filter (where state = 'pending' and due_at <= $1)::int as due,
         count(*) filter (where state = 'held')::int as held,
         min(due_at) filter (where state = 'pending' and due_at <= $1) as oldest
       from operation where state in ('pending', 'running', 'held') group by target_id) o on o.target_id = t.id
     where o.unfinished > 0 or tc.suspended_at is not null or tc.circuit_open_until is not null`,
    [now],
  );
  return rows.map((row) => ({
    targetId: row['id'] as TargetId,
    unfinished: Number(row['unfinished']),
    due: Number(row['due']),
    held: Number(row['held']),
    oldestDueSeconds: Number(row['oldest']),
    circuit: row['circuit'] as Backlog['circuit'],
    suspended: row['suspended'] === true,
  }));
}
