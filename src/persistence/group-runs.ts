/**
 * Groups at targets as the dispatcher runs them, over all tenants: taken by lease, given back, found again. What a run notes is in
 * group-notes.ts, how it ends in group-settlement.ts.
 */
import type { LeasedGroup, LeaseGroups, ProvisionedGroups } from '../commands/group-ports.ts';
import type { MemberFacts } from '../domain/group-members.ts';
import type { AccountId, Link, ProvisionedMemberState, UserId } from '../domain/vocabulary.ts';
import { jsonRecord, recordOrNull } from './columns.ts';
import { noteGroup } from './group-notes.ts';
import { settleGroup } from './group-settlement.ts';
import { freePlaces, lockPlaces } from './leased.ts';
import type { OperationsContext } from './operations-context.ts';
import type { Row, Session } from './session.ts';

export function createProvisionedGroups(context: OperationsContext): ProvisionedGroups {
  const { session } = context;
  return {
    lease: (request) => lease(context, request),
    differing: (leased, atMost) => differing(session, leased, atMost),
    note: (leased, note) => noteGroup(context, leased, note),
    settle: (settlement) => context.transaction((transaction) => settleGroup(transaction, settlement, context.clock.now())),
    release: async ({ group, fence }, dueAt) => {
      await session.query(
        `update provisioned_group set state = 'pending', lease_owner = null, lease_until = null, due_at = $3
         where tenant_id = $4 and id = $1 and fence = $2 and state = 'running'`,
        [group.id, fence, dueAt, group.tenantId],
      );
    },
    sweep: (now) => sweep(session, now),
    freeAllLeases: async (now) =>
      (
        await session.query(
          `update provisioned_group set state = 'pending', lease_owner = null, lease_until = null, due_at = $1, fence = fence + 1
           where state = 'running' returning 1`,
          [now],
        )
      ).length,
  };
}

const dueSql = `
  select g.id, g.target_id from provisioned_group g
  join target t on t.id = g.target_id join identity_provider ip on ip.id = t.identity_provider_id
  left join target_condition tc on tc.target_id = t.id
  where g.state in ('pending', 'running') and g.due_at <= $1 and (g.state = 'pending' or g.lease_until <= $1)
    and t.enabled and ip.enabled and tc.suspended_at is null and coalesce(tc.paused_until <= $1, true)
    and coalesce(tc.circuit_open_until <= $1, true) and not (t.id = any($2::uuid[]))
  order by g.due_at limit $3::int`;

/**
 * Of two processes that want one group the second passes it over. A group that runs takes one of the places of its target, as an operation
 * does, and both count under the same lock.
 */
const takeSql = `
  with wanted as (
    select id, target_id, due_at from provisioned_group
    where id = any($2::uuid[]) and due_at <= $1::timestamptz and (state = 'pending' or (state = 'running' and lease_until <= $1))
    order by id for update skip locked),
  ranked as (select w.id, w.target_id, row_number() over (partition by w.target_id order by w.due_at) as place from wanted w),
  places as materialized (
    select t.id as target_id, ${freePlaces('$1')} as free from target t where t.id in (select target_id from wanted))
  update provisioned_group g set state = 'running', lease_owner = $3, lease_until = $4, fence = g.fence + 1
  from ranked r join places p on p.target_id = r.target_id where g.id = r.id and r.place <= p.free
  returning g.id`;

/** After the lease was taken: whoever changed the group before has committed, and is seen. */
const leasedSql = `
  select ${jsonRecord('provisionedGroup', 'g')} as "group", ${jsonRecord('target', 't')} as target, ours.name, g.fence, g.lease_until, g.changes,
    tc.circuit_open_until is not null as probing
  from provisioned_group g join target t on t.id = g.target_id left join "group" ours on ours.id = g.group_id
  left join target_condition tc on tc.target_id = t.id
  where g.id = any($1::uuid[])`;

async function lease(context: OperationsContext, { owner, now, until, atMost, ignored }: LeaseGroups): Promise<readonly LeasedGroup[]> {
  // Nothing is due nearly always, and that costs one look at an index.
  const due = await context.session.query(dueSql, [now, ignored, atMost]);
  if (due.length === 0) return [];
  const ids = due.map((row) => String(row['id']));
  return context.transaction(async (transaction) => {
    await lockPlaces(
      transaction,
      due.map((row) => String(row['target_id'])),
    );
    const taken = await transaction.query(takeSql, [now, ids, owner, until]);
    if (taken.length === 0) return [];
    const rows = await transaction.query(leasedSql, [taken.map((row) => String(row['id']))]);
    return rows.map(toLeased);
  });
}

function toLeased(row: Row): LeasedGroup {
  const group = recordOrNull('provisionedGroup', row['group']);
  const target = recordOrNull('target', row['target']);
  if (!group || !target) throw new Error('A provisioned group without its target was read.');
  return {
    ...{ group, target },
    name: row['name'] as string | null,
    fence: Number(row['fence']),
    leaseUntil: row['lease_until'] as Date,
    changes: Number(row['changes']),
    probing: row['probing'] === true,
  };
}

/** Our members with an active account there beside what Usher has put there; what agrees is left out, by index and not by comparing all of it. */
const differingSql = `
  with wanted as (
    select m.user_id, l.account_id, l.origin, l.applied_at, l.linked_at from membership m
    join link l on l.user_id = m.user_id and l.target_id = $2 and l.active where m.group_id = $3)
  select * from (
    select true as wanted, w.user_id, w.account_id, w.origin, w.applied_at, w.linked_at, p.state, p.changed_at from wanted w
    left join provisioned_member p on p.provisioned_group_id = $1 and p.account_id = w.account_id
    where p.state is distinct from 'member' or w.linked_at > p.changed_at
    union all
    select false, p.user_id, p.account_id, l.origin, l.applied_at, l.linked_at, p.state, p.changed_at from provisioned_member p
    left join link l on l.target_id = $2 and l.account_id = p.account_id
    where p.provisioned_group_id = $1 and not exists (select from wanted w where w.account_id = p.account_id)) d
  where exists (select from provisioned_group where tenant_id = $5 and id = $1)
  order by d.state is not distinct from 'unknown', d.wanted, d.account_id limit $4::int`;

async function differing(session: Session, { group }: LeasedGroup, atMost: number): Promise<readonly MemberFacts[]> {
  const rows = await session.query(differingSql, [group.id, group.targetId, group.groupId, atMost, group.tenantId]);
  return rows.map((row) => ({
    userId: row['user_id'] as UserId,
    accountId: row['account_id'] as AccountId,
    wanted: row['wanted'] === true,
    link:
      row['origin'] === null
        ? null
        : {
            origin: row['origin'] as Link['origin'],
            appliedAt: row['applied_at'] as Date,
            linkedAt: row['linked_at'] as Date | null,
          },
    recorded: row['state'] === null ? null : { state: row['state'] as ProvisionedMemberState, changedAt: row['changed_at'] as Date },
  }));
}

/**
 * Somebody joins a group in one transaction and gets their account in another at the same moment: neither sees the other, and neither marks
 * the group. So now and then all that count as right are compared; a few at a time, for an embedded database does one thing after the other
 * (20,000 members took it 0.3 to 0.45 s on two busy cores).
 */
const sweepSql = `
  with chosen as materialized (select * from provisioned_group where state = 'right' and id > $2 order by id limit 10),
  wanted as materialized (
    select g.id, l.account_id, l.applied_at, l.linked_at from chosen g join membership m on m.group_id = g.group_id
    join link l on l.user_id = m.user_id and l.target_id = g.target_id and l.active),
  wrong as (
    select w.id from wanted w where not exists (
      select from provisioned_member p where p.provisioned_group_id = w.id and p.account_id = w.account_id
        and ((p.state = 'member' and coalesce(w.linked_at <= p.changed_at, true)) or (p.state = 'unknown' and w.applied_at <= p.changed_at)))
    union
    select g.id from chosen g join provisioned_member p on p.provisioned_group_id = g.id
    where p.state in ('adding', 'removing') or not exists (select from wanted w where w.id = g.id and w.account_id = p.account_id)
    union
    select g.id from chosen g left join "group" ours on ours.id = g.group_id where ours.name is distinct from g.applied_name),
  free as (select id from provisioned_group where id in (select id from wrong) and state = 'right' order by id for update skip locked),
  due as (update provisioned_group g set state = 'pending', due_at = $1, changes = changes + 1 from free where g.id = free.id returning 1)
  select (select count(*)::int from due) as due, (select id from chosen order by id desc limit 1) as last`;

async function sweep(session: Session, now: Date): Promise<number> {
  let due = 0;
  for (let after: unknown = '00000000-0000-0000-0000-000000000000'; after !== null;) {
    const [row] = await session.query(sweepSql, [now, after]);
    due += Number(row?.['due'] ?? 0);
    after = row?.['last'] ?? null;
  }
  return due;
}
