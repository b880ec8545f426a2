/**
 * Plans one user and writes what the plan calls for, inside the caller's transaction: assignments, operations in their lanes, events.
 * It calls no target. Every command that changes a person ends here; a login asks for leases on what it will wait for.
 */
import { accountAtOnce, accountOf, usesExpressions, type AccountMapping, type MappingSubject } from '../domain/mapping/prepare.ts';
import { planProvisioning, type Candidate, type PlannedTarget, type RuleDecision } from '../domain/provisioning-plan.ts';
import type { Operation, ServiceProviderId, TargetId, Trigger, UserId } from '../domain/vocabulary.ts';
import type { House, LaneAnswer, LaneRequest, NewEvent, Priority, ProvisioningView, Transaction } from './ports.ts';

export interface PlanRequest {
  readonly userId: UserId;
  readonly trigger: Trigger;
  readonly serviceProviderId: ServiceProviderId | null;
  readonly priority: Priority;
  /** The user (or what belongs to them) changed in this transaction: an operation that runs already began with old data. */
  readonly changed: boolean;
  /** Targets whose last assignment this transaction removed. */
  readonly endingTargetIds?: readonly TargetId[];
}

/** Plans from the current state and writes it. The targets come back with their reasons, also those where nothing is done. */
export async function planAndRequest(house: House, tx: Transaction, request: PlanRequest): Promise<readonly PlannedTarget[]> {
  const view = await tx.provisioningView(request.userId, request.serviceProviderId);
  if (!view) return [];
  const planned = await planView(house, view, request);
  await writePlan(house, tx, request, planned, () => null);
  return planned;
}

/** The plan alone, for explain and for a login that decides before it writes. It waits for nothing but the expressions of mappings. */
export async function planView(
  house: Pick<House, 'definitions'>,
  view: ProvisioningView,
  request: Pick<PlanRequest, 'trigger' | 'serviceProviderId' | 'endingTargetIds'>,
): Promise<readonly PlannedTarget[]> {
  const evaluated = await evaluateMappings(house, view);
  return planProvisioning({
    trigger: request.trigger,
    serviceProviderId: request.serviceProviderId,
    endingTargetIds: request.endingTargetIds ?? [],
    user: view.user,
    groupIds: view.groupIds,
    candidates: view.candidates,
    accountOf: (candidate) => {
      const definition = house.definitions.get(candidate.target.connectorType);
      return definition ? (evaluated.get(candidate) ?? accountAtOnce(definition, subjectOf(view, candidate))) : null;
    },
    ruleFor: decideByRules,
  });
}

/** One user of the view at one of its targets, as mappings ask for them. */
export function subjectOf(view: ProvisioningView, { target, identityProvider, userIdClaim }: Candidate): MappingSubject {
  return { user: view.user, surroundings: view.surroundings, target, identityProvider, userIdClaim };
}

/** The plan itself is pure and waits for nobody: what has expressions is mapped before it. Mostly nothing has. */
async function evaluateMappings(
  house: Pick<House, 'definitions'>,
  view: ProvisioningView,
): Promise<ReadonlyMap<Candidate, AccountMapping>> {
  const evaluated = new Map<Candidate, AccountMapping>();
  for (const candidate of view.candidates) {
    const definition = house.definitions.get(candidate.target.connectorType);
    if (definition && usesExpressions(definition, candidate.target.mapping))
      evaluated.set(candidate, await accountOf(definition, subjectOf(view, candidate)));
  }
  return evaluated;
}

/** Neither a row to write nor a login to hold: nobody changed, all is right already or on its way. */
export function callsForNothing(planned: readonly PlannedTarget[]): boolean {
  return planned.every(
    (p) => !p.assign && !p.holdsLogin && (p.operation === null ? !isSurprising(p) : isDoneBy(p.candidate.unfinished, p, false)),
  );
}

/** Until policies exist there is none published: an enabled rule provisions nobody. */
function decideByRules(): RuleDecision {
  return 'no-published-policy';
}

export interface RequestedOperation {
  readonly planned: PlannedTarget;
  readonly answer: LaneAnswer;
}

/** Writes what was planned. `leaseFor` gives the lease a login wants for a target it waits for. */
export async function writePlan(
  house: House,
  tx: Transaction,
  request: PlanRequest,
  planned: readonly PlannedTarget[],
  leaseFor: (planned: PlannedTarget) => LaneRequest['lease'] | null,
): Promise<readonly RequestedOperation[]> {
  const assigned = planned.filter((p) => p.assign);
  await tx.insertMany(
    'assignment',
    assigned.map((p) => ({ userId: request.userId, targetId: p.candidate.target.id, serviceProviderId: request.serviceProviderId })),
  );
  const wanted = planned.filter((p) =>
    p.operation === null ? isUnderPen(p, request.changed) : !isDoneBy(p.candidate.unfinished, p, request.changed),
  );
  const answers = await tx.requestOperations(wanted.map((p) => laneRequest(request, p, leaseFor(p))));
  const requested = wanted.flatMap((p, i) => (answers[i] ? [{ planned: p, answer: answers[i] }] : []));
  await tx.append([
    ...assigned.map((p): NewEvent => ({
      type: 'assignment.added',
      userId: request.userId,
      targetId: p.candidate.target.id,
      payload: { serviceProviderId: request.serviceProviderId },
    })),
    ...requested
      .filter((r) => r.answer.outcome === 'made')
      .map((r): NewEvent => ({
        type: 'provisioning.requested',
        userId: request.userId,
        targetId: r.planned.candidate.target.id,
        operationId: r.answer.operationId,
        payload: { kind: r.planned.operation ?? 'provision', trigger: request.trigger },
      })),
    ...planned
      .filter((p) => p.operation === null && isSurprising(p))
      .map((p): NewEvent => ({
        type: 'provisioning.skipped',
        userId: request.userId,
        targetId: p.candidate.target.id,
        payload: { reason: p.reason },
      })),
  ]);
  return requested;
}

/** A change of a person who waits for nobody: what is pending will read the current state anyway. */
function isDoneBy(unfinished: Operation | null, planned: PlannedTarget, changed: boolean): boolean {
  return !changed && !planned.holdsLogin && unfinished?.state === 'pending' && unfinished.kind === planned.operation;
}

/**
 * A change back to what the account already has, while an operation is about to start with what was meant before: it may read the person
 * a moment before this commits, so it is asked to come (once more) after it.
 */
function isUnderPen(planned: PlannedTarget, changed: boolean): boolean {
  return changed && planned.reason === 'in-sync' && planned.candidate.unfinished?.kind === 'provision';
}

function laneRequest(request: PlanRequest, planned: PlannedTarget, lease: LaneRequest['lease'] | null): LaneRequest {
  return {
    userId: request.userId,
    targetId: planned.candidate.target.id,
    kind: planned.operation ?? 'provision',
    trigger: request.trigger,
    serviceProviderId: request.serviceProviderId,
    priority: request.priority,
    joinRunning: !request.changed,
    ...(lease ? { lease } : {}),
  };
}

/** Worth an event: a row asked for provisioning and a gate or rule said no. */
function isSurprising(planned: PlannedTarget): boolean {
  const { reason } = planned;
  return (
    reason === 'no-published-policy' || reason === 'rule-denied' || reason === 'not-in-outbound-role' || reason === 'connector-unknown'
  );
}
