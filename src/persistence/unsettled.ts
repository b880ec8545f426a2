import type { TargetId, TenantId, UserId } from '../domain/vocabulary.ts';
import { isUuid } from './records.ts';
import type { Session } from './session.ts';

/**
 * Whether the last operation of a lane was given up without an answer to its write: the account may be there, or be other than the link says.
 * `user` and `target` are columns. Only the last one tells: what succeeded after it has looked.
 */
export const lastIsUnsettled = (user: string, target: string): string => `coalesce((
  select last.state = 'failed' and last.may_have_applied from operation last
  where last.user_id = ${user} and last.target_id = ${target} order by last.id desc limit 1), false)`;

export async function usersUnsettledAt(
  session: Session,
  tenantId: TenantId,
  targetId: TargetId,
  { first, after }: { readonly first: number; readonly after: UserId | null },
): Promise<readonly UserId[]> {
  if (!isUuid(targetId)) return [];
  const rows = await session.query(
    `select o.user_id from operation o
     where o.tenant_id = $1 and o.target_id = $2 and o.state = 'failed' and o.may_have_applied and ($3::uuid is null or o.user_id > $3)
       and not exists (select from operation later where later.user_id = o.user_id and later.target_id = o.target_id and later.id > o.id)
     order by o.user_id limit $4`,
    [tenantId, targetId, after, first],
  );
  return rows.map((row) => row['user_id'] as UserId);
}
