/** Members of provisioned groups, counted for a whole page at once. */
import type { MemberCounts } from '../commands/group-ports.ts';
import type { ProvisionedGroupId, TenantId } from '../domain/vocabulary.ts';
import { isUuid } from './records.ts';
import type { Session } from './session.ts';

export async function memberCounts(
  session: Session,
  tenantId: TenantId,
  ids: readonly ProvisionedGroupId[],
): Promise<ReadonlyMap<ProvisionedGroupId, MemberCounts>> {
  const rows = await session.query(
    `select g.id, coalesce(ours.wanted, 0) as wanted, coalesce(ours.waiting, 0) as waiting, coalesce(theirs.placed, 0) as placed
     from provisioned_group g
     left join lateral (
       select count(l.id)::int as wanted, (count(*) - count(l.id))::int as waiting from membership m
       left join link l on l.user_id = m.user_id and l.target_id = g.target_id and l.active where m.group_id = g.group_id) ours on true
     left join lateral (
       select count(*)::int as placed from provisioned_member p where p.provisioned_group_id = g.id and p.state = 'member') theirs on true
     where g.tenant_id = $1 and g.id = any($2::uuid[])`,
    [tenantId, ids.filter(isUuid)],
  );
  return new Map(
    rows.map((row) => [
      row['id'] as ProvisionedGroupId,
      { wanted: Number(row['wanted']), waiting: Number(row['waiting']), placed: Number(row['placed']) },
    ]),
  );
}
