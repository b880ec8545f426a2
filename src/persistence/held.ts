/** Endings that the guard holds: let go on or ended undone by a person. How they come to be held is in guard.ts. */
import type { HeldRemovals, OperationInLane, QueueEntry } from '../commands/ports.ts';
import type { Operation, OperationId, TargetId, TenantId, UserId } from '../domain/vocabulary.ts';
import { recordOf, selectList } from './columns.ts';
import type { GuardContext } from './guard.ts';
import { isUuid } from './records.ts';
import type { OpenTransaction, Session } from './session.ts';

const picked = `
  with picked as (
    select id from operation where tenant_id = $1 and target_id = $2 and state = 'held' and ($3::uuid[] is null or id = any($3::uuid[]))
    order by id for update)`;

const confirmSql = `${picked},
  freed as (
    update operation o set state = 'pending', held_at = null, confirmed = true, due_at = $4, entry_id = gen_random_uuid(),
      kind = coalesce(o.next_kind, o.kind), next_kind = null, next_trigger = null
    from picked where o.id = picked.id returning o.id, o.user_id, o.target_id, o.priority, o.entry_id)
  select f.*, t.max_concurrent_calls from freed f join target t on t.id = f.target_id`;

/** In one statement with the state in its condition: of two that decide at the same time the second finds nothing left. */
export async function confirmHeld(
  context: GuardContext,
  tenantId: TenantId,
  targetId: TargetId,
  ids: readonly OperationId[] | null,
): Promise<readonly OperationInLane[]> {
  if (!isUuid(targetId)) return [];
  const now = context.clock.now();
  const rows = await context.transaction.query(confirmSql, [tenantId, targetId, ids?.filter(isUuid) ?? null, now]);
  const entries = rows.map((row): QueueEntry => ({
    id: String(row['entry_id']),
    operationId: row['id'] as OperationId,
    targetId,
    callsAtOnce: Number(row['max_concurrent_calls']),
    priority: Number(row['priority']),
    startAfter: now,
  }));
  await context.queue().enqueue(context.transaction, entries);
  return rows.map((row) => ({ id: row['id'] as OperationId, userId: row['user_id'] as UserId }));
}

const cancelSql = `${picked}
  update operation o set state = 'cancelled', held_at = null, settled_at = $4, next_kind = null, next_trigger = null
  from picked where o.id = picked.id returning o.id, o.user_id`;

export async function cancelHeld(
  context: GuardContext,
  tenantId: TenantId,
  targetId: TargetId,
  ids: readonly OperationId[] | null,
): Promise<readonly OperationInLane[]> {
  if (!isUuid(targetId)) return [];
  const rows = await context.transaction.query(cancelSql, [tenantId, targetId, ids?.filter(isUuid) ?? null, context.clock.now()]);
  return rows.map((row) => ({ id: row['id'] as OperationId, userId: row['user_id'] as UserId }));
}

/** Whoever would take a lease on it waits, and reads what this transaction leaves. */
export async function lockLane(
  transaction: OpenTransaction,
  tenantId: TenantId,
  userId: UserId,
  targetId: TargetId,
): Promise<Operation | null> {
  if (!isUuid(userId) || !isUuid(targetId)) return null;
  const [row] = await transaction.query(
    `select ${selectList('operation', 'o')} from operation o
     where o.tenant_id = $1 and o.user_id = $2 and o.target_id = $3 and o.state in ('pending', 'running', 'held') for update`,
    [tenantId, userId, targetId],
  );
  return row ? recordOf('operation', row) : null;
}

export async function readHeld(session: Session, tenantId: TenantId): Promise<readonly HeldRemovals[]> {
  const rows = await session.query(
    `select target_id, count(*)::int as removals, min(held_at) as since from operation
     where tenant_id = $1 and state = 'held' group by target_id order by target_id`,
    [tenantId],
  );
  return rows.map((row) => ({ targetId: row['target_id'] as TargetId, removals: Number(row['removals']), since: row['since'] as Date }));
}
