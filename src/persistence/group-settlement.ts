/** The end of a run of a provisioned group: its state, what is told of it, and what it taught about the target. */
import type { GroupSettlement, LeasedGroup } from '../commands/group-ports.ts';
import type { NewEvent } from '../commands/ports.ts';
import { learn } from './conditions.ts';
import { appendEvents } from './feed.ts';
import type { OpenTransaction, Row } from './session.ts';

/**
 * Who settles late finds another fencing number. A change that came while it ran has raised `changes`: exactly one more run follows,
 * whatever this one came to. Only what was done, mended or never right before is told.
 */
const settleSql = `
  with held as materialized (
    select g.*, g.changes <> $3::int as changed from provisioned_group g where g.tenant_id = $10 and g.id = $1 and g.fence = $2 and g.state = 'running' for update),
  settled as (
    update provisioned_group g set
      state = case when held.changed or $4 in ('more', 'again') or $5::timestamptz is not null then 'pending' else $4 end,
      due_at = case when $4 = 'again' then $5 when held.changed or $4 = 'more' then $6::timestamptz else coalesce($5, g.due_at) end,
      attempts = case when $4 = 'again' then g.attempts + $7::int else 0 end,
      failing_since = case when $4 = 'again' then coalesce(g.failing_since, $6::timestamptz) end,
      failure_kind = $8, failure_message = $9,
      right_at = case when $4 = 'right' then $6 else g.right_at end,
      added = case when $4 = 'right' then 0 else g.added end, removed = case when $4 = 'right' then 0 else g.removed end,
      lease_owner = null, lease_until = null
    from held where g.id = held.id)
  select held.added, held.removed, held.attempts, held.right_at, held.failure_kind,
    (select count(*)::int from provisioned_member m where m.provisioned_group_id = held.id and m.state = 'member') as members
  from held`;

export async function settleGroup(transaction: OpenTransaction, settlement: GroupSettlement, now: Date): Promise<'settled' | 'refused'> {
  const { leased, outcome, startedAt, condition } = settlement;
  const { tenantId, targetId } = leased.group;
  const row =
    outcome.kind === 'ended'
      ? await endGroup(transaction, leased, outcome.deleted, now)
      : (await transaction.query(settleSql, parametersOf(settlement, now)))[0];
  if (!row) return 'refused';
  const taught = await learn(transaction, [{ tenantId, targetId, startedAt, condition }], now);
  const told = eventOf(settlement, row);
  await appendEvents(transaction, now, [...(told ? [{ tenantId, event: told }] : []), ...taught]);
  return 'settled';
}

async function endGroup(transaction: OpenTransaction, leased: LeasedGroup, deleted: boolean, now: Date): Promise<Row | undefined> {
  const { group, fence, changes } = leased;
  const [gone] = await transaction.query(
    `delete from provisioned_group where tenant_id = $4 and id = $1 and fence = $2 and state = 'running' and changes = $3 returning 1 as gone`,
    [group.id, fence, changes, group.tenantId],
  );
  if (gone) return gone;
  // It was chosen again while it ended: it stays, and runs once more. What its ending failed at before has nothing to do with that.
  if (deleted)
    await transaction.query(
      `delete from provisioned_member m using provisioned_group g where g.tenant_id = $1 and g.id = $2 and m.provisioned_group_id = g.id`,
      [group.tenantId, group.id],
    );
  const lost = 'target_group_id = null, applied_name = null, origin = null, begun_name = null, asked_at = null, right_at = null,';
  const [changed] = await transaction.query(
    `update provisioned_group set ${deleted ? lost : ''} state = 'pending', due_at = $3, lease_owner = null, lease_until = null,
       attempts = 0, failing_since = null, failure_kind = null, failure_message = null
     where tenant_id = $4 and id = $1 and fence = $2 and state = 'running' returning id`,
    [group.id, fence, now, group.tenantId],
  );
  return changed;
}

function parametersOf({ leased, outcome }: GroupSettlement, now: Date): readonly unknown[] {
  const failed = outcome.kind === 'again' || outcome.kind === 'failed' ? outcome : null;
  const at = outcome.kind === 'again' ? outcome.dueAt : outcome.kind === 'right' ? outcome.lookAgainAt : null;
  const counts = outcome.kind === 'again' && outcome.countsAttempt ? 1 : 0;
  const run = [leased.group.id, leased.fence, leased.changes, outcome.kind, at, now, counts];
  return [...run, failed?.failure.kind ?? null, failed?.message ?? null, leased.group.tenantId];
}

function eventOf({ leased: { group }, outcome }: GroupSettlement, row: Row): NewEvent | null {
  const about = { targetId: group.targetId } as const;
  const { groupId } = group;
  switch (outcome.kind) {
    case 'more':
    case 'again':
      return null;
    case 'right': {
      const [added, removed] = [Number(row['added']), Number(row['removed'])];
      if (added + removed === 0 && row['right_at'] !== null && row['failure_kind'] === null) return null;
      return { ...about, type: 'group-provisioning.succeeded', payload: { groupId, added, removed, members: Number(row['members']) } };
    }
    case 'failed': {
      const payload = { groupId, failure: outcome.failure.kind, message: outcome.message, attempts: Number(row['attempts']) + 1 };
      return { ...about, type: 'group-provisioning.failed', payload };
    }
    case 'ended':
      return row['gone'] === undefined
        ? null
        : { ...about, type: 'group-provisioning.ended', payload: { groupId, deleted: outcome.deleted } };
  }
}
