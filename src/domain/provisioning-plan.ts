/**
 * What a trigger calls for: (trigger, user, candidates) -> one decision per target, each with its reason. Pure; explain and the engine
 * share it, so what is explained is what happens. It doesn't write, call or wait.
 */
import type { AccountMapping } from './mapping/prepare.ts';
import { difference, type Mapped } from './mapping.ts';
import { weighRemoval, weighRules, type Ground, type JudgedGround, type RuledOperation, type RuleVerdict } from './rules.ts';
import type { UserIdClaim } from './user-id-pattern.ts';
import type {
  AccountAttributes,
  Assignment,
  GroupId,
  IdentityProvider,
  Link,
  Operation,
  OperationKind,
  OutboundRow,
  ServiceProvider,
  ServiceProviderId,
  Target,
  TargetCondition,
  TargetId,
  Trigger,
  User,
} from './vocabulary.ts';

/** One target that concerns this user: in the rows of the service provider, assigned before, or linked. */
export interface Candidate {
  readonly target: Target;
  readonly identityProvider: Pick<IdentityProvider, 'id' | 'name' | 'enabled' | 'outboundRoles' | 'attributeMappings' | 'roleMappings'>;
  readonly condition: TargetCondition | null;
  /** The row of the service provider that caused this, own or inherited; null where it has none for this target. */
  readonly row: OutboundRow | null;
  readonly assignments: readonly Assignment[];
  /** For each assignment the ground that asks rules, null where it asks none. Absent: none of them does. */
  readonly grounds?: readonly (Ground | null)[];
  readonly link: Link | null;
  readonly unfinished: Operation | null;
  /** The last operation was given up without knowing whether its write was done. Absent: not so. */
  readonly unsettled?: boolean;
  /** The id this user was given there by a user id pattern. */
  readonly userIdClaim: UserIdClaim | null;
}

/** Why nothing is to be done, or why something is. Fixed words: they are shown by explain and written to events. */
export type PlanReason =
  | 'needs-account'
  | 'differs'
  | 'inactive-account'
  | 'user-inactive'
  | 'user-removed'
  | 'assignment-removed'
  | 'connector-being-removed'
  | 'left-outbound-role'
  | 'asked-by-operator'
  | 'attempt-unsettled'
  | 'in-sync'
  | 'jit-outbound-off'
  | 'not-assigned'
  | 'not-in-outbound-role'
  | 'no-published-policy'
  | 'rule-denied'
  | 'rule-not-applicable'
  | 'rule-indeterminate'
  | 'removal-denied'
  | 'no-account'
  | 'removal-leaves-account'
  | 'connector-unknown';

export interface PlannedTarget {
  readonly candidate: Candidate;
  /** null: nothing to do. */
  readonly operation: OperationKind | null;
  readonly reason: PlanReason;
  /** Make the user belong at the target because of this service provider. */
  readonly assign: boolean;
  /** What the rules said; null: they were not asked, or something else decided. */
  readonly rule: JudgedGround | null;
  /** The account this user should have; null where it is to end or the connector is unknown. */
  readonly mapped: Mapped | null;
  /** What an update would send; null where there is no account yet. */
  readonly difference: AccountAttributes | null;
  /** A login of this trigger is held until this target is right. */
  readonly holdsLogin: boolean;
  /** A login of this trigger is refused: the row lets in only who is provisioned, and this person is kept out. */
  readonly refusesLogin: boolean;
}

export interface PlanInput {
  readonly trigger: Trigger;
  /** The service provider that caused this: new assignments are because of it. */
  readonly serviceProvider: Pick<ServiceProvider, 'id' | 'name'> | null;
  /** Targets whose last assignment goes with this change: their accounts end. */
  readonly endingTargetIds: readonly TargetId[];
  readonly user: User;
  readonly groupIds: readonly GroupId[];
  readonly candidates: readonly Candidate[];
  /** The account this user should have there; null: there is no connector of this type. */
  readonly accountOf: (candidate: Candidate) => AccountMapping | null;
  /** Asked only on grounds with Enable Rules. */
  readonly ruleFor: (candidate: Candidate, ground: Ground, operation: RuledOperation) => RuleVerdict;
}

export function planProvisioning(input: PlanInput): readonly PlannedTarget[] {
  return input.candidates.map((candidate) => planTarget(input, candidate));
}

function planTarget(input: PlanInput, candidate: Candidate): PlannedTarget {
  const { trigger, user } = input;
  const { row, link, target } = candidate;
  const base = { candidate, assign: false, rule: null, mapped: null, difference: null, holdsLogin: false, refusesLogin: false };
  const nothing = (reason: PlanReason, rule: JudgedGround | null = null): PlannedTarget => ({ ...base, rule, operation: null, reason });
  const ask = (operation: RuledOperation) => (ground: Ground) => input.ruleFor(candidate, ground, operation);
  const end = (reason: PlanReason): PlannedTarget => {
    if (!link && !candidate.unfinished && !candidate.unsettled) return nothing('no-account');
    // The link of a removed user has to go even where the account stays or ended before: else nobody could ever be linked to it again.
    if (reason === 'user-removed') return { ...base, operation: 'deprovision', reason };
    // Where accounts are left alone, a provision that still waits has to be called off all the same.
    if (target.removal === 'leave' && !provisions(candidate.unfinished)) return nothing('removal-leaves-account');
    // Who is only deactivated has the account deactivated, whatever becomes of accounts at a removal.
    const isScheduled = target.removal === 'deactivate-then-delete' && link !== null && (link.deleteAt ?? link.deletionAskedAt) !== null;
    const endsDeactivated = target.removal === 'deactivate' || reason === 'user-inactive' || isScheduled;
    // An operator asks for it because they doubt what the link says.
    const isTrusted = !candidate.unfinished && !candidate.unsettled && input.trigger !== 'operator';
    if (link && !link.active && endsDeactivated && isTrusted) return nothing('in-sync');
    const keptBy = mayBeKept.has(reason) ? weighRemoval(groundsOfRemoval(input, candidate), ask('end')) : null;
    return keptBy ? nothing('removal-denied', keptBy) : { ...base, operation: 'deprovision', reason };
  };

  if (user.removedAt) return end('user-removed');
  if (target.removalAskedAt) {
    const mayBeThere = link || candidate.unfinished || candidate.unsettled;
    return mayBeThere ? end('connector-being-removed') : nothing('connector-being-removed');
  }
  const assigned = candidate.assignments.length > 0;
  const asksForRow = row !== null && (trigger === 'registration' || trigger === 'operator' || (trigger === 'login' && row.jitOutbound));
  // An account whose last assignment went is ended by the change that took it, never by an ordinary one.
  if (!assigned && input.endingTargetIds.includes(target.id)) return end('assignment-removed');
  if (!assigned && !asksForRow) return nothing(row && trigger === 'login' ? 'jit-outbound-off' : 'not-assigned');
  if (!user.active) return end('user-inactive');

  // Who is held up by a gate belongs here all the same: when it opens, the change that opened it finds them.
  const assign = asksForRow && !candidate.assignments.some((a) => a.serviceProviderId === causeOf(input));
  const refusesLogin = trigger === 'login' && asksForRow && row.blocking && row.requireProvisioned;
  const roles = candidate.identityProvider.outboundRoles;
  if (roles.length > 0 && !roles.some((role) => input.groupIds.includes(role)))
    return {
      ...(link || provisions(candidate.unfinished) || candidate.unsettled ? end('left-outbound-role') : nothing('not-in-outbound-role')),
      assign,
      refusesLogin,
    };

  const weighed = weighRules(groundsToProvision(input, candidate, asksForRow), ask(link ? 'update' : 'create'));
  const rule = weighed.decisive;
  if (!weighed.permits && rule) {
    const reason = reasonsToDeny[rule.answer];
    // An account that is not there yet is not made, whatever becomes of those that are.
    const isCalledOff = !link && provisions(candidate.unfinished);
    const ending = isCalledOff || (weighed.ends && (link || candidate.unsettled)) ? end(reason) : null;
    return { ...(ending?.operation ? { ...ending, rule } : nothing(reason, rule)), assign, refusesLogin };
  }

  const account = input.accountOf(candidate);
  if (!account) return { ...nothing('connector-unknown', rule), refusesLogin };
  const { specs, mapped } = account;
  const changed = link && mapped.kind === 'mapped' ? difference(specs, mapped.attributes, link.applied) : null;
  const reason = reasonToProvision(input, candidate, mapped, changed);
  return {
    candidate,
    operation: reason === 'in-sync' ? null : 'provision',
    reason,
    assign,
    rule,
    mapped,
    difference: changed,
    holdsLogin: trigger === 'login' && row !== null && row.blocking && reason !== 'in-sync',
    refusesLogin: false,
  };
}

const causeOf = ({ serviceProvider }: PlanInput): ServiceProviderId | null => serviceProvider?.id ?? null;

const reasonsToDeny = {
  // What is permitted denies nothing.
  permit: 'rule-denied',
  deny: 'rule-denied',
  'not-applicable': 'rule-not-applicable',
  indeterminate: 'rule-indeterminate',
  'no-published-policy': 'no-published-policy',
} as const satisfies Record<RuleVerdict['answer'], PlanReason>;

/**
 * The row that is asked for now, and every assignment beside it: who belongs there because of another service provider, too, is kept out
 * by the rules only where all of them say no.
 */
function groundsToProvision(input: PlanInput, { row, assignments, grounds }: Candidate, asksForRow: boolean): readonly (Ground | null)[] {
  const others = assignments.flatMap((assignment, index) =>
    asksForRow && assignment.serviceProviderId === causeOf(input) ? [] : [grounds?.[index] ?? null],
  );
  if (!asksForRow || row === null) return others;
  return [row.enableRules ? { serviceProvider: input.serviceProvider, row } : null, ...others];
}

/** Whoever is removed, or denied by the rules themselves, is past asking. */
const mayBeKept: ReadonlySet<PlanReason> = new Set<PlanReason>(['assignment-removed', 'user-inactive', 'left-outbound-role']);

/** What brought somebody there: the assignments, or the row of the one that just went. */
function groundsOfRemoval(input: PlanInput, { row, grounds }: Candidate): readonly (Ground | null)[] {
  if (grounds && grounds.length > 0) return grounds;
  return row?.enableRules ? [{ serviceProvider: input.serviceProvider, row }] : [];
}

/** What runs or waits makes an account, now or as the one more that follows. */
function provisions(unfinished: Operation | null): boolean {
  return unfinished?.kind === 'provision' || unfinished?.nextKind === 'provision';
}

function reasonToProvision(input: PlanInput, candidate: Candidate, mapped: Mapped, changed: AccountAttributes | null): PlanReason {
  const { link, unfinished } = candidate;
  if (!link) return 'needs-account';
  if (!link.active) return 'inactive-account';
  if (unfinished?.kind === 'deprovision') return 'inactive-account';
  if (mapped.kind !== 'mapped' || (changed && Object.keys(changed).length > 0)) return 'differs';
  if (input.trigger === 'operator') return 'asked-by-operator';
  // What runs now may be writing what the user was a moment ago, and a write without an answer may have landed: the link doesn't tell.
  if (unfinished ? unfinished.state === 'running' || unfinished.mayHaveApplied : candidate.unsettled) return 'attempt-unsettled';
  return 'in-sync';
}
