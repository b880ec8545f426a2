/** What attempts leave behind when they are settled: records, links, what follows, what waits for a person. One statement for any number. */
import type { Settlement } from '../commands/ports.ts';
import type { OperationId, OperationKind, TargetId, UserId } from '../domain/vocabulary.ts';
import { groupsOfLinks } from './groups-concerned.ts';
import type { OperationsContext } from './operations-context.ts';
import type { OpenTransaction } from './session.ts';

/** An attempt whose operation took the settlement. */
export interface Ended {
  readonly settlement: Settlement;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly attempts: number;
  readonly tries: number;
  readonly priority: number;
  readonly dueAt: Date;
  readonly serviceProviderId: string | null;
  readonly callsAtOnce: number;
  readonly ranKind: OperationKind;
  /** What it is from now on, where it goes on. */
  readonly kind: OperationKind;
  readonly entryId: string;
  /** The one more that follows, where something was asked for meanwhile and this operation ended. */
  readonly next: { readonly id: OperationId; readonly kind: OperationKind; readonly trigger: string; readonly confirmed: boolean } | null;
}

/** Attempt records, links and the operations that follow. A link leads to one account, an account belongs to one user: unique keys see to it. */
const tracesSql = `
  with v as materialized (
    select * from jsonb_to_recordset($1::jsonb) as v("tenantId" uuid, "operationId" uuid, "userId" uuid, "targetId" uuid,
      "attemptId" uuid, number int, "startedAt" timestamptz, "endedAt" timestamptz, action text, "failureKind" text, "failureMessage" text,
      link text, "linkId" uuid, "accountId" text, origin text, active bool, applied jsonb, "deleteAt" timestamptz, "protectedAs" text,
      succeeded bool, "rowId" uuid, deleted jsonb, undecided jsonb, confirmed bool,
      "nextId" uuid, "nextKind" text, "nextTrigger" text, "nextEntryId" uuid, "mayHaveApplied" bool, priority int, "serviceProviderId" uuid)),
  attempts as (
    insert into attempt (id, tenant_id, operation_id, number, started_at, ended_at, action, failure_kind, failure_message)
    select "attemptId", "tenantId", "operationId", number, "startedAt", "endedAt", action, "failureKind", "failureMessage" from v),
  -- The account that somebody linked by hand is gone: what they chose has had its day. One that was only left is linked again.
  outlived as (
    delete from chosen_account c using v, link l
    where c.choice = 'link' and c.tenant_id = v."tenantId" and c.user_id = v."userId" and c.target_id = v."targetId" and c.account_id = l.account_id
      and l.user_id = v."userId" and l.target_id = v."targetId"
      and ((v.link = 'forget' and v.action is distinct from 'left') or (v.link = 'write' and v."accountId" <> l.account_id))),
  forgotten as (
    delete from link l using v where v.link = 'forget' and l.tenant_id = v."tenantId" and l.user_id = v."userId" and l.target_id = v."targetId"),
  links as (
    insert into link as l (id, tenant_id, user_id, target_id, account_id, origin, active, applied, applied_at, linked_at, delete_at, protected_as)
    select "linkId", "tenantId", "userId", "targetId", "accountId", origin, active, applied, "endedAt", "endedAt", "deleteAt", "protectedAs"
    from v where link = 'write'
    order by "userId", "targetId"
    on conflict (user_id, target_id) do update set account_id = excluded.account_id, origin = excluded.origin, active = excluded.active,
      applied = excluded.applied, applied_at = excluded.applied_at,
      -- Made anew or brought back it may have the id that it had.
      linked_at = case when l.account_id = excluded.account_id and not exists (
        select from v where v."userId" = l.user_id and v."targetId" = l.target_id and v.action in ('created', 'restored'))
        then l.linked_at else excluded.linked_at end,
      delete_at = excluded.delete_at, protected_as = excluded.protected_as,
      deletion_asked_at = null),
  -- What came right, or ended, leaves nothing to decide; and there is an account again, or a newer one that was deleted.
  decided as (
    delete from adoption_case c using v where v.succeeded and c.state = 'waiting' and c.tenant_id = v."tenantId" and c.user_id = v."userId" and c.target_id = v."targetId"),
  -- What was made right holds what it was offered, or has given it back; what is forgotten is nobody's to take back.
  taken as (
    delete from offered_value o using v where v.succeeded and o.tenant_id = v."tenantId" and o.user_id = v."userId" and o.target_id = v."targetId"
      and (v.link = 'forget' or v.action in ('created', 'linked', 'restored', 'updated'))),
  returned as (
    delete from deleted_account d using v where v.link = 'write' and v.succeeded and d.tenant_id = v."tenantId" and d.user_id = v."userId" and d.target_id = v."targetId"),
  deleted as (
    insert into deleted_account (id, tenant_id, user_id, target_id, account_id, origin, created_at)
    select "rowId", "tenantId", "userId", "targetId", deleted ->> 'accountId', deleted ->> 'origin', "endedAt" from v where deleted is not null
    on conflict (user_id, target_id) do update set account_id = excluded.account_id, origin = excluded.origin, created_at = excluded.created_at),
  -- One waits for each user and target; what was found last is what is shown. Nothing is kept of somebody who was removed meanwhile.
  undecided as (
    insert into adoption_case (id, tenant_id, user_id, target_id, state, reason, wanted, candidates, created_at)
    select "rowId", "tenantId", "userId", "targetId", 'waiting', undecided ->> 'reason', undecided -> 'wanted', undecided -> 'candidates', "endedAt"
    from v where undecided is not null and exists (select from "user" u where u.id = v."userId" and u.removed_at is null)
    on conflict (user_id, target_id) where state = 'waiting' do update set reason = excluded.reason, wanted = excluded.wanted,
      candidates = excluded.candidates),
  ${groupsOfLinks}
  insert into operation (id, tenant_id, user_id, target_id, kind, state, trigger, service_provider_id, priority, due_at, entry_id, created_at, may_have_applied, confirmed)
  select "nextId", "tenantId", "userId", "targetId", "nextKind", 'pending', "nextTrigger", "serviceProviderId", priority, $2, "nextEntryId", $2,
    "mayHaveApplied", coalesce(confirmed, false)
  from v where "nextId" is not null`;

/** Whoever was removed keeps a link for a while; the account goes with whom it was given to now. Before the links, so that theirs is free. */
const handOverSql = `
  delete from link l using jsonb_to_recordset($1::jsonb) as v("tenantId" uuid, "userId" uuid, "targetId" uuid, "accountId" text), "user" u
  where l.tenant_id = v."tenantId" and l.target_id = v."targetId" and l.account_id = v."accountId" and l.user_id <> v."userId" and u.id = l.user_id and u.removed_at is not null`;

export async function writeTraces(
  context: OperationsContext,
  transaction: OpenTransaction,
  all: readonly Ended[],
  now: Date,
): Promise<void> {
  const traces = all.map((end) => {
    const { settlement } = end;
    const { outcome } = settlement;
    const written = outcome.link.kind === 'write' ? outcome.link.link : null;
    return {
      tenantId: settlement.tenantId,
      operationId: settlement.operation.id,
      userId: end.userId,
      targetId: end.targetId,
      attemptId: context.chance.uuid(),
      number: end.tries,
      startedAt: settlement.attempt.startedAt,
      endedAt: settlement.attempt.endedAt,
      action: outcome.kind === 'succeeded' ? outcome.action : null,
      failureKind: outcome.kind === 'succeeded' ? null : outcome.failure.kind,
      failureMessage: outcome.kind === 'succeeded' ? null : outcome.message,
      link: outcome.link.kind,
      linkId: written && context.chance.uuid(),
      ...written,
      succeeded: outcome.kind === 'succeeded',
      rowId: context.chance.uuid(),
      deleted: outcome.kind === 'succeeded' ? outcome.deleted : undefined,
      undecided: outcome.kind === 'failed' ? outcome.undecided : undefined,
      confirmed: end.next?.confirmed,
      nextId: end.next?.id,
      nextKind: end.next?.kind,
      nextTrigger: end.next?.trigger,
      nextEntryId: end.entryId,
      mayHaveApplied: mayHaveApplied(settlement),
      priority: end.priority,
      serviceProviderId: end.serviceProviderId,
    };
  });
  // Taken over: by an attempt that came right, or by one that failed after its write.
  const linked = traces.filter((trace) => trace.link === 'write' && (trace.action === 'linked' || trace.action === null));
  if (linked.length > 0) await transaction.query(handOverSql, [JSON.stringify(linked)]);
  await transaction.query(tracesSql, [JSON.stringify(traces), now]);
}

export function mayHaveApplied({ outcome }: Settlement): boolean {
  return outcome.kind !== 'succeeded' && outcome.mayHaveApplied;
}
