/** Keys that may be used once, and the login that uses one and has nothing else to write. */
import { createHash } from 'node:crypto';
import type { Clock, LoginToOpen } from '../commands/ports.ts';
import type { LoginAttempt, TenantId } from '../domain/vocabulary.ts';
import { quoted, tableOf } from './columns.ts';
import type { Session } from './session.ts';

/** Wins by the primary key: of two that use one key at the same time the second waits for the first and is told no. */
export async function useOnce(session: Session, tenantId: TenantId, key: string, until: Date): Promise<boolean> {
  const rows = await session.query(
    'insert into used_once (tenant_id, key_hash, until) values ($1, $2, $3) on conflict do nothing returning 1',
    [tenantId, hashOf(key), until],
  );
  return rows.length > 0;
}

const { columns } = tableOf('loginAttempt');

/** One statement is one transaction: a crash leaves neither a used key without its login nor a login without its key. */
const openLoginSql = `
  with once as (
    insert into used_once (tenant_id, key_hash, until)
    select $1::uuid, $2::text, $3::timestamptz
    where exists (select from "user" where tenant_id = $1::uuid and id = $4::uuid and version = $5::int)
    on conflict do nothing returning 1)
  insert into login_attempt (${columns.map(({ column }) => quoted(column)).join(', ')})
  select ${columns.map(({ property }) => `v.${quoted(property)}`).join(', ')}
  from jsonb_to_record($6::jsonb) as v(${columns.map(({ property, type }) => `${quoted(property)} ${type}`).join(', ')})
  where exists (select from once) returning 1`;

export async function openLogin(session: Session, clock: Clock, tenantId: TenantId, login: LoginToOpen): Promise<LoginAttempt | null> {
  const { attempt, user, once } = login;
  const record = { createdAt: clock.now(), ...attempt, tenantId };
  const rows = await session.query(openLoginSql, [tenantId, hashOf(once.key), once.until, user.id, user.version, JSON.stringify(record)]);
  return rows.length > 0 ? record : null;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
