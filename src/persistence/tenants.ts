/** Tenants, which are the one thing that is looked for without a tenant. */
import type { Chance, Clock, Tenants } from '../commands/ports.ts';
import type { Tenant, TenantId } from '../domain/vocabulary.ts';
import { isUuid } from './records.ts';
import type { Row, Session } from './session.ts';
import { readSignInParties } from './views.ts';

const columns = `id, name, time_zone, policy_combining, policy_revision, version, created_at`;

export function createTenants(session: Session, clock: Clock, chance: Chance): Tenants {
  return {
    all: async () => (await session.query(`select ${columns} from tenant order by lower(name)`)).map(toTenant),
    byName: async (name) => first(await session.query(`select ${columns} from tenant where lower(name) = lower($1)`, [name])),
    byId: async (id) => (isUuid(id) ? readTenant(session, id) : null),
    create: async (name) => {
      const made = first(
        await session.query(
          `with made as (insert into tenant (id, name, version, created_at) values ($1, $2, 1, $4) returning ${columns}),
           store as (insert into user_store (id, tenant_id, name, created_at) select $3, id, 'PRIMARY', created_at from made)
           select * from made`,
          [chance.uuid(), name, chance.uuid(), clock.now()],
        ),
      );
      if (!made) throw new Error('A tenant that was made did not come back.');
      return made;
    },
    signInParties: (serviceProviderId, identityProviderId) => readSignInParties(session, serviceProviderId, identityProviderId),
    ofServiceProvider: (id) => ownerOf(session, 'service_provider', id),
    ofIdentityProvider: (id) => ownerOf(session, 'identity_provider', id),
  };
}

export async function readTenant(session: Session, id: TenantId): Promise<Tenant | null> {
  return first(await session.query(`select ${columns} from tenant where id = $1`, [id]));
}

async function ownerOf(session: Session, table: 'service_provider' | 'identity_provider', id: string): Promise<TenantId | null> {
  if (!isUuid(id)) return null;
  const [row] = await session.query(`select tenant_id from ${table} where id = $1`, [id]);
  return row ? (row['tenant_id'] as TenantId) : null;
}

function first(rows: readonly Row[]): Tenant | null {
  return rows[0] ? toTenant(rows[0]) : null;
}

export function toTenant(row: Row): Tenant {
  return {
    id: row['id'] as TenantId,
    name: String(row['name']),
    timeZone: String(row['time_zone']),
    policyCombining: row['policy_combining'] as Tenant['policyCombining'],
    policyRevision: Number(row['policy_revision']),
    version: Number(row['version']),
    createdAt: row['created_at'] as Date,
  };
}
