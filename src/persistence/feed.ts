/**
 * The event feed. An event's position is (transaction, order within it); a reader is told only of transactions older than every one
 * that is still open, so an earlier position never appears behind a reader's back. Transaction numbers start anew when the data is
 * restored into another cluster; `feed.tx_offset` makes up for it (adjustFeed).
 */
import type { EventPage, EventRequest, NewEvent } from '../commands/ports.ts';
import type { Event, OperationId, TargetId, TenantId, UserId } from '../domain/vocabulary.ts';
import type { Session } from './session.ts';

export interface AppendedEvent {
  readonly tenantId: TenantId;
  readonly event: NewEvent;
}

const position = (row: Readonly<Record<string, unknown>>): string => `${String(row['tx'])}-${String(row['seq'])}`;

/** Also wakes the readers of every process when the transaction commits. */
export async function appendEvents(session: Session, now: Date, events: readonly AppendedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await session.query(
    `with added as (
       insert into event (tx, seq, tenant_id, type, at, user_id, target_id, operation_id, payload)
       select (select tx_offset from feed) + pg_current_xact_id()::text::bigint, nextval('event_seq'),
              v."tenantId", v.type, $2, v."userId", v."targetId", v."operationId", v.payload
       from jsonb_to_recordset($1::jsonb)
         as v("tenantId" uuid, type text, "userId" uuid, "targetId" uuid, "operationId" uuid, payload jsonb))
     select pg_notify('usher_events', '')`,
    [JSON.stringify(events.map(({ tenantId, event }) => ({ tenantId, ...event }))), now],
  );
}

export async function readEvents(session: Session, tenantId: TenantId, request: EventRequest): Promise<EventPage> {
  const parameters: unknown[] = [tenantId];
  const later = laterThan(request.after, parameters);
  const filters = [later];
  if (request.types) filters.push(`e.type = any($${parameters.push(request.types)}::text[])`);
  if (request.userId !== undefined) filters.push(`e.user_id = $${parameters.push(request.userId)}`);
  if (request.targetId !== undefined) filters.push(`e.target_id = $${parameters.push(request.targetId)}`);
  const limit = `$${parameters.push(request.first + 1)}`;
  // One statement and so one snapshot: "edge" is the oldest transaction that was open in it.
  const [row] = await session.query(
    `with edge as materialized (
       select (select tx_offset from feed) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint as tx),
     found as (
       select e.tx::text, e.seq::text, e.type, e.at, e.user_id, e.target_id, e.operation_id, e.payload
       from event e where e.tenant_id = $1 and e.tx < (select tx from edge) and ${filters.join(' and ')}
       order by e.tx, e.seq limit ${limit}),
     newest as (
       select e.tx::text, e.seq::text from event e where e.tenant_id = $1 and e.tx < (select tx from edge) and ${later}
       order by e.tx desc, e.seq desc limit 1)
     select (select json_agg(found order by found.tx::bigint, found.seq::bigint) from found) as items,
            (select to_json(newest) from newest) as newest,
            exists (select from event e where e.tenant_id = $1 and e.tx >= (select tx from edge)) as unsettled`,
    parameters,
  );
  const rows = (row?.['items'] ?? []) as readonly EventRow[];
  const items = rows.slice(0, request.first).map((found) => toEvent(tenantId, found));
  const newest = row?.['newest'] as Readonly<Record<string, unknown>> | null;
  const hasNextPage = rows.length > request.first;
  const last = items.at(-1)?.position ?? null;
  return {
    items,
    hasNextPage,
    endPosition: hasNextPage && last !== null ? last : newest ? position(newest) : (last ?? request.after),
    unsettled: row?.['unsettled'] === true,
  };
}

function laterThan(after: string | null, parameters: unknown[]): string {
  if (after === null) return 'true';
  const [, tx, seq] = /^(\d{1,18})-(\d{1,18})$/.exec(after) ?? [];
  if (tx === undefined || seq === undefined) throw new RangeError('This is not a position of the event feed.');
  return `(e.tx, e.seq) > ($${parameters.push(tx)}::bigint, $${parameters.push(seq)}::bigint)`;
}

interface EventRow {
  readonly tx: string;
  readonly seq: string;
  readonly type: string;
  readonly at: string;
  readonly user_id: UserId | null;
  readonly target_id: TargetId | null;
  readonly operation_id: OperationId | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

function toEvent(tenantId: TenantId, row: EventRow): Event {
  return {
    position: `${row.tx}-${row.seq}`,
    tenantId,
    type: row.type,
    at: new Date(row.at),
    userId: row.user_id,
    targetId: row.target_id,
    operationId: row.operation_id,
    payload: row.payload,
  };
}

/**
 * At start: where this cluster counts transactions below the newest event (the data came from another one), go on above it.
 * While Usher runs elsewhere on this database it changes nothing: whatever is committed is older than our own transaction.
 */
export async function adjustFeed(session: Session): Promise<void> {
  await session.query(
    `update feed set tx_offset = newest.tx + 1 - pg_current_xact_id()::text::bigint
     from (select max(tx) as tx from event) newest
     where newest.tx >= tx_offset + pg_current_xact_id()::text::bigint`,
  );
}

export async function lastPosition(session: Session, tenantId: TenantId): Promise<string | null> {
  const [row] = await session.query(
    `select tx::text, seq::text from event
     where tenant_id = $1 and tx < (select tx_offset from feed) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     order by event.tx desc, event.seq desc limit 1`,
    [tenantId],
  );
  return row ? position(row) : null;
}

/** The caller goes on while it deletes as many as allowed: in small bites nobody waits behind it. */
export async function deleteEvents(session: Session, before: Date, atMost: number): Promise<number> {
  const [row] = await session.query(
    `with gone as (delete from event where (tx, seq) in (select tx, seq from event where at < $1 order by at limit $2) returning 1)
     select count(*)::int as n from gone`,
    [before, atMost],
  );
  return Number(row?.['n']);
}
