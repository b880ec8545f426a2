/**
 * A verified sign-in becomes a session, a held login or a refusal. One transaction finds or makes the user, plans, writes what the plan
 * calls for and the login attempt; the operations this login waits for are leased to it and run side by side after the commit.
 * It knows nothing of SAML or cookies: see auth. Blocking is an argument of the gate, not another path.
 */
import { groupChanges, groupsFrom, mapFederated, syncAttributes, userNameFrom } from '../domain/just-in-time.ts';
import type { PlannedTarget } from '../domain/provisioning-plan.ts';
import type { GroupId, LoginAttempt, LoginAttemptId, LoginHold, ServiceProvider, User } from '../domain/vocabulary.ts';
import type { CompleteLoginInput, LoginOutcome, Refusal, VerifiedSignIn } from './login-outcome.ts';
import {
  UniqueViolation,
  type House,
  type LaneAnswer,
  type LeasedOperation,
  type LoginView,
  type NewEvent,
  type ProvisioningView,
  type Transaction,
} from './ports.ts';
import { planView, writePlan, type PlanRequest } from './provision-user.ts';
import { referenceOf } from './refuse-login.ts';
import { settleLogin } from './resume-login.ts';

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
  const admitted = await admitOrAgain(house, input, slots);
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

/** Two first sign-ins of one person race for the same new user: the one that comes second starts over and finds it. */
async function admitOrAgain(house: House, input: CompleteLoginInput, slots: FreeSlots, again = 2): Promise<Admitted | Refused> {
  try {
    return await house.database.transaction(input.tenantId, (tx) => {
      freeAll(slots);
      return admit(house, tx, input, slots);
    });
  } catch (error) {
    freeAll(slots);
    if (error instanceof UniqueViolation && again > 0) return admitOrAgain(house, input, slots, again - 1);
    throw error;
  }
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

async function admit(house: House, tx: Transaction, input: CompleteLoginInput, slots: FreeSlots): Promise<Admitted | Refused> {
  const attemptId = house.chance.uuid() as LoginAttemptId;
  const { signIn } = input;
  if (signIn.kind === 'federated' && !(await tx.useOnce(`${signIn.identityProviderId}:${signIn.assertionId}`, signIn.expiresAt)))
    return refuse(house, tx, input, attemptId, null, 'assertion-used');
  const login = await tx.loginView(input.serviceProviderId, signIn.kind === 'federated' ? signIn : { userId: signIn.userId });
  const person = await findOrMakeUser(house, tx, signIn, login);
  if (typeof person === 'string') return refuse(house, tx, input, attemptId, login.known?.user ?? null, person);
  if (!login.serviceProvider) return refuse(house, tx, input, attemptId, null, 'service-provider-unknown');

  const request: PlanRequest = {
    userId: person.view.user.id,
    trigger: 'login',
    serviceProviderId: input.serviceProviderId,
    priority: 'login',
    changed: person.changed,
  };
  const planned = planView(house, person.view, request);
  const now = house.clock.now();
  const leaseUntil = new Date(now.getTime() + house.settings.attemptTimeoutMs + house.settings.leaseMarginMs);
  const requested = await writePlan(house, tx, request, planned, (target) =>
    mayRunHere(house, target, now, slots) ? { owner: `login:${attemptId}`, until: leaseUntil } : null,
  );
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
  const held = holds.length > 0;
  const attempt = await tx.insert('loginAttempt', {
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
  });
  if (held)
    await tx.append([
      {
        type: 'login.held',
        userId: user.id,
        payload: { loginAttemptId: id, serviceProviderId: input.serviceProviderId, targets: holds.length },
      },
    ]);
  return attempt;
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

interface Person {
  readonly view: ProvisioningView;
  /** Made or changed in this transaction. */
  readonly changed: boolean;
}

async function findOrMakeUser(house: House, tx: Transaction, signIn: VerifiedSignIn, login: LoginView): Promise<Person | Refusal> {
  if (signIn.kind === 'federated' && !login.identityProvider?.enabled) return 'identity-provider-disabled';
  if (login.known) {
    if (!login.known.user.active || login.known.user.removedAt) return 'user-inactive';
    if (signIn.kind === 'password' || !login.identityProvider?.justInTime.enabled) return { view: login.known, changed: false };
    return syncUser(house, tx, signIn, login.identityProvider, login.known);
  }
  if (signIn.kind === 'password' || !login.identityProvider?.justInTime.enabled) return 'unknown-user';
  return makeUser(house, tx, signIn, login);
}

type Federated = Extract<VerifiedSignIn, { kind: 'federated' }>;
type Provider = NonNullable<LoginView['identityProvider']>;

async function makeUser(house: House, tx: Transaction, signIn: Federated, login: LoginView): Promise<Person | Refusal> {
  const provider = login.identityProvider;
  const userStoreId = provider?.justInTime.userStoreId ?? login.serviceProvider?.userStoreId;
  if (!provider || !userStoreId) return 'service-provider-unknown';
  const userName = userNameFrom(provider, signIn.subject, signIn.attributes);
  // Never linked by name: whoever controls a name at an identity provider would take over the local account.
  const taken = await tx.count('user', { userStoreId, userName, removedAt: null });
  if (taken > 0) return 'user-name-taken';
  const user = await tx.insert('user', {
    userStoreId,
    userName,
    attributes: mapFederated(provider, signIn.attributes),
    active: true,
    removedAt: null,
  });
  await tx.insert('identity', { userId: user.id, identityProviderId: provider.id, issuer: signIn.issuer, subject: signIn.subject });
  const groups = groupsFrom(provider, signIn.attributes) ?? [];
  await join(tx, user, groups);
  await tx.append([{ type: 'user.created', userId: user.id, payload: { by: 'just-in-time' } }]);
  return viewAfter(tx, user, login, true);
}

async function syncUser(
  house: House,
  tx: Transaction,
  signIn: Federated,
  provider: Provider,
  known: ProvisioningView,
): Promise<Person | Refusal> {
  const attributes = syncAttributes(provider, known.user, signIn.attributes);
  const wanted = groupsFrom(provider, signIn.attributes);
  const groups = wanted ? groupChanges(provider, known.groupIds, wanted) : { join: [], leave: [] };
  if (attributes === known.user.attributes && groups.join.length === 0 && groups.leave.length === 0) return { view: known, changed: false };

  // What an administrator saved between our look and the lock is kept: the attributes are judged again under it.
  const locked = await tx.lockUser(known.user.id);
  if (!locked?.active || locked.removedAt) return 'user-inactive';
  const changed = await tx.change('user', known.user.id, { attributes: syncAttributes(provider, locked, signIn.attributes) });
  if (typeof changed === 'string') return { view: known, changed: false };
  await join(tx, changed, groups.join);
  if (groups.leave.length > 0) await tx.remove('membership', { userId: known.user.id, groupId: groups.leave });
  await tx.append([{ type: 'user.changed', userId: known.user.id, payload: { by: 'just-in-time' } } satisfies NewEvent]);
  const left = new Set<GroupId>(groups.leave);
  const groupIds = [...known.groupIds.filter((group) => !left.has(group)), ...groups.join];
  return { view: { ...known, user: changed, groupIds }, changed: true };
}

async function join(tx: Transaction, user: User, groups: readonly GroupId[]): Promise<void> {
  await tx.insertMany(
    'membership',
    groups.map((groupId) => ({ groupId, userId: user.id })),
  );
}

async function viewAfter(tx: Transaction, user: User, login: LoginView, changed: boolean): Promise<Person | Refusal> {
  const view = await tx.provisioningView(user.id, login.serviceProvider?.id ?? null);
  return view ? { view, changed } : 'unknown-user';
}

function freeAll(slots: FreeSlots): void {
  for (const free of slots.values()) free();
  slots.clear();
}
