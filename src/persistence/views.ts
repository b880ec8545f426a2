/** The questions that a login and a plan ask, each answered in one round trip: one statement that builds one JSON document. */
import type { LoginView, ProvisioningView, Tenants } from '../commands/ports.ts';
import type { Candidate } from '../domain/provisioning-plan.ts';
import type { Ground } from '../domain/rules.ts';
import type { GroupId, IdentityProviderId, ServiceProviderId, TenantId, UserId } from '../domain/vocabulary.ts';
import { jsonRecord, recordOrNull } from './columns.ts';
import { isUuid } from './records.ts';
import type { Session } from './session.ts';
import { claimOfUser, surroundingsOfUser } from './surroundings.ts';
import { lastIsUnsettled } from './unsettled.ts';

/**
 * Why this assignment `a` at a target `t` asks the rules: its service provider and the row in force, own or inherited; null where it asks
 * none. Mostly nothing does.
 */
const groundOf = `(
  select json_build_object(
    'serviceProvider', (select json_build_object('id', sp.id, 'name', sp.name) from service_provider sp where sp.id = a.service_provider_id),
    'row', ${jsonRecord('outboundRow', 'ar')})
  from outbound_row ar left join service_provider s on s.id = a.service_provider_id and s.owns_outbound_rows
  where ar.tenant_id = $1 and ar.target_id = t.id and ar.enable_rules and ar.service_provider_id is not distinct from s.id)`;

/**
 * $1 tenant, $2 service provider or null; `u` is a table of at most one user.
 * Targets that concern the user: in the rows, assigned before, linked, or with an operation that is unfinished or was given up unsettled.
 */
const viewOfUser = `
  select json_build_object(
    'user', ${jsonRecord('user', 'u')},
    'groupIds', coalesce((select json_agg(m.group_id order by m.group_id) from membership m where m.user_id = u.id), '[]'::json),
    'surroundings', ${surroundingsOfUser},
    'serviceProvider', (select json_build_object('id', sp.id, 'name', sp.name) from service_provider sp where sp.tenant_id = $1 and sp.id = $2),
    'policies', (select json_build_object('revision', policy_revision, 'combining', policy_combining, 'timeZone', time_zone) from tenant where id = $1),
    'candidates', coalesce((
      select json_agg(json_build_object(
        'target', ${jsonRecord('target', 't')},
        'identityProvider', json_build_object('id', ip.id, 'name', ip.name, 'enabled', ip.enabled, 'outboundRoles', ip.outbound_roles,
          'attributeMappings', ip.attribute_mappings, 'roleMappings', ip.role_mappings),
        'userIdClaim', ${claimOfUser},
        'condition', ${jsonRecord('targetCondition', 'tc')},
        'row', ${jsonRecord('outboundRow', 'r')},
        'assignments', coalesce((
          select json_agg(${jsonRecord('assignment', 'a')} order by a.id) from assignment a where a.user_id = u.id and a.target_id = t.id
        ), '[]'::json),
        'grounds', coalesce((
          select json_agg(${groundOf} order by a.id) from assignment a where a.user_id = u.id and a.target_id = t.id
        ), '[]'::json),
        'link', ${jsonRecord('link', 'l')},
        'unfinished', ${jsonRecord('operation', 'o')},
        'unsettled', ${lastIsUnsettled('u.id', 't.id')}
      ) order by t.id)
      from (
        select target_id from outbound
        union select target_id from assignment where user_id = u.id
        union select target_id from link where user_id = u.id
        union select target_id from operation where user_id = u.id and state in ('pending', 'running', 'held')
        union select target_id from operation f where user_id = u.id and state = 'failed' and may_have_applied
          and not exists (select from operation later where later.user_id = f.user_id and later.target_id = f.target_id and later.id > f.id)
      ) ids
      join target t on t.id = ids.target_id and t.tenant_id = $1
      join identity_provider ip on ip.id = t.identity_provider_id
      left join target_condition tc on tc.target_id = t.id
      left join outbound r on r.target_id = t.id
      left join link l on l.user_id = u.id and l.target_id = t.id
      left join operation o on o.user_id = u.id and o.target_id = t.id and o.state in ('pending', 'running', 'held')
    ), '[]'::json))
  from u`;

/** The rows that hold for $2: its own where it has its own, else the tenant's default; for null the default. */
const outboundRows = `
  select r.* from service_provider s join outbound_row r on r.service_provider_id = s.id
    where s.id = $2 and s.tenant_id = $1 and s.owns_outbound_rows
  union all
  select r.* from outbound_row r
    where r.tenant_id = $1 and r.service_provider_id is null
      and ($2::uuid is null or exists (select from service_provider s where s.id = $2 and s.tenant_id = $1 and not s.owns_outbound_rows))`;

const provisioningViewSql = `
  with u as (select * from "user" where tenant_id = $1 and id = $3), outbound as (${outboundRows})
  select (${viewOfUser}) as view`;

const provisioningViewsSql = `
  with users as (select * from "user" where tenant_id = $1 and id = any($3::uuid[])), outbound as (${outboundRows})
  select v.view from users us cross join lateral (with u as (select us.*) select (${viewOfUser}) as view) v`;

const loginViewSql = `
  with u as (
    select * from "user" where tenant_id = $1 and removed_at is null and id = coalesce($3::uuid, (
      select user_id from identity where tenant_id = $1 and issuer = $5 and subject = $6 and identity_provider_id = $4))),
  outbound as (${outboundRows})
  select (select ${jsonRecord('serviceProvider', 's')} from service_provider s where s.tenant_id = $1 and s.id = $2) as sp,
         (select ${jsonRecord('identityProvider', 'i')} from identity_provider i where i.tenant_id = $1 and i.id = $4) as ip,
         (${viewOfUser}) as view`;

export async function readProvisioningView(
  session: Session,
  tenantId: TenantId,
  userId: UserId,
  serviceProviderId: ServiceProviderId | null,
): Promise<ProvisioningView | null> {
  if (!isUuid(userId) || (serviceProviderId !== null && !isUuid(serviceProviderId))) return null;
  const [row] = await session.query(provisioningViewSql, [tenantId, serviceProviderId, userId]);
  return parseView(row?.['view']);
}

export async function readProvisioningViews(
  session: Session,
  tenantId: TenantId,
  userIds: readonly UserId[],
): Promise<readonly ProvisioningView[]> {
  const ids = [...new Set(userIds)].filter(isUuid);
  if (ids.length === 0) return [];
  const rows = await session.query(provisioningViewsSql, [tenantId, null, ids]);
  return rows.flatMap((row) => parseView(row['view']) ?? []);
}

/** An identity counts only for the identity provider that it was made by: another one with the same issuer is somebody else's word. */
export async function readLoginView(
  session: Session,
  tenantId: TenantId,
  serviceProviderId: ServiceProviderId,
  who: { readonly identityProviderId: IdentityProviderId; readonly issuer: string; readonly subject: string } | { readonly userId: UserId },
): Promise<LoginView> {
  const nobody = { serviceProvider: null, identityProvider: null, known: null };
  if (!isUuid(serviceProviderId) || ('userId' in who && !isUuid(who.userId))) return nobody;
  if ('issuer' in who && !isUuid(who.identityProviderId)) return nobody;
  const parameters = 'userId' in who ? [who.userId, null, null, null] : [null, who.identityProviderId, who.issuer, who.subject];
  const [row] = await session.query(loginViewSql, [tenantId, serviceProviderId, ...parameters]);
  return {
    serviceProvider: recordOrNull('serviceProvider', row?.['sp']),
    identityProvider: recordOrNull('identityProvider', row?.['ip']),
    known: parseView(row?.['view']),
  };
}

const signInPartiesSql = `
  select ${jsonRecord('serviceProvider', 's')} as sp, ${jsonRecord('identityProvider', 'i')} as ip
  from service_provider s left join identity_provider i on i.tenant_id = s.tenant_id and i.id = $2 where s.id = $1`;

/** The service provider names the tenant; an identity provider of another tenant is as if there were none. */
export async function readSignInParties(
  session: Session,
  serviceProviderId: ServiceProviderId,
  identityProviderId: IdentityProviderId | null,
): ReturnType<Tenants['signInParties']> {
  if (!isUuid(serviceProviderId)) return { serviceProvider: null, identityProvider: null };
  const [row] = await session.query(signInPartiesSql, [serviceProviderId, isUuid(identityProviderId) ? identityProviderId : null]);
  return { serviceProvider: recordOrNull('serviceProvider', row?.['sp']), identityProvider: recordOrNull('identityProvider', row?.['ip']) };
}

/** The document that viewOfUser builds. */
interface ViewDocument extends Pick<ProvisioningView, 'surroundings' | 'serviceProvider' | 'policies'> {
  readonly user: unknown;
  readonly groupIds: readonly GroupId[];
  readonly candidates: readonly (Readonly<Record<'target' | 'condition' | 'row' | 'link' | 'unfinished', unknown>> & {
    readonly identityProvider: Candidate['identityProvider'];
    readonly assignments: readonly unknown[];
    readonly grounds: readonly ({ readonly serviceProvider: Ground['serviceProvider']; readonly row: unknown } | null)[];
    readonly unsettled: boolean;
    readonly userIdClaim: Candidate['userIdClaim'];
  })[];
}

function parseView(json: unknown): ProvisioningView | null {
  if (typeof json !== 'object' || json === null) return null;
  const document = json as ViewDocument;
  const user = recordOrNull('user', document.user);
  if (!user) return null;
  return {
    user,
    groupIds: document.groupIds,
    surroundings: document.surroundings,
    serviceProvider: document.serviceProvider,
    policies: document.policies,
    candidates: document.candidates.flatMap((found): readonly Candidate[] => {
      const target = recordOrNull('target', found.target);
      return target
        ? [
            {
              target,
              identityProvider: found.identityProvider,
              condition: recordOrNull('targetCondition', found.condition),
              row: recordOrNull('outboundRow', found.row),
              assignments: found.assignments.flatMap((assignment) => recordOrNull('assignment', assignment) ?? []),
              grounds: found.grounds.map(groundFrom),
              unsettled: found.unsettled,
              link: recordOrNull('link', found.link),
              unfinished: recordOrNull('operation', found.unfinished),
              userIdClaim: found.userIdClaim,
            },
          ]
        : [];
    }),
  };
}

function groundFrom(found: ViewDocument['candidates'][number]['grounds'][number]): Ground | null {
  const row = recordOrNull('outboundRow', found?.row);
  return found && row ? { serviceProvider: found.serviceProvider, row } : null;
}
