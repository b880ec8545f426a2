/** Intentions put into their lanes: one statement for any number of them, and their queue entries in the same transaction. */
import type { Chance, Clock, LaneAnswer, LaneRequest, LeasedOperation, Queue, QueueEntry } from '../commands/ports.ts';
import { priorities } from '../commands/ports.ts';
import type { OperationId, TargetId, TenantId } from '../domain/vocabulary.ts';
import type { Ending } from './guard.ts';
import { freePlaces, lockPlaces, readLeased } from './leased.ts';
import type { OpenTransaction } from './session.ts';
import { lastIsUnsettled } from './unsettled.ts';

export interface LaneContext {
  readonly transaction: OpenTransaction;
  readonly tenantId: TenantId;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly queue: () => Queue;
  /** Collects what ends accounts: it passes the guard when the transaction is about to commit, and only then gets its queue entry. */
  readonly endings: Ending[];
}

/** The entry of something leased wakes up a little after the lease has lapsed: clocks of two machines are never quite the same. */
export const afterLapse = (until: Date): Date => new Date(until.getTime() + 1_000);

/**
 * Wins these races by the partial unique index `operation_lane`: two that ask for one lane at the same time (the second waits for the
 * first and joins it), and one that asks while the lane's operation is being settled (it waits, and joins or makes a new one).
 *
 * `next_trigger` is null in the proposed row where the asker is content with what runs already; it is read only beside `next_kind`.
 */
const writeLanesSql = `
  with written as (
    insert into operation as o (id, tenant_id, user_id, target_id, kind, state, trigger, service_provider_id, priority, due_at,
                                lease_owner, lease_until, fence, entry_id, created_at, next_trigger, may_have_applied)
    select v.id, $2, v."userId", v."targetId", v.kind, case when leased then 'running' else 'pending' end, v.trigger,
           v."serviceProviderId", v.priority, v."dueAt", case when leased then v."leaseOwner" end, case when leased then v."leaseUntil" end,
           case when leased then 1 else 0 end, v."entryId", $3, case when v."joinRunning" then null else v.trigger end,
           ${lastIsUnsettled('v."userId"', 'v."targetId"')}
    from jsonb_to_recordset($1::jsonb) as v(id uuid, "userId" uuid, "targetId" uuid, kind text, trigger text, "serviceProviderId" uuid,
           priority int, "dueAt" timestamptz, "leaseOwner" text, "leaseUntil" timestamptz, "entryId" uuid, "joinRunning" bool)
    join "user" u on u.id = v."userId" and u.tenant_id = $2
    join target t on t.id = v."targetId" and t.tenant_id = $2
    cross join lateral (select v."leaseOwner" is not null and v."dueAt" <= $3 and ${freePlaces('$3')} > 0 as leased) l
    order by v."userId", v."targetId"
    on conflict (user_id, target_id) where state in ('pending', 'running', 'held') do update set
      kind = case when $PENDING or $TAKES then excluded.kind else o.kind end,
      trigger = case when ($PENDING or $TAKES) and $RENEWED then excluded.trigger else o.trigger end,
      service_provider_id = case when ($PENDING or $TAKES) and $RENEWED then excluded.service_provider_id else o.service_provider_id end,
      attempts = case when $PENDING and $RENEWED then 0 else o.attempts end,
      priority = greatest(o.priority, excluded.priority),
      due_at = $DUE,
      state = case when $TAKES then 'running' when $PENDING then 'pending' else o.state end,
      lease_owner = case when $TAKES then excluded.lease_owner else o.lease_owner end,
      lease_until = case when $TAKES then excluded.lease_until else o.lease_until end,
      fence = o.fence + case when $TAKES then 1 else 0 end,
      -- Whoever held it before may have written without telling.
      may_have_applied = o.may_have_applied or ($TAKES and o.state = 'running'),
      unanswered_at = case when $TAKES and o.state = 'running' then $3 else o.unanswered_at end,
      next_kind = case when $PENDING or $TAKES then null when $CONTENT then o.next_kind else excluded.kind end,
      held_at = case when $PENDING or $TAKES then null else o.held_at end,
      ends_since = case when ($PENDING or $TAKES) and excluded.kind = 'provision' then null else o.ends_since end,
      confirmed = o.confirmed and excluded.kind = o.kind,
      next_trigger = case when $PENDING or $TAKES then null when $CONTENT then o.next_trigger
                          when o.next_kind is not null and o.next_trigger = 'operator' then 'operator' else excluded.trigger end,
      entry_id = case when $TAKES or ($PENDING and (o.state = 'held' or $DUE < o.due_at or excluded.priority > o.priority)) then excluded.entry_id else o.entry_id end
    returning o.id, o.user_id, o.target_id, o.state, o.priority, o.due_at, o.lease_until, o.entry_id, o.next_kind)
  select w.*, t.max_concurrent_calls from written w join target t on t.id = w.target_id`
  // An ending that is held and asked for once more goes on being held.
  .replaceAll('$CONTENT', `(o.state = 'held' or (excluded.next_trigger is null and o.kind = excluded.kind and o.next_kind is null))`)
  .replaceAll('$TAKES', `(excluded.state = 'running' and (($PENDING and $DUE <= $3) or (not $PENDING and o.lease_until <= $3)))`)
  .replaceAll('$DUE', '(case when $PENDING and $RENEWED then least(o.due_at, excluded.due_at) else o.due_at end)')
  // An operator wants it now and whole; another kind is another intention: neither waits out the old one's failures.
  .replaceAll('$RENEWED', `(excluded.trigger = 'operator' or excluded.kind <> o.kind)`)
  // A person who is to have an account again is not held up by the guard.
  .replaceAll('$PENDING', `(o.state = 'pending' or (o.state = 'held' and excluded.kind = 'provision'))`);

interface Proposal extends Omit<LaneRequest, 'priority' | 'dueAt' | 'lease'> {
  readonly id: OperationId;
  readonly entryId: string;
  readonly priority: number;
  readonly dueAt: Date;
  readonly leaseOwner: string | null;
  readonly leaseUntil: Date | null;
}

/** Order of answers is order of requests. Throws where a user or target is none of this tenant. */
export async function requestLanes(context: LaneContext, requests: readonly LaneRequest[]): Promise<readonly LaneAnswer[]> {
  const answers = new Map<LaneRequest, LaneAnswer>();
  // The same lane twice in one statement is an error of PostgreSQL: the second wish comes after the first.
  for (let rest = requests; rest.length > 0;) {
    const lanes = new Map(rest.toReversed().map((request) => [`${request.userId} ${request.targetId}`, request]));
    const round = rest.filter((request) => lanes.get(`${request.userId} ${request.targetId}`) === request);
    const written = await writeRound(context, round);
    round.forEach((request, index) => written[index] && answers.set(request, written[index]));
    rest = rest.filter((request) => !round.includes(request));
  }
  return requests.flatMap((request) => answers.get(request) ?? []);
}

async function writeRound(context: LaneContext, requests: readonly LaneRequest[]): Promise<readonly LaneAnswer[]> {
  const now = context.clock.now();
  const proposals = requests.map((request) => propose(context, request, now));
  const leasing = requests.flatMap((request) => (request.lease ? [request.targetId] : []));
  if (leasing.length > 0) await lockPlaces(context.transaction, leasing);
  const rows = await context.transaction.query(writeLanesSql, [JSON.stringify(proposals), context.tenantId, now]);
  const byLane = new Map(rows.map((row) => [`${String(row['user_id'])} ${String(row['target_id'])}`, row]));
  const entries: QueueEntry[] = [];
  const leasedIds: OperationId[] = [];
  const outcomes = proposals.map((proposal) => {
    const row = byLane.get(`${proposal.userId} ${proposal.targetId}`);
    if (!row) throw new Error(`There is no user ${proposal.userId} or no target ${proposal.targetId} in this tenant.`);
    const id = row['id'] as OperationId;
    const isNewEntry = row['entry_id'] === proposal.entryId;
    const isLeased = isNewEntry && row['state'] === 'running' && proposal.leaseUntil !== null;
    if (isLeased) leasedIds.push(id);
    const targetId = row['target_id'] as TargetId;
    const entry: QueueEntry | null = isNewEntry
      ? {
          id: proposal.entryId,
          operationId: id,
          targetId,
          callsAtOnce: Number(row['max_concurrent_calls']),
          priority: Number(row['priority']),
          startAfter: isLeased ? afterLapse(proposal.leaseUntil) : (row['due_at'] as Date),
        }
      : null;
    if (proposal.kind === 'deprovision' && !isLeased && row['state'] !== 'held')
      context.endings.push({ tenantId: context.tenantId, operationId: id, targetId, entry });
    else if (entry) entries.push(entry);
    return { id, outcome: id === proposal.id ? ('made' as const) : ('joined' as const), follows: row['next_kind'] !== null };
  });
  const leased = await readLeased(context.transaction, leasedIds, now);
  await context.queue().enqueue(context.transaction, entries);
  const byId = new Map<string, LeasedOperation>(leased.map((found) => [found.operation.id, found]));
  return outcomes.map(({ id, outcome, follows }) => ({ operationId: id, outcome, follows, leased: byId.get(id) ?? null }));
}

function propose(context: LaneContext, request: LaneRequest, now: Date): Proposal {
  return {
    userId: request.userId,
    targetId: request.targetId,
    kind: request.kind,
    trigger: request.trigger,
    serviceProviderId: request.serviceProviderId,
    joinRunning: request.joinRunning,
    id: context.chance.uuid() as OperationId,
    entryId: context.chance.uuid(),
    priority: priorities[request.priority],
    dueAt: request.dueAt ?? now,
    leaseOwner: request.lease?.owner ?? null,
    leaseUntil: request.lease?.until ?? null,
  };
}
