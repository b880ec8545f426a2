/**
 * What a trigger calls for: (trigger, user, candidates) -> one decision per target, each with its reason. Pure; explain and the engine
 * share it, so what is explained is what happens. It doesn't write, call or wait.
 */
import { difference, mapAccount, type AccountAttributeSpec, type Mapped } from './mapping.ts';
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
  readonly identityProvider: Pick<IdentityProvider, 'id' | 'name' | 'enabled' | 'outboundRoles'>;
  readonly condition: TargetCondition | null;
  /** The row of the service provider that caused this, own or inherited; null where it has none for this target. */
  readonly row: OutboundRow | null;
  readonly assignments: readonly Assignment[];
  readonly link: Link | null;
  readonly unfinished: Operation | null;
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
  readonly specsOf: (connectorType: string) => readonly AccountAttributeSpec[] | null;
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
    if (!link && !candidate.unfinished) return nothing('no-account');
    // The link of a removed user has to go even where the account stays or ended before: else nobody could ever be linked to it again.
    if (reason === 'user-removed') return { ...base, operation: 'deprovision', reason };
    // Where accounts are left alone, a provision that still waits has to be called off all the same.
    if (target.removal === 'leave' && candidate.unfinished?.kind !== 'provision') return nothing('removal-leaves-account');
    // Who is only deactivated has the account deactivated, whatever becomes of accounts at a removal.
    const endsDeactivated = target.removal === 'deactivate' || reason === 'user-inactive';
    if (link && !link.active && endsDeactivated && !candidate.unfinished) return nothing('in-sync');
    return { ...base, operation: 'deprovision', reason };
  };

  if (user.removedAt) return end('user-removed');
  if (target.removalAskedAt) return link || candidate.unfinished ? end('connector-being-removed') : nothing('connector-being-removed');
  const assigned = candidate.assignments.length > 0;
  const asksForRow = row !== null && (trigger === 'registration' || trigger === 'operator' || (trigger === 'login' && row.jitOutbound));
  // An account whose last assignment went is ended by the change that took it, never by an ordinary one.
  if (!assigned && input.endingTargetIds.includes(target.id)) return end('assignment-removed');
  if (!assigned && !asksForRow) return nothing(row && trigger === 'login' ? 'jit-outbound-off' : 'not-assigned');
  if (!user.active) return end('user-inactive');

  const roles = candidate.identityProvider.outboundRoles;
  if (roles.length > 0 && !roles.some((role) => input.groupIds.includes(role)))
    return link || candidate.unfinished?.kind === 'provision' ? end('left-outbound-role') : nothing('not-in-outbound-role');

  const rule = row?.enableRules ? input.ruleFor(candidate) : 'not-asked';
  if (rule === 'no-published-policy') return nothing('no-published-policy', rule);
  if (rule === 'deny') return nothing('rule-denied', rule);

  const specs = input.specsOf(target.connectorType);
  if (!specs) return nothing('connector-unknown', rule);
  const mapped = mapAccount(specs, user);
  const changed = link && mapped.kind === 'mapped' ? difference(specs, mapped.attributes, link.applied) : null;
  const reason = reasonToProvision(input, candidate, mapped, changed);
  return {
    candidate,
    operation: reason === 'in-sync' ? null : 'provision',
    reason,
    assign: asksForRow && !candidate.assignments.some((a) => a.serviceProviderId === input.serviceProviderId),
    rule,
    mapped,
    difference: changed,
    holdsLogin: trigger === 'login' && row !== null && row.blocking && reason !== 'in-sync',
  };
}

function reasonToProvision(input: PlanInput, candidate: Candidate, mapped: Mapped, changed: AccountAttributes | null): PlanReason {
  const { link, unfinished } = candidate;
  if (!link) return 'needs-account';
  if (!link.active) return 'inactive-account';
  if (unfinished?.kind === 'deprovision') return 'inactive-account';
  if (mapped.kind === 'missing' || (changed && Object.keys(changed).length > 0)) return 'differs';
  if (input.trigger === 'operator') return 'asked-by-operator';
  // What runs now may be writing what the user was a moment ago, and a write without an answer may have landed: the link doesn't tell.
  if (unfinished && (unfinished.state === 'running' || unfinished.mayHaveApplied)) return 'attempt-unsettled';
  return 'in-sync';
}
