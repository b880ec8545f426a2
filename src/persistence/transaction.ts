/** What commands see of the database, bound to one tenant: reads, and transactions with all their writes. */
import type { Chance, Clock, Queue, Reads, Transaction } from '../commands/ports.ts';
import type { GroupsConcerned } from '../commands/group-ports.ts';
import type { TenantId } from '../domain/vocabulary.ts';
import { recordOf, selectList } from './columns.ts';
import { insertApiToken, otherOwnerExists } from './credentials.ts';
import { appendEvents, lastPosition, readEvents } from './feed.ts';
import { memberCounts } from './group-counts.ts';
import { concernGroups } from './groups-concerned.ts';
import { passEndings, type Ending } from './guard.ts';
import { cancelHeld, confirmHeld, lockLane, readHeld } from './held.ts';
import { requestLanes } from './lanes.ts';
import { useOnce } from './once.ts';
import { lockTenant, orderPolicies, raisePolicyRevision, readPoliciesInForce } from './policies.ts';
import * as records from './records.ts';
import type { Sealer } from './sealed.ts';
import { putSecrets, secretNamesOf } from './secrets.ts';
import type { OpenTransaction, Session } from './session.ts';
import { readMappingSubject } from './surroundings.ts';
import { readTenant } from './tenants.ts';
import { usersUnsettledAt } from './unsettled.ts';
import { readLoginView, readProvisioningView, readProvisioningViews } from './views.ts';

export interface TransactionParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly queue: () => Queue;
  readonly sealer: Sealer;
}

export function createReads(session: Session, tenantId: TenantId, parts: TransactionParts): Reads {
  const context = { session, tenantId, clock: parts.clock, chance: parts.chance };
  return {
    tenantId,
    tenant: async () => {
      const tenant = await readTenant(session, tenantId);
      if (!tenant) throw new Error(`There is no tenant ${tenantId}.`);
      return tenant;
    },
    byId: (kind, id) => records.findById(context, kind, id),
    find: (kind, where) => records.findAll(context, kind, where),
    page: (kind, request) => records.findPage(context, kind, request),
    count: (kind, where) => records.countAll(context, kind, where),
    pagesOf: (kind, field, parents, request) => records.findPagesOf(context, kind, field, parents, request),
    countsOf: (kind, field, parents, where) => records.countAllOf(context, kind, field, parents, where),
    provisioningView: (userId, serviceProviderId) => readProvisioningView(session, tenantId, userId, serviceProviderId),
    provisioningViews: (userIds) => readProvisioningViews(session, tenantId, userIds),
    policiesInForce: () => readPoliciesInForce(session, tenantId),
    mappingSubject: (userId, targetId) => readMappingSubject(session, tenantId, userId, targetId),
    loginView: (serviceProviderId, who) => readLoginView(session, tenantId, serviceProviderId, who),
    events: (request) => readEvents(session, tenantId, request),
    secretNamesOf: (kind, ids) => secretNamesOf(session, tenantId, kind, ids),
    heldRemovals: () => readHeld(session, tenantId),
    usersUnsettledAt: (targetId, page) => usersUnsettledAt(session, tenantId, targetId, page),
    memberCounts: (ids) => memberCounts(session, tenantId, ids),
    lastPosition: () => lastPosition(session, tenantId),
  };
}

/** Does the work and, last of all, lets the endings that it asked for pass the guard: nothing is waited for after that. */
export async function inTransaction<T>(
  transaction: OpenTransaction,
  tenantId: TenantId,
  parts: TransactionParts,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const endings: Endings = { asked: [], confirmedUpTo: null };
  const concerned: GroupsConcerned[] = [];
  const result = await work(createTransaction(transaction, tenantId, parts, endings, concerned));
  await concernGroups(transaction, tenantId, concerned, parts.clock.now());
  await passEndings({ transaction, ...parts }, endings.asked, endings.confirmedUpTo);
  return result;
}

interface Endings {
  readonly asked: Ending[];
  confirmedUpTo: number | null;
}

function createTransaction(
  transaction: OpenTransaction,
  tenantId: TenantId,
  parts: TransactionParts,
  endings: Endings,
  concerned: GroupsConcerned[],
): Transaction {
  const { clock, chance, queue, sealer } = parts;
  const context = { session: transaction, tenantId, clock, chance };
  const guard = { transaction, clock, chance, queue };
  return {
    ...createReads(transaction, tenantId, parts),
    insert: async (kind, record) => {
      const [inserted] = await records.insertRecords(context, kind, [record]);
      if (!inserted) throw new Error(`A ${kind} that was inserted did not come back.`);
      return inserted;
    },
    insertMany: async (kind, many) => {
      await records.insertRecords(context, kind, many);
    },
    change: (kind, id, patch, version) => records.changeRecord(context, kind, id, patch, version),
    remove: (kind, where) => records.removeRecords(context, kind, where),
    // Not FOR UPDATE: settlements refer to the user's row and need not wait for a change of its contents.
    lockUser: async (userId) => {
      if (!records.isUuid(userId)) return null;
      const [row] = await transaction.query(
        `select ${selectList('user', 'r')} from "user" r where r.tenant_id = $1 and r.id = $2 for no key update`,
        [tenantId, userId],
      );
      return row ? recordOf('user', row) : null;
    },
    append: (events) =>
      appendEvents(
        transaction,
        clock.now(),
        events.map((event) => ({ tenantId, event })),
      ),
    raiseTenantVersion: async (version) => {
      const rows = await transaction.query('update tenant set version = version + 1 where id = $1 and version = $2 returning 1', [
        tenantId,
        version,
      ]);
      return rows.length > 0 ? 'raised' : 'stale';
    },
    orderPolicies: (ids) => orderPolicies(transaction, tenantId, ids),
    lockTenant: () => lockTenant(transaction, tenantId),
    raisePolicyRevision: (change = {}) => raisePolicyRevision(transaction, tenantId, change),
    requestOperations: (requests) => requestLanes({ transaction, tenantId, clock, chance, queue, endings: endings.asked }, requests),
    confirmEndings: (accounts) => {
      endings.confirmedUpTo = accounts;
    },
    confirmHeld: (targetId, ids) => confirmHeld(guard, tenantId, targetId, ids),
    cancelHeld: (targetId, ids) => cancelHeld(guard, tenantId, targetId, ids),
    concernGroups: (some) => void concerned.push(some),
    lockLane: (userId, targetId) => lockLane(transaction, tenantId, userId, targetId),
    putSecrets: (owner, secrets) => putSecrets(transaction, sealer, tenantId, owner, secrets),
    useOnce: (key, until) => useOnce(transaction, tenantId, key, until),
    insertApiToken: (token, hash) => insertApiToken(transaction, tenantId, token, hash, clock.now()),
    clearCondition: (targetId) => clearCondition(transaction, tenantId, targetId, clock.now()),
    forgetApplied: async (targetId, attributes) => {
      await transaction.query('update link set applied = applied - $3::text[] where tenant_id = $1 and target_id = $2', [
        tenantId,
        targetId,
        attributes,
      ]);
    },
    otherOwnerExists: (id) => otherOwnerExists(transaction, id),
    setPassword: async (owner, hash) => {
      const rows = await transaction.query(
        `update ${owner.kind === 'user' ? '"user"' : 'administrator'} set password_hash = $3, failed_count = 0, locked_until = null
         where tenant_id = $1 and id = $2 returning 1`,
        [tenantId, owner.id, hash],
      );
      if (rows.length === 0) throw new Error(`There is no ${owner.kind} ${owner.id} in this tenant.`);
    },
  };
}

/** Notes the time, so that an attempt under way with the old configuration does not suspend the new one. */
async function clearCondition(transaction: OpenTransaction, tenantId: TenantId, targetId: string, now: Date): Promise<boolean> {
  const [row] = await transaction.query(
    `with before as (select suspended_at from target_condition where tenant_id = $1 and target_id = $2 for update),
     cleared as (
       insert into target_condition as tc (target_id, tenant_id, cleared_at) select id, tenant_id, $3 from target where tenant_id = $1 and id = $2
       on conflict (target_id) do update set suspended_at = null, paused_until = null, consecutive_failures = 0, circuit_open_until = null,
         cleared_at = excluded.cleared_at)
     select exists (select from before where suspended_at is not null) as suspended`,
    [tenantId, targetId, now],
  );
  return row?.['suspended'] === true;
}
