/** Ids of accounts that users were given at a target: one user has one, and nobody else has the same. */
import type { Chance, ClaimRequest } from '../commands/ports.ts';
import type { UserIdClaim } from '../domain/user-id-pattern.ts';
import type { TenantId } from '../domain/vocabulary.ts';
import type { Session } from './session.ts';

/** Who claims at a target does it one after the other: two that look at the same moment would both find the same id free. */
const lockSql = 'select pg_advisory_xact_lock(7231004, hashtext($1::text))';

/** Somebody who was removed gives the id free with the account: while there is a link or an operation, the account may still have it. */
const forgetSql = `
  delete from user_id_claim c using "user" u
  where u.id = c.user_id and u.removed_at is not null
    and not exists (select from link l where l.user_id = u.id and l.target_id = c.target_id)
    and not exists (select from operation o where o.user_id = u.id and o.target_id = c.target_id and o.state in ('pending', 'running', 'held'))`;
const freeSql = `${forgetSql} and c.tenant_id = $1 and c.target_id = $2 and c.value = any($3::text[])`;

/** The first of the choices that nobody else has. What was claimed for the same base stays, whatever has become free since. */
const claimSql = `
  with chosen as (
    select v.value from unnest($5::text[]) with ordinality as v(value, place)
    where not exists (select from user_id_claim c where c.tenant_id = $1 and c.target_id = $3 and c.value = v.value and c.user_id <> $2)
    order by v.place limit 1)
  insert into user_id_claim as c (id, tenant_id, target_id, user_id, base, value)
  select $6, $1, t.id, u.id, $4, chosen.value
  from chosen join "user" u on u.tenant_id = $1 and u.id = $2 join target t on t.tenant_id = $1 and t.id = $3
  on conflict (user_id, target_id) do update set
    base = excluded.base, value = case when c.base = excluded.base then c.value else excluded.value end
  returning c.base, c.value`;

export async function claimUserId(
  session: Session,
  chance: Chance,
  tenantId: TenantId,
  { userId, targetId, base, choices }: ClaimRequest,
): Promise<UserIdClaim | null> {
  await session.query(lockSql, [targetId]);
  await session.query(freeSql, [tenantId, targetId, choices]);
  const [row] = await session.query(claimSql, [tenantId, userId, targetId, base, choices, chance.uuid()]);
  return row ? { base: String(row['base']), value: String(row['value']) } : null;
}

/** The id is made of the name of somebody who is no more. Returns how many went. */
export async function forgetClaims(session: Session): Promise<number> {
  return (await session.query(`${forgetSql} returning 1`, [])).length;
}
