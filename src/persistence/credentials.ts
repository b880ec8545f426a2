/** Who may come in: password hashes with their lock, API tokens by the hash of the token. Hashes go no further than ReservedTry. */
import type { Credentials, Kind, RecordOf, Transaction } from '../commands/ports.ts';
import type { ApiToken, TenantId } from '../domain/vocabulary.ts';
import { recordOf, selectList } from './columns.ts';
import { isUuid } from './records.ts';
import type { Row, Session } from './session.ts';

const tableOfHolder = { user: '"user"', administrator: 'administrator' } as const;
const locksFrom = 5;
/** Doubling from a minute; never longer than this. */
const longestLock = `interval '1 hour'`;

export function createCredentials(session: Session): Credentials {
  return {
    administrator: async (tenantId, userName) =>
      holder(
        'administrator',
        await session.query(
          `select ${selectList('administrator', 'r')} from administrator r
           where r.tenant_id = $1 and lower(r.user_name) = lower($2)`,
          [tenantId, userName],
        ),
      ),
    user: async (tenantId, userStoreId, userName) =>
      holder(
        'user',
        await session.query(
          // The same name in several stores: PRIMARY goes first.
          `select ${selectList('user', 'r')} from "user" r join user_store s on s.id = r.user_store_id
           where r.tenant_id = $1 and lower(r.user_name) = lower($2) and r.removed_at is null and ($3::uuid is null or r.user_store_id = $3)
           order by s.name = 'PRIMARY' desc, s.id limit 1`,
          [tenantId, userName, userStoreId],
        ),
      ),
    // One statement: of ten guesses at once the row lets one after the other through, and from the fifth on it is locked for the next.
    reserveTry: async (who, now) => {
      const [row] = await session.query(
        `update ${tableOfHolder[who.kind]} set
           failed_count = failed_count + 1,
           locked_until = case when failed_count + 1 < ${locksFrom} then null
             else $2::timestamptz + least(interval '1 minute' * power(2, least(failed_count + 1 - ${locksFrom}, 10)), ${longestLock}) end
         where tenant_id = $3 and id = $1 and (locked_until is null or locked_until <= $2) returning password_hash, failed_count, locked_until`,
        [who.id, now, who.tenantId],
      );
      if (!row) return null;
      return {
        hash: row['password_hash'] as string | null,
        number: Number(row['failed_count']),
        locks: row['locked_until'] !== null,
      };
    },
    // Not below zero: of two right ones at once the second finds the first forgotten already.
    forgetTries: async (who, number) => {
      await session.query(
        `update ${tableOfHolder[who.kind]} set
           failed_count = greatest(failed_count - $2::int, 0),
           locked_until = case when failed_count <= $2::int then null else locked_until end
         where tenant_id = $3 and id = $1`,
        [who.id, number, who.tenantId],
      );
    },
    apiToken: async (hash, now) => {
      const [row] = await session.query(
        `with found as (
           select * from api_token where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)),
         used as (
           update api_token set last_used_at = $2
           where id = (select id from found where last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute'))
         select ${selectList('apiToken', 'r')} from found r`,
        [hash, now],
      );
      return row ? recordOf('apiToken', row) : null;
    },
    administratorById: async (id) => {
      if (!isUuid(id)) return null;
      const [row] = await session.query(`select ${selectList('administrator', 'r')} from administrator r where r.id = $1`, [id]);
      return row ? recordOf('administrator', row) : null;
    },
    countAdministrators: async () => Number((await session.query('select count(*)::int as n from administrator'))[0]?.['n']),
  };
}

export async function insertApiToken(
  session: Session,
  tenantId: TenantId,
  token: Parameters<Transaction['insertApiToken']>[0],
  hash: string,
  now: Date,
): Promise<ApiToken> {
  const [row] = await session.query(
    `insert into api_token as r (id, tenant_id, name, role, expires_at, created_at, token_hash) values ($1, $2, $3, $4, $5, $6, $7)
     returning ${selectList('apiToken', 'r')}`,
    [token.id, tenantId, token.name, token.role, token.expiresAt, now, hash],
  );
  if (!row) throw new Error('An API token that was made did not come back.');
  return recordOf('apiToken', row);
}

/** The lock in a statement of its own: whoever waited for it has to look at what is there after the wait. */
export async function otherOwnerExists(session: Session, administratorId: string): Promise<boolean> {
  await session.query('select pg_advisory_xact_lock(7231005)');
  const [row] = await session.query(`select 1 from administrator where role = 'owner' and id <> $1 limit 1`, [administratorId]);
  return row !== undefined;
}

function holder<K extends Extract<Kind, 'user' | 'administrator'>>(kind: K, [row]: readonly Row[]): RecordOf<K> | null {
  return row ? recordOf(kind, row) : null;
}
