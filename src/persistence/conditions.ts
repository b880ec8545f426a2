/** What attempts teach about their targets: failures in a row, an open circuit, a pause, a suspension. */
import type { NewEvent, Settlement } from '../commands/ports.ts';
import { circuitThreshold } from '../domain/retry.ts';
import type { TargetId, TenantId } from '../domain/vocabulary.ts';
import type { AppendedEvent } from './feed.ts';
import type { OpenTransaction, Row } from './session.ts';

const firstBreakMs = 5_000;
const longestBreakMs = 60_000;

interface State {
  readonly suspendedAt: Date | null;
  readonly pausedUntil: Date | null;
  readonly consecutiveFailures: number;
  readonly circuitOpenUntil: Date | null;
}

interface TargetOfTenant {
  readonly tenantId: TenantId;
  readonly targetId: TargetId;
}
const given = `jsonb_to_recordset($1::jsonb) as v("tenantId" uuid, "targetId" uuid)`;

export interface Lesson extends TargetOfTenant {
  readonly startedAt: Date;
  readonly condition: Settlement['condition'];
}

/**
 * A target that works and was not in trouble costs one read and no lock, which is nearly always. Where something changes, the rows are
 * locked in the order of their ids, so that two batches count every failure and never wait for each other.
 */
export async function learn(transaction: OpenTransaction, lessons: readonly Lesson[], now: Date): Promise<readonly AppendedEvent[]> {
  const telling = lessons.filter((lesson) => lesson.condition.kind !== 'nothing');
  const targets = [...new Map(telling.map(({ tenantId, targetId }) => [targetId, { tenantId, targetId }])).values()];
  if (targets.length === 0) return [];
  const known = await readStates(transaction, targets, '');
  const changing = targets.filter(({ targetId }) =>
    telling.some((lesson) => lesson.targetId === targetId && isNews(known.get(targetId)?.state, lesson)),
  );
  if (changing.length === 0) return [];
  await transaction.query(
    `insert into target_condition (target_id, tenant_id)
     select t.id, t.tenant_id from ${given} join target t on t.tenant_id = v."tenantId" and t.id = v."targetId" order by 1 on conflict do nothing`,
    [JSON.stringify(changing)],
  );
  const locked = await readStates(transaction, changing, 'for update of tc');
  const events: AppendedEvent[] = [];
  const changed: (State & TargetOfTenant)[] = [];
  for (const [targetId, { tenantId, state, clearedAt }] of locked) {
    let next = state;
    for (const lesson of telling) {
      // A configuration that is no more taught it.
      if (lesson.targetId !== targetId || (clearedAt && lesson.startedAt < clearedAt)) continue;
      const learnt = apply(next, lesson.condition, now);
      next = learnt.state;
      if (learnt.event) events.push({ tenantId, event: { ...learnt.event, targetId } });
    }
    if (next !== state) changed.push({ ...next, tenantId, targetId });
  }
  if (changed.length > 0) await writeStates(transaction, changed);
  return events;
}

function isNews(state: State | undefined, lesson: Lesson): boolean {
  if (lesson.condition.kind !== 'works') return true;
  return state !== undefined && (state.consecutiveFailures > 0 || state.circuitOpenUntil !== null);
}

function apply(state: State, condition: Settlement['condition'], now: Date): { readonly state: State; readonly event?: NewEvent } {
  switch (condition.kind) {
    case 'nothing':
      return { state };
    case 'works': {
      if (state.consecutiveFailures === 0 && !state.circuitOpenUntil) return { state };
      const next = { ...state, consecutiveFailures: 0, circuitOpenUntil: null };
      return state.circuitOpenUntil ? { state: next, event: { type: 'target.circuit-closed', payload: {} } } : { state: next };
    }
    case 'failed': {
      const failures = state.consecutiveFailures + 1;
      if (failures < circuitThreshold) return { state: { ...state, consecutiveFailures: failures } };
      // Calls that were under way when it opened tell nothing new: each break ends with one probe, and only that doubles it.
      if (state.circuitOpenUntil && state.circuitOpenUntil > now) return { state };
      const breakMs = Math.min(firstBreakMs * 2 ** (failures - circuitThreshold), longestBreakMs);
      const next = { ...state, consecutiveFailures: failures, circuitOpenUntil: new Date(now.getTime() + breakMs) };
      return state.circuitOpenUntil ? { state: next } : { state: next, event: { type: 'target.circuit-opened', payload: { failures } } };
    }
    case 'pause': {
      if (state.pausedUntil && state.pausedUntil >= condition.until) return { state };
      const next = { ...state, pausedUntil: condition.until };
      if (state.pausedUntil && state.pausedUntil > now) return { state: next };
      return { state: next, event: { type: 'target.paused', payload: { milliseconds: condition.milliseconds } } };
    }
    case 'suspend':
      return state.suspendedAt ? { state } : { state: { ...state, suspendedAt: now }, event: { type: 'target.suspended', payload: {} } };
  }
}

async function readStates(
  transaction: OpenTransaction,
  targets: readonly TargetOfTenant[],
  lock: '' | 'for update of tc',
): Promise<ReadonlyMap<TargetId, { readonly tenantId: TenantId; readonly state: State; readonly clearedAt: Date | null }>> {
  const rows = await transaction.query(
    `select tc.* from ${given} join target_condition tc on tc.tenant_id = v."tenantId" and tc.target_id = v."targetId"
     order by tc.target_id ${lock}`,
    [JSON.stringify(targets)],
  );
  return new Map(
    rows.map((row) => [
      row['target_id'] as TargetId,
      { tenantId: row['tenant_id'] as TenantId, state: toState(row), clearedAt: row['cleared_at'] as Date | null },
    ]),
  );
}

function toState(row: Row): State {
  return {
    suspendedAt: row['suspended_at'] as Date | null,
    pausedUntil: row['paused_until'] as Date | null,
    consecutiveFailures: Number(row['consecutive_failures']),
    circuitOpenUntil: row['circuit_open_until'] as Date | null,
  };
}

async function writeStates(transaction: OpenTransaction, states: readonly (State & TargetOfTenant)[]): Promise<void> {
  await transaction.query(
    `update target_condition tc set suspended_at = v."suspendedAt", paused_until = v."pausedUntil",
       consecutive_failures = v."consecutiveFailures", circuit_open_until = v."circuitOpenUntil"
     from jsonb_to_recordset($1::jsonb) as v("tenantId" uuid, "targetId" uuid, "suspendedAt" timestamptz, "pausedUntil" timestamptz,
       "consecutiveFailures" int, "circuitOpenUntil" timestamptz)
     where tc.tenant_id = v."tenantId" and tc.target_id = v."targetId"`,
    [JSON.stringify(states)],
  );
}
