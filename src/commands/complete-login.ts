/**
 * A verified sign-in becomes a session, a held login or a refusal. One transaction finds or makes the user, plans, writes what the plan
 * calls for and the login attempt; the operations this login waits for are leased to it and run side by side after the commit.
 * It knows nothing of SAML or cookies: see auth. Blocking is an argument of the gate, not another path.
 */
import type { PlannedTarget } from '../domain/provisioning-plan.ts';
import type { LoginAttempt, LoginAttemptId, LoginHold, ServiceProvider, User } from '../domain/vocabulary.ts';
import type { CompleteLoginInput, LoginOutcome, Refusal } from './login-outcome.ts';
import {
  UniqueViolation,
  type House,
  type LaneAnswer,
  type LeasedOperation,
  type LoginView,
  type LoginToOpen,
  type Reads,
  type Transaction,
} from './ports.ts';
import { callsForNothing, planView, writePlan, type PlanRequest } from './provision-user.ts';
import { referenceOf } from './refuse-login.ts';
import { settleLogin } from './resume-login.ts';
import { findOrMakeUser, unchangedUser, type Federated } from './signed-in-user.ts';

interface Admitted {
  readonly kind: 'admitted';
  readonly attempt: LoginAttempt;
  readonly user: User;
  readonly serviceProvider: ServiceProvider;
  readonly leased: readonly LeasedOperation[];
}
type Refused = Extract<LoginOutcome, { kind: 'refused' }>;
type FreeSlots = Map<string, () => void>;

export async function completeLogin(house: House, input: CompleteLoginInput): Promise<LoginOutcome> {
  const slots: FreeSlots = new Map();
  const login = await lookAt(house.database.reads(input.tenantId), input);
  const admitted = (await admitAtOnce(house, input, login)) ?? (await admitOrAgain(house, input, slots, login));
  if (admitted.kind === 'refused') {
    house.metrics.loginDecided('refused', 0);
    return admitted;
  }
  const running = admitted.leased.map((leased) => {
    const free = slots.get(leased.target.id);
    slots.delete(leased.target.id);
    return house.runner.run(leased, free ?? (() => undefined));
  });
  freeAll(slots);
  if (admitted.attempt.state === 'opened') {
    const { user, serviceProvider, attempt } = admitted;
    house.metrics.loginDecided('opened', 0);
    return { kind: 'opened', user, serviceProvider, loginAttemptId: attempt.id, returnTo: attempt.returnTo };
  }
  house.metrics.loginHeld();
  return waitAtTheDoor(house, admitted.attempt, running);
}

/**
 * Two first sign-ins of one person race for the same new user: the one that comes second starts over and finds it. Who loses every time is
 * refused, which is recorded like any other refusal.
 */
async function admitOrAgain(
  house: House,
  input: CompleteLoginInput,
  slots: FreeSlots,
  seen: LoginView | null,
  again = 2,
): Promise<Admitted | Refused> {
  let login = seen;
  try {
    return await house.database.transaction(input.tenantId, (tx) => {
      freeAll(slots);
      // What was seen before is good for one try: who lost a race looks again.
      const looked = login;
      login = null;
      return admit(house, tx, input, slots, looked);
    });
  } catch (error) {
    freeAll(slots);
    if (!(error instanceof UniqueViolation)) throw error;
    if (again > 0) return admitOrAgain(house, input, slots, null, again - 1);
    house.log.warn(
      { error, tenantId: input.tenantId, serviceProviderId: input.serviceProviderId },
      'A sign-in lost every race for its user',
    );
    return house.database.transaction(input.tenantId, (tx) =>
      refuse(house, tx, input, house.chance.uuid() as LoginAttemptId, null, 'user-name-taken'),
    );
  }
}

function lookAt(reads: Pick<Reads, 'loginView'>, { serviceProviderId, signIn }: CompleteLoginInput): Promise<LoginView> {
  return reads.loginView(serviceProviderId, signIn.kind === 'federated' ? signIn : { userId: signIn.userId });
}

/**
 * Most logins: a known person, nothing to write but that they came. One statement, which holds only while the person is as they were
 * seen. null: there is more to do, or to refuse, and the long way judges it.
 */
async function admitAtOnce(house: House, input: CompleteLoginInput, login: LoginView): Promise<Admitted | null> {
  const { signIn } = input;
  const { serviceProvider } = login;
  const known = signIn.kind === 'federated' ? unchangedUser(signIn, login) : null;
  if (signIn.kind !== 'federated' || !known || !serviceProvider) return null;
  if (!callsForNothing(await planView(house, house.database.reads(input.tenantId), known, { trigger: 'login' }))) return null;
  const attempt = newAttempt(house, input, house.chance.uuid() as LoginAttemptId, known.user, []);
  const opened = await house.database.openLogin(input.tenantId, { attempt, user: known.user, once: onceOf(signIn) });
  return opened ? { kind: 'admitted', attempt: opened, user: known.user, serviceProvider, leased: [] } : null;
}

/** An assertion is used once, across processes. */
function onceOf(signIn: Federated): { readonly key: string; readonly until: Date } {
  return { key: `${signIn.identityProviderId}:${signIn.assertionId}`, until: signIn.expiresAt };
}

/** Up to `holdInRequestMs` in this request; after that the waiting page goes on from any process. */
async function waitAtTheDoor(house: House, attempt: LoginAttempt, running: readonly Promise<void>[]): Promise<LoginOutcome> {
  const until = house.clock.now().getTime() + house.settings.holdInRequestMs;
  const operationIds = attempt.holds.flatMap((hold) => (hold.operationId ? [hold.operationId] : []));
  // Asked before the first look, so that nothing settles between a look and the wait for it.
  for (;;) {
    const left = until - house.clock.now().getTime();
    const wake = house.runner.whenSettled(operationIds, Math.max(0, Math.min(left, nextDeadline(attempt, house.clock.now()))));
    const outcome = await settleLogin(house, attempt);
    if (outcome?.kind !== 'held') return outcome ?? { kind: 'refused', reason: 'not-provisioned', reference: attempt.reference };
    if (left <= 0) return outcome;
    await (running.length > 0 ? Promise.race([wake, Promise.all(running)]) : wake);
    running = [];
  }
}

function nextDeadline(attempt: LoginAttempt, now: Date): number {
  const ahead = attempt.holds.map((hold) => Date.parse(hold.deadlineAt) - now.getTime()).filter((ms) => ms > 0);
  return ahead.length > 0 ? Math.min(...ahead) : 0;
}

async function admit(
  house: House,
  tx: Transaction,
  input: CompleteLoginInput,
  slots: FreeSlots,
  seen: LoginView | null,
): Promise<Admitted | Refused> {
  const attemptId = house.chance.uuid() as LoginAttemptId;
  const { signIn } = input;
  if (signIn.kind === 'federated' && !(await tx.useOnce(onceOf(signIn).key, onceOf(signIn).until)))
    return refuse(house, tx, input, attemptId, null, 'assertion-used');
  const login = seen && (await isAsSeen(tx, seen)) ? seen : await lookAt(tx, input);
  const person = await findOrMakeUser(tx, signIn, login);
  if (typeof person === 'string') return refuse(house, tx, input, attemptId, login.known?.user ?? null, person);
  if (!login.serviceProvider) return refuse(house, tx, input, attemptId, null, 'service-provider-unknown');

  const request: PlanRequest = {
    userId: person.view.user.id,
    trigger: 'login',
    serviceProviderId: input.serviceProviderId,
    priority: 'login',
    changed: person.changed,
  };
  const planned = await planView(house, tx, person.view, request);
  const now = house.clock.now();
  const leaseUntil = new Date(now.getTime() + house.settings.attemptTimeoutMs + house.settings.leaseMarginMs);
  const isKeptOut = planned.some((target) => target.refusesLogin);
  const requested = await writePlan(house, tx, request, planned, (target) =>
    !isKeptOut && mayRunHere(house, target, now, slots) ? { owner: `login:${attemptId}`, until: leaseUntil } : null,
  );
  if (isKeptOut) return refuse(house, tx, input, attemptId, person.view.user, 'kept-out');
  const holds = planned
    .filter((target) => target.holdsLogin)
    .map((target) => holdOf(target, requested.find((r) => r.planned === target)?.answer ?? null, now));
  const attempt = await insertAttempt(house, tx, input, attemptId, person.view.user, holds);
  return {
    kind: 'admitted',
    attempt,
    user: person.view.user,
    serviceProvider: login.serviceProvider,
    leased: requested.flatMap((r) => (r.answer.leased ? [r.answer.leased] : [])),
  };
}

/** Deactivated, or changed, between our look and this transaction: from here on nobody does until it is committed. */
async function isAsSeen(tx: Transaction, { known }: LoginView): Promise<boolean> {
  // Two that make the same person are judged by unique keys.
  return known === null || (await tx.lockUser(known.user.id))?.version === known.user.version;
}

/** This login runs what it waits for, where the target lets calls through and has a free place in this process. */
function mayRunHere(house: House, planned: PlannedTarget, now: Date, slots: FreeSlots): boolean {
  const { target, condition, identityProvider } = planned.candidate;
  if (!planned.holdsLogin || !target.enabled || !identityProvider.enabled) return false;
  if (condition?.suspendedAt || isAhead(condition?.pausedUntil, now) || condition?.circuitOpenUntil) return false;
  const free = house.runner.takeSlot(target);
  if (!free) return false;
  slots.set(target.id, free);
  return true;
}

function isAhead(date: Date | null | undefined, now: Date): boolean {
  return date !== null && date !== undefined && date > now;
}

function holdOf(planned: PlannedTarget, answer: LaneAnswer | null, now: Date): LoginHold {
  const { row, target } = planned.candidate;
  return {
    targetId: target.id,
    targetName: target.name,
    operationId: answer?.operationId ?? null,
    follows: answer?.follows ?? false,
    deadlineAt: new Date(now.getTime() + (row?.deadlineMs ?? 0)).toISOString(),
    whenDeadlinePasses: row?.whenDeadlinePasses ?? 'refuse',
  };
}

async function insertAttempt(
  house: House,
  tx: Transaction,
  input: CompleteLoginInput,
  id: LoginAttemptId,
  user: User,
  holds: readonly LoginHold[],
): Promise<LoginAttempt> {
  const attempt = await tx.insert('loginAttempt', newAttempt(house, input, id, user, holds));
  if (attempt.state === 'held')
    await tx.append([
      {
        type: 'login.held',
        userId: user.id,
        payload: { loginAttemptId: id, serviceProviderId: input.serviceProviderId, targets: holds.length },
      },
    ]);
  return attempt;
}

function newAttempt(
  house: House,
  input: CompleteLoginInput,
  id: LoginAttemptId,
  user: User,
  holds: readonly LoginHold[],
): LoginToOpen['attempt'] {
  const held = holds.length > 0;
  return {
    id,
    serviceProviderId: input.serviceProviderId,
    identityProviderId: input.signIn.kind === 'federated' ? input.signIn.identityProviderId : null,
    userId: user.id,
    state: held ? 'held' : 'opened',
    refusal: null,
    reference: referenceOf(id),
    browserHash: input.browserHash,
    returnTo: input.returnTo,
    holds,
    decidedAt: held ? null : house.clock.now(),
  };
}

async function refuse(
  house: House,
  tx: Transaction,
  input: CompleteLoginInput,
  id: LoginAttemptId,
  user: User | null,
  reason: Refusal,
): Promise<Refused> {
  const reference = referenceOf(id);
  await tx.insert('loginAttempt', {
    id,
    serviceProviderId: input.serviceProviderId,
    identityProviderId: input.signIn.kind === 'federated' ? input.signIn.identityProviderId : null,
    userId: user?.id ?? null,
    state: 'refused',
    refusal: reason,
    reference,
    browserHash: input.browserHash,
    returnTo: null,
    holds: [],
    decidedAt: house.clock.now(),
  });
  await tx.append([
    {
      type: 'login.refused',
      userId: user?.id ?? null,
      payload: { loginAttemptId: id, serviceProviderId: input.serviceProviderId, reason, reference },
    },
  ]);
  return { kind: 'refused', reason, reference };
}

function freeAll(slots: FreeSlots): void {
  for (const free of slots.values()) free();
  slots.clear();
}
