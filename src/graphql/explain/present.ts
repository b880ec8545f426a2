/** A planned target in the words of the schema. Values of a person's attributes are told to operators and above only. */
import { reaches } from '../../commands/caller.ts';
import { planReasons } from '../../domain/plan-reasons.ts';
import type { PlannedTarget } from '../../domain/provisioning-plan.ts';
import type { AccountValue, GroupId, Role, ServiceProviderId, TargetId } from '../../domain/vocabulary.ts';
import type { Fields } from '../results.ts';
import { presentRuleDetails } from '../rule-decisions/present.ts';
import type { AttributeDifference, ExplainedRow, ExplainedTarget, Gate, Hindrance, RowOrigin } from './types.ts';

export interface Show {
  /** Groups the user is in. */
  readonly groupIds: readonly GroupId[];
  readonly role: Role;
  readonly now: Date;
  /** Targets where an account of this user waits for a decision. */
  readonly undecidedAt?: ReadonlySet<TargetId>;
}

export function presentExplained(planned: PlannedTarget, serviceProviderId: ServiceProviderId | null, show: Show): Fields<ExplainedTarget> {
  const { candidate, mapped, operation, reason, rule, holdsLogin, refusesLogin, assign } = planned;
  const { target, identityProvider, condition, link } = candidate;
  return {
    targetId: target.id,
    targetName: target.name,
    identityProviderName: identityProvider.name,
    assigned: candidate.assignments.length > 0,
    wouldAssign: assign,
    rowOrigin: rowOrigin(planned, serviceProviderId),
    row: presentRow(planned),
    gate: gate(planned, show.groupIds),
    rule: rule?.answer ?? null,
    ruleDetails: rule && presentRuleDetails(rule.details(), show.role),
    link,
    hindrances: hindrances(planned, show),
    hinderedUntil: ahead(condition?.pausedUntil, show.now) ?? ahead(condition?.circuitOpenUntil, show.now),
    unfinishedOperationId: candidate.unfinished?.id ?? null,
    missingAttribute: mapped?.kind === 'missing' ? mapped.attribute : null,
    mappingFailure: mapped?.kind === 'failed' ? `${mapped.attribute}: ${mapped.message}` : null,
    differences: differences(planned, reaches(show.role, 'operator')),
    operation,
    reason,
    explanation: planReasons[reason],
    holdsLogin,
    refusesLogin,
  };
}

function rowOrigin({ candidate: { row } }: PlannedTarget, serviceProviderId: ServiceProviderId | null): RowOrigin {
  if (row === null) return 'none';
  return row.serviceProviderId === serviceProviderId ? 'own' : 'inherited';
}

function presentRow({ candidate: { row } }: PlannedTarget): Fields<ExplainedRow> | null {
  if (row === null) return null;
  const { blocking, enableRules, jitOutbound, deadlineMs, whenDeadlinePasses } = row;
  return { blocking, enableRules, jitOutbound, deadlineMs, admitsAfterDeadline: whenDeadlinePasses === 'admit' };
}

function gate({ candidate }: PlannedTarget, groupIds: readonly GroupId[]): Gate {
  const roles = candidate.identityProvider.outboundRoles;
  if (roles.length === 0) return 'everybody';
  return roles.some((role) => groupIds.includes(role)) ? 'inside' : 'outside';
}

function hindrances({ candidate }: PlannedTarget, { now, undecidedAt }: Show): readonly Hindrance[] {
  const { identityProvider, target, condition } = candidate;
  const all: readonly (readonly [Hindrance, boolean])[] = [
    ['identity-provider-disabled', !identityProvider.enabled],
    ['connector-disabled', !target.enabled],
    ['suspended', (condition?.suspendedAt ?? null) !== null],
    ['paused', ahead(condition?.pausedUntil, now) !== null],
    ['circuit-open', ahead(condition?.circuitOpenUntil, now) !== null],
    ['removal-held', candidate.unfinished?.state === 'held'],
    ['adoption-undecided', undecidedAt?.has(target.id) === true],
  ];
  return all.filter(([, holds]) => holds).map(([name]) => name);
}

const ahead = (until: Date | null | undefined, now: Date): Date | null => (until && until > now ? until : null);

function differences({ difference, candidate }: PlannedTarget, withValues: boolean): readonly Fields<AttributeDifference>[] | null {
  if (difference === null) return null;
  const applied = candidate.link?.applied ?? {};
  return Object.entries(difference).map(([attribute, to]) => ({
    attribute,
    from: withValues ? inWords(Object.hasOwn(applied, attribute) ? (applied[attribute] ?? null) : null) : null,
    to: withValues ? inWords(to) : null,
  }));
}

function inWords(value: AccountValue): readonly string[] | null {
  if (value === null) return null;
  return typeof value === 'object' ? value : [String(value)];
}
