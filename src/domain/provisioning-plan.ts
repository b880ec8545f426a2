/**
 * What a trigger calls for: (trigger, user, candidates) -> one decision per target, each with its reason. Pure; explain and the engine
 * share it, so what is explained is what happens. It doesn't write, call or wait.
 */
import type { AccountMapping } from './mapping/prepare.ts';
import { difference, type Mapped } from './mapping.ts';
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
  ServiceProviderId,
  Target,
  TargetCondition,
  TargetId,
  Trigger,
  User,
} from './vocabulary.ts';

/** What the rules say about one row: not asked, or no published policy exists (then an enabled rule provisions nobody). */
export type RuleDecision = 'not-asked' | 'no-published-policy' | 'permit' | 'deny';

/** One target that concerns this user: in the rows of the service provider, assigned before, or linked. */
export interface Candidate {
  readonly target: Target;
  readonly identityProvider: Pick<IdentityProvider, 'id' | 'name' | 'enabled' | 'outboundRoles' | 'attributeMappings' | 'roleMappings'>;
  readonly condition: TargetCondition | null;
  /** The row of the service provider that caused this, own or inherited; null where it has none for this target. */
  readonly row: OutboundRow | null;
  readonly assignments: readonly Assignment[];
  /** Every assignment is because of a row with Enable Rules. Absent: not so. */
  readonly assignedUnderRules?: boolean;
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
  readonly rule: RuleDecision;
  /** The account this user should have; null where it is to end or the connector is unknown. */
  readonly mapped: Mapped | null;
  /** What an update would send; null where there is no account yet. */
  readonly difference: AccountAttributes | null;
  /** A login of this trigger is held until this target is right. */
  readonly holdsLogin: boolean;
}

export interface PlanInput {
  readonly trigger: Trigger;
  /** The service provider that caused this: new assignments are because of it. */
  readonly serviceProviderId: ServiceProviderId | null;
  /** Targets whose last assignment goes with this change: their accounts end. */
  readonly endingTargetIds: readonly TargetId[];
  readonly user: User;
  readonly groupIds: readonly GroupId[];
  readonly candidates: readonly Candidate[];
  /** The account this user should have there; null: there is no connector of this type. */
  readonly accountOf: (candidate: Candidate) => AccountMapping | null;
  /** Asked only for rows with Enable Rules. */
  readonly ruleFor: (candidate: Candidate) => RuleDecision;
}

export function planProvisioning(input: PlanInput): readonly PlannedTarget[] {
  return input.candidates.map((candidate) => planTarget(input, candidate));
}

function planTarget(input: PlanInput, candidate: Candidate): PlannedTarget {
  const { trigger, user } = input;
  const { row, link, target } = candidate;
  const base = { candidate, assign: false, rule: 'not-asked' as RuleDecision, mapped: null, difference: null, holdsLogin: false };
  const nothing = (reason: PlanReason, rule: RuleDecision = 'not-asked'): PlannedTarget => ({ ...base, rule, operation: null, reason });
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
    return { ...base, operation: 'deprovision', reason };
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
  const assign = asksForRow && !candidate.assignments.some((a) => a.serviceProviderId === input.serviceProviderId);
  const roles = candidate.identityProvider.outboundRoles;
  if (roles.length > 0 && !roles.some((role) => input.groupIds.includes(role)))
    return {
      ...(link || provisions(candidate.unfinished) || candidate.unsettled ? end('left-outbound-role') : nothing('not-in-outbound-role')),
      assign,
    };

  // Whom a rule kept out at the door is not let in by the next change of them, which comes from no row.
  const isRuled = row?.enableRules === true || (!asksForRow && candidate.assignedUnderRules === true);
  const rule = isRuled ? input.ruleFor(candidate) : 'not-asked';
  if (rule === 'no-published-policy') return { ...nothing('no-published-policy', rule), assign };
  if (rule === 'deny') return { ...nothing('rule-denied', rule), assign };

  const account = input.accountOf(candidate);
  if (!account) return nothing('connector-unknown', rule);
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
  };
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
