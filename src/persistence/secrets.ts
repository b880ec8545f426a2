/** Secrets of targets and identity providers, sealed in their rows. They go in here and come out only for whoever opens a connection. */
import type { SecretOwner, StoredConfig } from '../commands/ports.ts';
import type { TargetId, TenantId } from '../domain/vocabulary.ts';
import { isUuid } from './records.ts';
import type { Sealer } from './sealed.ts';
import type { Session } from './session.ts';

const tableNames = { target: 'target', identityProvider: 'identity_provider' } as const;
type Stored = Readonly<Record<string, string>>;

const place = (owner: SecretOwner, name: string): Parameters<Sealer['seal']>[0] => ({
  table: tableNames[owner.kind],
  column: 'secrets',
  id: owner.id,
  name,
});

/** One statement that merges in the database: two who set different names lose nothing. */
export async function putSecrets(
  session: Session,
  sealer: Sealer,
  tenantId: TenantId,
  owner: SecretOwner,
  secrets: Readonly<Record<string, string | null>>,
): Promise<void> {
  const sealed: Record<string, string> = {};
  const cleared: string[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    if (value === null) cleared.push(name);
    else sealed[name] = sealer.seal(place(owner, name), value);
  }
  const rows = await session.query(
    `update ${tableNames[owner.kind]} set secrets = (secrets - $3::text[]) || $4::jsonb where tenant_id = $1 and id = $2 returning 1`,
    [tenantId, owner.id, cleared, JSON.stringify(sealed)],
  );
  if (rows.length === 0) throw new Error(`There is no ${owner.kind} ${owner.id} to keep secrets for.`);
}

export async function secretNamesOf(
  session: Session,
  tenantId: TenantId,
  kind: SecretOwner['kind'],
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await session.query(
    `select id, array(select jsonb_object_keys(secrets) order by 1) as names from ${tableNames[kind]}
     where tenant_id = $1 and id = any($2::uuid[]) and secrets <> '{}'`,
    [tenantId, ids.filter(isUuid)],
  );
  return new Map(rows.map((row) => [String(row['id']), row['names'] as readonly string[]]));
}

/** Unsealed. Only for the composition, which hands them to the SAML strategy. */
export async function openSecrets(
  session: Session,
  sealer: Sealer,
  tenantId: TenantId,
  owner: SecretOwner,
): Promise<Readonly<Record<string, string>>> {
  const [row] = await session.query(`select secrets from ${tableNames[owner.kind]} where tenant_id = $1 and id = $2`, [tenantId, owner.id]);
  return unsealed(sealer, owner, (row?.['secrets'] ?? {}) as Stored);
}

/** One statement, for address and secrets change together: of two versions they would send a new secret to the old address. */
export async function openConfig(session: Session, sealer: Sealer, tenantId: TenantId, id: TargetId): Promise<StoredConfig | null> {
  const [row] = await session.query(`select version, connector_type, config, secrets from target where tenant_id = $1 and id = $2`, [
    tenantId,
    id,
  ]);
  if (!row) return null;
  return {
    version: Number(row['version']),
    connectorType: String(row['connector_type']),
    config: row['config'] as StoredConfig['config'],
    secrets: unsealed(sealer, { kind: 'target', id }, row['secrets'] as Stored),
  };
}

function unsealed(sealer: Sealer, owner: SecretOwner, stored: Stored): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(stored).map(([name, sealed]) => [name, sealer.open(place(owner, name), sealed)]));
}

/** Seals with the first key whatever another one sealed. Safe beside running processes: a row that changed meanwhile is looked at again. */
export async function resealAll(session: Session, sealer: Sealer): Promise<number> {
  let resealed = 0;
  for (const kind of ['target', 'identityProvider'] as const) {
    const table = tableNames[kind];
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await session.query(`select id, secrets, secrets::text as seen from ${table} where id > $1 order by id limit 200`, [
        after,
      ]);
      if (rows.length === 0) break;
      for (const row of rows) {
        const owner = { kind, id: String(row['id']) };
        resealed += await resealRow(session, sealer, owner, row['secrets'] as Stored, String(row['seen']));
        after = owner.id;
      }
    }
  }
  return resealed;
}

async function resealRow(session: Session, sealer: Sealer, owner: SecretOwner, stored: Stored, seen: string): Promise<number> {
  const stale = Object.entries(stored).filter(([, sealed]) => !sealer.isFresh(sealed));
  if (stale.length === 0) return 0;
  const fresh = Object.fromEntries(
    stale.map(([name, sealed]) => [name, sealer.seal(place(owner, name), sealer.open(place(owner, name), sealed))]),
  );
  const table = tableNames[owner.kind];
  const written = await session.query(
    `update ${table} set secrets = secrets || $3::jsonb where id = $1 and secrets::text = $2 returning 1`,
    [owner.id, seen, JSON.stringify(fresh)],
  );
  if (written.length > 0) return stale.length;
  const [row] = await session.query(`select secrets, secrets::text as seen from ${table} where id = $1`, [owner.id]);
  return row ? resealRow(session, sealer, owner, row['secrets'] as Stored, String(row['seen'])) : 0;
}
