/**
 * Asks the gate about a held login and decides it once: the request that held it, the waiting page from any process, and the sweep of
 * abandoned ones all come through here. It runs no operation.
 */
import { judge, stateOf, type Gate, type GateHold } from '../domain/login-gate.ts';
import type { LoginAttempt, LoginAttemptId, LoginHold, Operation, OperationId, TenantId, User } from '../domain/vocabulary.ts';
import { forEachTenant } from './for-each-tenant.ts';
import type { HeldTarget, LoginOutcome, Refusal } from './login-outcome.ts';
import type { House, NewEvent, Reads } from './ports.ts';

export interface ResumeLoginInput {
  readonly tenantId: TenantId;
  readonly loginAttemptId: LoginAttemptId;
  /** SHA-256, hex, of the secret in this browser's cookie. */
  readonly browserHash: string;
}

/** A browser that lost the answer which opened its session may ask once more for this long. */
export const repeatOpenMs = 2 * 60_000;

/** null: there is no such attempt of this browser, or it was decided long ago. */
export async function resumeLogin(house: House, input: ResumeLoginInput): Promise<LoginOutcome | null> {
  const attempt = await house.database.reads(input.tenantId).byId('loginAttempt', input.loginAttemptId);
  if (!attempt || attempt.browserHash !== input.browserHash) return null;
  return settleLogin(house, attempt);
}

/** Decides a held attempt if it can be decided now. */
export async function settleLogin(house: House, attempt: LoginAttempt): Promise<LoginOutcome | null> {
  if (attempt.state !== 'held') return decided(house, attempt);
  const reads = house.database.reads(attempt.tenantId);
  const holds = await loadHolds(reads, attempt);
  const gate = judge(holds, house.clock.now());
  if (gate.kind === 'hold') return { kind: 'held', attempt, targets: heldTargets(attempt, holds) };
  return decided(house, await decide(house, attempt, gate));
}

/** The first to lock the person decides; whoever comes second finds the decision. */
async function decide(house: House, attempt: LoginAttempt, gate: Exclude<Gate, { kind: 'hold' }>): Promise<LoginAttempt> {
  const now = house.clock.now();
  const { after, first } = await house.database.transaction(attempt.tenantId, async (tx) => {
    const user = attempt.userId ? await tx.lockUser(attempt.userId) : null;
    const current = await tx.byId('loginAttempt', attempt.id);
    if (current?.state !== 'held') return { after: current ?? attempt, first: false };
    // The person may have been deactivated while waiting.
    const verdict: Verdict = gate.kind === 'open' && !mayComeIn(user) ? { kind: 'refuse', reason: 'user-inactive' } : gate;
    const changed = await tx.change('loginAttempt', attempt.id, {
      state: verdict.kind === 'open' ? 'opened' : 'refused',
      refusal: verdict.kind === 'refuse' ? verdict.reason : null,
      decidedAt: now,
    });
    await tx.append([decisionEvent(attempt, verdict, now)]);
    return { after: typeof changed === 'string' ? attempt : changed, first: true };
  });
  if (first) house.metrics.loginDecided(after.state === 'opened' ? 'opened' : 'refused', now.getTime() - attempt.createdAt.getTime());
  return after;
}

type Verdict = Extract<Gate, { kind: 'open' }> | { readonly kind: 'refuse'; readonly reason: Refusal };

function mayComeIn(user: User | null): user is User {
  return user !== null && user.active && user.removedAt === null;
}

function decisionEvent(attempt: LoginAttempt, verdict: Verdict, now: Date): NewEvent {
  const ids = { loginAttemptId: attempt.id, serviceProviderId: attempt.serviceProviderId };
  return verdict.kind === 'refuse'
    ? { type: 'login.refused', userId: attempt.userId, payload: { ...ids, reason: verdict.reason, reference: attempt.reference } }
    : {
        type: 'login.opened',
        userId: attempt.userId,
        payload: {
          ...ids,
          heldMilliseconds: now.getTime() - attempt.createdAt.getTime(),
          unprovisionedTargets: verdict.unprovisioned.length,
        },
      };
}

async function decided(house: House, attempt: LoginAttempt): Promise<LoginOutcome | null> {
  const refused = (reason: Refusal): LoginOutcome => ({ kind: 'refused', reason, reference: attempt.reference });
  if (attempt.state === 'refused') return refused((attempt.refusal ?? 'not-provisioned') as Refusal);
  if (attempt.state !== 'opened' || !attempt.decidedAt) return null;
  if (house.clock.now().getTime() - attempt.decidedAt.getTime() > repeatOpenMs) return null;
  const reads = house.database.reads(attempt.tenantId);
  const user = attempt.userId ? await reads.byId('user', attempt.userId) : null;
  const serviceProvider = await reads.byId('serviceProvider', attempt.serviceProviderId);
  if (!serviceProvider) return refused('service-provider-unknown');
  // Or between the decision and the browser that comes for it.
  if (!mayComeIn(user)) return refused('user-inactive');
  return { kind: 'opened', user, serviceProvider, loginAttemptId: attempt.id, returnTo: attempt.returnTo };
}

async function loadHolds(reads: Reads, attempt: LoginAttempt): Promise<readonly GateHold[]> {
  const operationIds = attempt.holds.flatMap((hold): OperationId[] => (hold.operationId ? [hold.operationId] : []));
  const targetIds = attempt.holds.map((hold) => hold.targetId);
  const [operations, targets, conditions] = await Promise.all([
    reads.find('operation', { id: operationIds }),
    reads.find('target', { id: targetIds }),
    reads.find('targetCondition', { targetId: targetIds }),
  ]);
  const disabled = await reads.find('identityProvider', { id: targets.map((target) => target.identityProviderId), enabled: false });
  const later = await operationsAfter(reads, attempt, operations);
  return attempt.holds.map((hold): GateHold => {
    const target = targets.find((candidate) => candidate.id === hold.targetId);
    const isSuspended = conditions.some((condition) => condition.targetId === hold.targetId && condition.suspendedAt !== null);
    const isOff = !target?.enabled || disabled.some((provider) => provider.id === target.identityProviderId);
    return {
      targetId: hold.targetId,
      deadlineAt: new Date(hold.deadlineAt),
      whenDeadlinePasses: hold.whenDeadlinePasses,
      operation: awaited(hold, operations, later),
      shut: isOff || isSuspended,
    };
  });
}

/** Of the lanes in which something ran already when this login asked: what came after it, oldest first. */
async function operationsAfter(reads: Reads, attempt: LoginAttempt, operations: readonly Operation[]): Promise<readonly Operation[]> {
  const following = attempt.holds.filter((hold) => hold.follows);
  const started = operations.filter((operation) => following.some((hold) => hold.operationId === operation.id));
  if (!attempt.userId || started.length === 0) return [];
  const since = new Date(Math.min(...started.map((operation) => operation.createdAt.getTime())));
  return reads.find('operation', { userId: attempt.userId, targetId: following.map((hold) => hold.targetId), createdAt: { since } });
}

/** While what runs is not yet what this login asked for, its kind is told as that of the one to come. */
function awaited(hold: LoginHold, operations: readonly Operation[], later: readonly Operation[]): Operation | null {
  const named = operations.find((operation) => operation.id === hold.operationId) ?? null;
  if (!hold.follows) return named;
  const newest = later.findLast((operation) => operation.targetId === hold.targetId) ?? named;
  return newest?.nextKind ? { ...newest, kind: newest.nextKind } : newest;
}

function heldTargets(attempt: LoginAttempt, holds: readonly GateHold[]): readonly HeldTarget[] {
  return attempt.holds.map((hold, i): HeldTarget => {
    const state = holds[i] ? stateOf(holds[i]) : 'working';
    return { name: hold.targetName, state };
  });
}

/** Held logins whose browser never came back: decided when their last deadline has passed, so that none stays open for ever. */
export async function settleAbandonedLogins(house: House): Promise<number> {
  const before = new Date(house.clock.now().getTime() - house.settings.holdInRequestMs);
  let settled = 0;
  await forEachTenant(house, async (tenantId) => {
    const page = await house.database
      .reads(tenantId)
      .page('loginAttempt', { where: { state: 'held', createdAt: { before } }, first: 100, after: null, newestFirst: false });
    for (const attempt of page.items) {
      const outcome = await settleLogin(house, attempt);
      if (outcome?.kind !== 'held') settled++;
    }
  });
  return settled;
}
