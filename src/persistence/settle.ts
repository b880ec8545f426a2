/** Attempts brought to their end: for any number of them one short transaction of a handful of statements. */
import { UniqueViolation, type NewEvent, type QueueEntry, type Settled, type Settlement } from '../commands/ports.ts';
import type { OperationId, OperationKind, TargetId, UserId } from '../domain/vocabulary.ts';
import { learn } from './conditions.ts';
import { appendEvents, type AppendedEvent } from './feed.ts';
import { passEndings, type Ending } from './guard.ts';
import type { OperationsContext } from './operations-context.ts';
import type { OpenTransaction } from './session.ts';
import { mayHaveApplied, writeTraces, type Ended } from './settle-traces.ts';

export async function settleAll(context: OperationsContext, settlements: readonly Settlement[]): Promise<readonly Settled[]> {
  if (settlements.length === 0) return [];
  try {
    return await context.transaction((transaction) => settleOnce(context, transaction, settlements));
  } catch (error) {
    if (!(error instanceof UniqueViolation && error.constraint === 'link_target_account_unique')) throw error;
    const [only] = settlements;
    // One bad apple is found by settling each alone; it alone is given up.
    if (settlements.length === 1 && only) return settleAll(context, [linkedElsewhere(only)]);
    const settled: Settled[] = [];
    for (const settlement of settlements) settled.push(...(await settleAll(context, [settlement])));
    return settled;
  }
}

/** The account belongs to another user already: two people must never share one. */
function linkedElsewhere(settlement: Settlement): Settlement {
  return {
    ...settlement,
    outcome: {
      kind: 'failed',
      failure: { kind: 'conflict' },
      message: 'The account that matches this user is linked to another user.',
      mayHaveApplied: settlement.operation.mayHaveApplied,
      unanswered: false,
      link: { kind: 'keep' },
    },
  };
}

/**
 * The rows are locked in the order of their ids, as leases are, and compared with the fencing number only then: of two that settle one
 * operation the second finds it settled, and a process whose lease was taken over is refused. What was asked for meanwhile (next_kind)
 * is read under the same lock, so none of it is lost: the lane's next asker waits for this commit.
 */
const endAttemptsSql = `
  with v as materialized (
    select * from jsonb_to_recordset($1::jsonb) as v(id uuid, "tenantId" uuid, fence int, outcome text, "dueAt" timestamptz, counts bool,
      "mayHaveApplied" bool, "unansweredAt" timestamptz, "failureKind" text, "failureAttribute" text, "failureMessage" text, "entryId" uuid)),
  held as materialized (
    select o.id, o.fence, o.state, o.kind, o.next_kind, o.next_trigger, o.confirmed from operation o
    where o.id in (select id from v) order by o.id for update)
  update operation o set
    state = case when v.outcome = 'again' then 'pending' else v.outcome end,
    settled_at = case when v.outcome = 'again' then null else $2::timestamptz end,
    tries = o.tries + 1,
    attempts = case when v.outcome = 'again' and coalesce(held.next_kind <> held.kind, false) then 0
                    else o.attempts + case when v.counts then 1 else 0 end end,
    -- Going on with what was asked for meanwhile is the one more that follows.
    kind = case when v.outcome = 'again' then coalesce(held.next_kind, o.kind) else o.kind end,
    ends_since = case when v.outcome = 'again' and coalesce(held.next_kind, o.kind) = 'provision' then null else o.ends_since end,
    trigger = case when v.outcome = 'again' and held.next_kind is not null then coalesce(held.next_trigger, o.trigger) else o.trigger end,
    due_at = case when v.outcome <> 'again' then o.due_at when coalesce(held.next_kind <> held.kind, false) then $2 else v."dueAt" end,
    entry_id = case when v.outcome = 'again' then v."entryId" end,
    lease_owner = null, lease_until = null, next_kind = null, next_trigger = null,
    may_have_applied = v."mayHaveApplied",
    unanswered_at = case when v."mayHaveApplied" then coalesce(v."unansweredAt", o.unanswered_at) end, failure_kind = v."failureKind", failure_attribute = v."failureAttribute",
    failure_message = v."failureMessage"
  from v join held on held.id = v.id, target t
  where o.id = v.id and o.tenant_id = v."tenantId" and held.fence = v.fence and held.state = 'running' and t.id = o.target_id
  returning o.id, o.user_id, o.target_id, o.attempts, o.tries, o.priority, o.due_at, o.service_provider_id, held.kind as ran_kind,
    o.kind, held.next_kind, held.next_trigger, held.confirmed, t.max_concurrent_calls`;

async function settleOnce(
  context: OperationsContext,
  transaction: OpenTransaction,
  settlements: readonly Settlement[],
): Promise<readonly Settled[]> {
  const now = context.clock.now();
  const ended = await endAttempts(context, transaction, settlements, now);
  if (ended.size === 0) return settlements.map(() => 'refused');
  const all = [...ended.values()];
  await writeTraces(context, transaction, all, now);
  const lessons = all.map(({ settlement, targetId }) => ({
    tenantId: settlement.tenantId,
    targetId,
    startedAt: settlement.attempt.startedAt,
    condition: settlement.condition,
  }));
  const taught = await learn(transaction, lessons, now);
  await context.queue().enqueue(
    transaction,
    all.flatMap((end) => (becomesEnding(end) ? [] : entryOf(end, now))),
  );
  await appendEvents(transaction, now, [...all.flatMap(eventsOf), ...taught]);
  await announce(
    transaction,
    all.map((end) => end.settlement.operation.id),
  );
  const endings = all.filter(becomesEnding).flatMap((end) => entryOf(end, now).map((entry) => toEnding(end, entry)));
  await passEndings({ transaction, clock: context.clock, chance: context.chance, queue: context.queue }, endings, null);
  return settlements.map((settlement) => (ended.has(settlement) ? 'settled' : 'refused'));
}

async function endAttempts(
  context: OperationsContext,
  transaction: OpenTransaction,
  settlements: readonly Settlement[],
  now: Date,
): Promise<ReadonlyMap<Settlement, Ended>> {
  // Of two settlements of one operation in a batch the first counts.
  const firsts = new Map(
    settlements.toReversed().map((settlement) => [settlement.operation.id, { settlement, entryId: context.chance.uuid() }]),
  );
  const proposals = [...firsts.values()].map(({ settlement, entryId }) => propose(settlement, entryId));
  const rows = await transaction.query(endAttemptsSql, [JSON.stringify(proposals), now]);
  return new Map(
    rows.flatMap((row): readonly [Settlement, Ended][] => {
      const first = firsts.get(row['id'] as OperationId);
      if (!first) return [];
      const { settlement, entryId } = first;
      const nextKind = settlement.outcome.kind === 'again' ? null : (row['next_kind'] as OperationKind | null);
      const next = nextKind && {
        id: context.chance.uuid() as OperationId,
        kind: nextKind,
        trigger: typeof row['next_trigger'] === 'string' ? row['next_trigger'] : 'change',
        confirmed: nextKind === 'deprovision' && row['confirmed'] === true,
      };
      const ended: Ended = {
        settlement,
        entryId,
        next,
        userId: row['user_id'] as UserId,
        targetId: row['target_id'] as TargetId,
        attempts: Number(row['attempts']),
        tries: Number(row['tries']),
        priority: Number(row['priority']),
        dueAt: row['due_at'] as Date,
        serviceProviderId: row['service_provider_id'] as string | null,
        callsAtOnce: Number(row['max_concurrent_calls']),
        ranKind: row['ran_kind'] as OperationKind,
        kind: row['kind'] as OperationKind,
      };
      return [[settlement, ended]];
    }),
  );
}

function propose(settlement: Settlement, entryId: string): Readonly<Record<string, unknown>> {
  const { operation, outcome } = settlement;
  const failed = outcome.kind === 'succeeded' ? null : outcome;
  return {
    id: operation.id,
    tenantId: settlement.tenantId,
    fence: operation.fence,
    entryId,
    outcome: outcome.kind,
    dueAt: outcome.kind === 'again' ? outcome.dueAt : null,
    counts: outcome.kind !== 'again' || outcome.countsAttempt,
    mayHaveApplied: mayHaveApplied(settlement),
    unansweredAt: failed?.unanswered === true ? settlement.attempt.endedAt : null,
    failureKind: failed?.failure.kind ?? null,
    failureAttribute: failed && 'attribute' in failed.failure ? failed.failure.attribute : null,
    failureMessage: failed?.message ?? null,
  };
}

function entryOf(end: Ended, now: Date): readonly QueueEntry[] {
  const again = end.settlement.outcome.kind === 'again';
  if (!again && !end.next) return [];
  const entry = { id: end.entryId, targetId: end.targetId, callsAtOnce: end.callsAtOnce, priority: end.priority };
  return [
    end.next
      ? { ...entry, operationId: end.next.id, startAfter: now }
      : { ...entry, operationId: end.settlement.operation.id, startAfter: end.dueAt },
  ];
}

/** It was none when this attempt began: the guard has not counted it. */
function becomesEnding(end: Ended): boolean {
  if (end.settlement.outcome.kind === 'again') return end.ranKind === 'provision' && end.kind === 'deprovision';
  return end.next?.kind === 'deprovision';
}

function toEnding({ settlement: { tenantId } }: Ended, entry: QueueEntry): Ending {
  return { tenantId, operationId: entry.operationId, targetId: entry.targetId, entry };
}

function eventsOf(end: Ended): readonly AppendedEvent[] {
  const { settlement, ranKind: kind, attempts } = end;
  const { tenantId, operation, outcome } = settlement;
  const about = { userId: end.userId, targetId: end.targetId, operationId: operation.id };
  const told = (event: NewEvent): AppendedEvent => ({ tenantId, event });
  const undecided: readonly AppendedEvent[] =
    outcome.kind === 'failed' && outcome.undecided
      ? [
          told({
            ...about,
            type: 'adoption.undecided',
            payload: { reason: outcome.undecided.reason, accounts: outcome.undecided.candidates.length },
          }),
        ]
      : [];
  const next = end.next
    ? [
        told({
          ...about,
          operationId: end.next.id,
          type: 'provisioning.requested',
          payload: { kind: end.next.kind, trigger: end.next.trigger },
        }),
      ]
    : [];
  switch (outcome.kind) {
    case 'succeeded': {
      const written = outcome.link.kind === 'write' ? outcome.link.link : null;
      const scheduled = written?.deleteAt
        ? [
            told({
              ...about,
              type: 'account.deletion-scheduled',
              payload: { accountId: written.accountId, deleteAt: written.deleteAt.toISOString() },
            }),
          ]
        : [];
      return [
        told({ ...about, type: 'provisioning.succeeded', payload: { kind, action: outcome.action, attempts } }),
        ...scheduled,
        ...next,
      ];
    }
    case 'again':
      return [told({ ...about, type: 'provisioning.retried', payload: { kind, failure: outcome.failure.kind, attempts } })];
    case 'failed': {
      const attribute = 'attribute' in outcome.failure ? outcome.failure.attribute : null;
      const payload = { kind, failure: outcome.failure.kind, attribute, message: outcome.message, attempts };
      return [told({ ...about, type: 'provisioning.failed', payload }), ...undecided, ...next];
    }
  }
}

/** A notification holds less than 8,000 bytes: 200 ids are 7,400. */
async function announce(transaction: OpenTransaction, ids: readonly OperationId[]): Promise<void> {
  const payloads = Array.from({ length: Math.ceil(ids.length / 200) }, (_, index) => ids.slice(index * 200, (index + 1) * 200).join(','));
  await transaction.query(`select pg_notify('usher_settled', payload) from unnest($1::text[]) as payload`, [payloads]);
}
