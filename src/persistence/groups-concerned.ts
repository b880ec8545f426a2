/**
 * Marks provisioned groups as due where something changed: by the change in its own transaction (concernGroups), and by settlements that write
 * or end links, in the statement that writes them (groupsOfLinks). Of two that mark one group the second waits at its row.
 */
import type { GroupsConcerned } from '../commands/group-ports.ts';
import type { TenantId } from '../domain/vocabulary.ts';
import { isUuid } from './records.ts';
import type { Session } from './session.ts';

/** A change seldom comes alone: so much is waited for others, and one call takes them all. */
export const gatherMs = 300;

/**
 * `g` is a provisioned group, `at` when it is due. Whoever runs it now finds another number of changes when it is done, and so it runs once
 * more. What waits out a failure goes on waiting; what was given up begins anew.
 */
const marked = (at: string): string => `
  changes = g.changes + 1,
  state = case when g.state = 'running' then 'running' else 'pending' end,
  attempts = case when g.state = 'failed' then 0 else g.attempts end,
  due_at = case when g.state = 'running' or (g.state = 'pending' and g.attempts > 0) then g.due_at
                when g.state = 'pending' then least(g.due_at, ${at}) else ${at} end`;

/**
 * The last thing a transaction does but for its endings: by then it holds every other lock, in the order in which settlements take them. All at
 * once, so that the rows are locked in the order of their ids whatever the order in which they were named.
 */
export async function concernGroups(session: Session, tenantId: TenantId, all: readonly GroupsConcerned[], now: Date): Promise<void> {
  const named = (what: keyof GroupsConcerned): readonly string[] => [...new Set(all.flatMap((some) => some[what] ?? []))].filter(isUuid);
  const anew = named('anew');
  if (anew.length > 0) await beginAnew(session, tenantId, anew, now);
  const ids = [named('provisionedGroupIds'), named('groupIds'), named('userIds')];
  if (ids.every((some) => some.length === 0)) return;
  await session.query(
    `with concerned as (
       select id from provisioned_group where tenant_id = $1 and id in (
         select unnest($2::uuid[])
         union select id from provisioned_group where group_id = any($3::uuid[])
         union select provisioned_group_id from provisioned_member where user_id = any($4::uuid[])
         union select g.id from membership m join link l on l.user_id = m.user_id and l.active
           join provisioned_group g on g.group_id = m.group_id and g.target_id = l.target_id where m.user_id = any($4::uuid[]))
       order by id for update)
     update provisioned_group g set ${marked('$5::timestamptz')} from concerned where g.id = concerned.id`,
    [tenantId, ...ids, new Date(now.getTime() + gatherMs)],
  );
}

/** Its name and every member are sent again, in case somebody changed them at the target. */
async function beginAnew(session: Session, tenantId: TenantId, ids: readonly string[], now: Date): Promise<void> {
  await session.query(
    `with concerned as (
       select id from provisioned_group where tenant_id = $1 and id = any($2::uuid[]) order by id for update),
     members as (
       update provisioned_member m set state = 'adding' from concerned where m.provisioned_group_id = concerned.id and m.state in ('member', 'unknown'))
     update provisioned_group g set changes = g.changes + 1, state = case when g.state = 'running' then 'running' else 'pending' end,
       attempts = 0, failing_since = null, due_at = case when g.state = 'running' then g.due_at else $3 end, applied_name = null
     from concerned where g.id = concerned.id`,
    [tenantId, ids, now],
  );
}

/**
 * Parts of the statement that writes links of settled attempts, whose rows are `v` and whose $2 is now: an account that appeared, went or
 * became active or inactive concerns the groups of its user at that target. It begins at the targets of the batch, so that where no group is
 * provisioned nothing else is looked at; LIMIT keeps memberships a look-up by key.
 */
export const groupsOfLinks = `
  regrouped as (
    select v."userId", g.id, g.group_id from v join provisioned_group g on g.target_id = v."targetId"
    left join link l on l.user_id = v."userId" and l.target_id = v."targetId"
    where case v.link when 'write' then l.active is distinct from v.active or l.account_id is distinct from v."accountId"
                      when 'forget' then l.id is not null else false end),
  concerned as (
    select id from provisioned_group where id in (
      select r.id from regrouped r
      where (select true from membership m where m.user_id = r."userId" and m.group_id = r.group_id limit 1)
         or (select true from provisioned_member m where m.user_id = r."userId" and m.provisioned_group_id = r.id limit 1))
    order by id for update),
  regroup as (
    update provisioned_group g set ${marked(`$2::timestamptz + interval '${gatherMs} milliseconds'`)}
    from concerned where g.id = concerned.id)`;
