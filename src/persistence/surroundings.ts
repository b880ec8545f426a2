/** What mappings may say of a user beyond the user: as parts of the statements that read plans and attempts. */
import type { MappingSubject, Surroundings } from '../domain/mapping/prepare.ts';
import type { UserIdClaim } from '../domain/user-id-pattern.ts';
import type { TargetId, TenantId, UserId } from '../domain/vocabulary.ts';
import { jsonRecord, recordOrNull } from './columns.ts';
import { isUuid } from './records.ts';
import type { Row, Session } from './session.ts';

/** `u` is a user. */
export const surroundingsOfUser = `json_build_object(
  'tenant', (select name from tenant where id = u.tenant_id),
  'userStore', (select name from user_store where id = u.user_store_id),
  'groups', coalesce((
    select json_agg(json_build_object('id', g.id, 'name', g.name) order by g.id)
    from membership m join "group" g on g.id = m.group_id where m.user_id = u.id), '[]'::json))`;

/** `u` is a user, `t` a target. */
export const claimOfUser = `(
  select json_build_object('base', c.base, 'value', c.value) from user_id_claim c where c.user_id = u.id and c.target_id = t.id)`;

/** `ip` is an identity provider. */
export const providerOfTarget = `json_build_object(
  'name', ip.name, 'attributeMappings', ip.attribute_mappings, 'roleMappings', ip.role_mappings)`;

/** $1 tenant, $2 user, $3 target. */
const subjectSql = `
  select ${jsonRecord('user', 'u')} as "user", ${jsonRecord('target', 't')} as target, ${surroundingsOfUser} as surroundings,
    ${claimOfUser} as claim, ${providerOfTarget} as provider
  from "user" u join target t on t.tenant_id = u.tenant_id join identity_provider ip on ip.id = t.identity_provider_id
  where u.tenant_id = $1 and u.id = $2 and t.id = $3 and u.removed_at is null`;

export async function readMappingSubject(
  session: Session,
  tenantId: TenantId,
  userId: UserId,
  targetId: TargetId,
): Promise<MappingSubject | null> {
  if (!isUuid(userId) || !isUuid(targetId)) return null;
  const [row] = await session.query(subjectSql, [tenantId, userId, targetId]);
  const user = recordOrNull('user', row?.['user']);
  const target = recordOrNull('target', row?.['target']);
  return row && user && target ? { user, target, ...placeOf(row) } : null;
}

/** The parts as a statement names them: `surroundings`, `claim`, `provider`. */
export function placeOf(row: Row): Omit<MappingSubject, 'user' | 'target'> {
  return {
    surroundings: row['surroundings'] as Surroundings,
    userIdClaim: row['claim'] as UserIdClaim | null,
    identityProvider: row['provider'] as MappingSubject['identityProvider'],
  };
}
