/** Policies as a decision point loads them, and the revision by which it knows that what it has compiled is out of date. */
import type { PoliciesInForce } from '../commands/ports.ts';
import type { PolicyId, Tenant, TenantId } from '../domain/vocabulary.ts';
import type { OpenTransaction, Session } from './session.ts';
import { toTenant } from './tenants.ts';

/** One statement, so that the revision is that of these policies and of no others. */
const inForceSql = `
  select t.policy_revision as revision, t.policy_combining as combining, t.time_zone as "timeZone", coalesce((
    select json_agg(json_build_object('id', p.id, 'name', p.name, 'version', v.number, 'xml', v.xml, 'referencedOnly', p.referenced_only,
      'position', p.position)
      order by p.position, p.id)
    from policy p join policy_version v on v.id = p.published_version_id where p.tenant_id = $1 and p.active), '[]'::json) as policies
  from tenant t where t.id = $1`;

export async function readPoliciesInForce(session: Session, tenantId: TenantId): Promise<PoliciesInForce> {
  const [row] = await session.query(inForceSql, [tenantId]);
  if (!row) throw new Error(`There is no tenant ${tenantId}.`);
  return row as unknown as PoliciesInForce;
}

export async function orderPolicies(transaction: OpenTransaction, tenantId: TenantId, ids: readonly PolicyId[]): Promise<void> {
  await transaction.query(
    `update policy p set position = v.place, version = p.version + 1 from unnest($2::uuid[]) with ordinality as v(id, place)
     where p.tenant_id = $1 and p.id = v.id and p.position <> v.place`,
    [tenantId, ids],
  );
}

export async function lockTenant(transaction: OpenTransaction, tenantId: TenantId): Promise<Tenant> {
  const [row] = await transaction.query('select * from tenant where id = $1 for no key update', [tenantId]);
  if (!row) throw new Error(`There is no tenant ${tenantId}.`);
  return toTenant(row);
}

/** Takes the lock of the tenant's row: of two that change policies the second sees what the first made of them. */
export async function raisePolicyRevision(
  transaction: OpenTransaction,
  tenantId: TenantId,
  change: Partial<Pick<Tenant, 'timeZone' | 'policyCombining'>>,
): Promise<Tenant> {
  const [row] = await transaction.query(
    `update tenant set policy_revision = policy_revision + 1, time_zone = coalesce($2, time_zone),
       policy_combining = coalesce($3, policy_combining) where id = $1 returning *`,
    [tenantId, change.timeZone ?? null, change.policyCombining ?? null],
  );
  if (!row) throw new Error(`There is no tenant ${tenantId}.`);
  return toTenant(row);
}
