/** Leases: taking them, and reading all that one attempt needs in the same round trip. */
import type { LeasedOperation } from '../commands/ports.ts';
import type { OperationId } from '../domain/vocabulary.ts';
import { jsonRecord, recordOrNull } from './columns.ts';
import type { Row, Session } from './session.ts';
import { claimOfUser, placeOf, providerOfTarget, surroundingsOfUser } from './surroundings.ts';

/** `o` is an operation, $1 is now. */
const leasedColumns = `
  ${jsonRecord('operation', 'o')} as operation, o.tries + 1 as attempt, ${jsonRecord('user', 'u')} as "user", ${jsonRecord('target', 't')} as target,
  ${jsonRecord('link', 'l')} as link, ${surroundingsOfUser} as surroundings, ${claimOfUser} as claim,
  ${providerOfTarget} as provider,
  t.enabled and ip.enabled and tc.suspended_at is null and coalesce(tc.paused_until <= $1, true)
    and coalesce(tc.circuit_open_until <= $1, true) as open, tc.circuit_open_until is not null as probing`;
const leasedJoins = `
  join "user" u on u.id = o.user_id
  join target t on t.id = o.target_id
  join identity_provider ip on ip.id = t.identity_provider_id
  left join target_condition tc on tc.target_id = o.target_id
  left join link l on l.user_id = o.user_id and l.target_id = o.target_id`;

/** An entry may be fetched by the database's clock a moment before ours says that its operation is due. */
const clockTolerance = `interval '250 milliseconds'`;

/**
 * Whoever takes a lease at a target counts the leases there first, so they do it one after the other; else two processes that look at the
 * same moment would together take more than the target allows. Held until commit; in the order of the keys, so that nobody waits in a circle.
 */
export async function lockPlaces(
  session: Session,
  targets: { readonly ofOperations: readonly string[] } | readonly string[],
): Promise<void> {
  const [ids, from] =
    'ofOperations' in targets
      ? [targets.ofOperations, 'select target_id as id from operation where id = any($1::uuid[])']
      : [targets, 'select unnest($1::uuid[]) as id'];
  await session.query(
    `select pg_advisory_xact_lock(7231003, key) from (select distinct hashtext(id::text) as key from (${from}) t order by 1) keys`,
    [ids],
  );
}

/**
 * How many more calls a target takes: leases that are alive are calls under way, whoever makes them, for an account or for a group. While its
 * circuit is open it is one, over all processes: the probe. `t` is a target, `now` its parameter.
 */
export const freePlaces = (now: string): string =>
  `(case when exists (select from target_condition open where open.target_id = t.id and open.circuit_open_until is not null) then 1
      else t.max_concurrent_calls end
    - (select count(*) from operation busy where busy.target_id = t.id and busy.state = 'running' and busy.lease_until > ${now})
    - (select count(*) from provisioned_group busy where busy.target_id = t.id and busy.state = 'running' and busy.lease_until > ${now}))`;

/**
 * Of two that want one operation the second waits at the row, looks again and finds it leased. Rows are locked in the order of their ids,
 * as settlements do, so that two batches never wait for each other. A lease that lapsed may have written: the next one looks first.
 */
const takeLeasesSql = `
  with wanted as (
    select id, state, target_id, array_position($2::uuid[], id) as rank from operation
    where id = any($2::uuid[])
      and ((state = 'pending' and due_at <= $1::timestamptz + ${clockTolerance}) or (state = 'running' and lease_until <= $1))
    order by id for update),
  ranked as (
    select w.id, w.state, w.target_id, row_number() over (partition by w.target_id order by w.rank) as place from wanted w),
  places as materialized (
    select t.id as target_id, ${freePlaces('$1')} as free from target t where t.id in (select target_id from wanted)),
  placed as (
    select r.id, r.state from ranked r join places p on p.target_id = r.target_id where r.place <= p.free),
  o as (
    update operation o set state = 'running', lease_owner = $3, lease_until = $4, fence = o.fence + 1,
      may_have_applied = o.may_have_applied or placed.state = 'running',
      unanswered_at = case when placed.state = 'running' then $1 else o.unanswered_at end
    from placed where o.id = placed.id
    returning o.id)
  select id from o`;

/**
 * In a transaction of its own. Who waited at a row has a picture from before the wait: read in the same statement, the user would be the one
 * before the change that was waited for, and nobody would write that change. So what an attempt needs is read afterwards.
 */
export async function takeLeases(
  session: Session,
  ids: readonly OperationId[],
  owner: string,
  until: Date,
  now: Date,
): Promise<readonly LeasedOperation[]> {
  if (ids.length === 0) return [];
  const taken = await session.query(takeLeasesSql, [now, ids, owner, until]);
  const leased = await readLeased(
    session,
    taken.map((row) => row['id'] as OperationId),
    now,
  );
  const found = new Map(leased.map((each) => [each.operation.id, each]));
  // In the order asked for: the queue has put login before change before bulk.
  return ids.flatMap((id) => found.get(id) ?? []);
}

export async function readLeased(session: Session, ids: readonly OperationId[], now: Date): Promise<readonly LeasedOperation[]> {
  if (ids.length === 0) return [];
  const rows = await session.query(`select ${leasedColumns} from operation o ${leasedJoins} where o.id = any($2::uuid[])`, [now, ids]);
  return rows.map(toLeased);
}

function toLeased(row: Row): LeasedOperation {
  const operation = recordOrNull('operation', row['operation']);
  const user = recordOrNull('user', row['user']);
  const target = recordOrNull('target', row['target']);
  if (!operation || !user || !target) throw new Error('An operation without its user or target was read.');
  const attempt = Number(row['attempt']);
  return {
    operation,
    attempt,
    user,
    target,
    link: recordOrNull('link', row['link']),
    open: row['open'] === true,
    probing: row['probing'] === true,
    ...placeOf(row),
  };
}
