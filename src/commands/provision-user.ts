/**
 * Plans one user and writes what the plan calls for, inside the caller's transaction: assignments, operations in their lanes, events.
 * It calls no target. Every command that changes a person ends here; a login asks for leases on what it will wait for.
 */
import { accountAtOnce, accountOf, usesExpressions, type AccountMapping, type MappingSubject } from '../domain/mapping/prepare.ts';
import { planProvisioning, type Candidate, type PlannedTarget } from '../domain/provisioning-plan.ts';
import type { Operation, ServiceProviderId, TargetId, Trigger, UserId } from '../domain/vocabulary.ts';
import type {
  House,
  LaneAnswer,
  LaneRequest,
  New,
  NewEvent,
  PolicyJudge,
  Priority,
  ProvisioningView,
  Reads,
  Transaction,
} from './ports.ts';

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
  const planned = await planView(house, tx, view, request);
  await writePlan(house, tx, request, planned, () => null);
  return planned;
}

/** What a plan is made with: kinds of connectors, policies, and the time that rules see. */
export type Planner = Pick<House, 'definitions' | 'decisionPoint' | 'clock'>;

/** The plan alone, for explain and for a login that decides before it writes. It waits for expressions of mappings, and for policies that changed. */
export async function planView(
  house: Planner,
  reads: Pick<Reads, 'tenantId' | 'policiesInForce'>,
  view: ProvisioningView,
  request: Pick<PlanRequest, 'trigger' | 'endingTargetIds'>,
): Promise<readonly PlannedTarget[]> {
  return planJudged(house, view, request, asksRules(view) ? await house.decisionPoint.inForce(reads, view.policies) : null);
}

/** The same with policies that need not be those in force. null: nobody is going to ask. */
export async function planJudged(
  house: Planner,
  view: ProvisioningView,
  request: Pick<PlanRequest, 'trigger' | 'endingTargetIds'>,
  judge: PolicyJudge | null,
): Promise<readonly PlannedTarget[]> {
  const evaluated = await evaluateMappings(house, view);
  const { trigger } = request;
  const now = house.clock.now();
  return planProvisioning({
    trigger,
    serviceProvider: view.serviceProvider,
    endingTargetIds: request.endingTargetIds ?? [],
    user: view.user,
    groupIds: view.groupIds,
    candidates: view.candidates,
    accountOf: (candidate) => {
      const definition = house.definitions.get(candidate.target.connectorType);
      return definition ? (evaluated.get(candidate) ?? accountAtOnce(definition, subjectOf(view, candidate))) : null;
    },
    ruleFor: (candidate, ground, operation) => {
      if (!judge) throw new Error('Rules are asked although nothing of the view has any.');
      return judge(view, { candidate, ground, operation, trigger, now });
    },
  });
}

function asksRules({ candidates }: ProvisioningView): boolean {
  return candidates.some(({ row, grounds }) => row?.enableRules === true || grounds?.some((ground) => ground !== null) === true);
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
    (p) =>
      !p.assign &&
      !p.holdsLogin &&
      !p.refusesLogin &&
      (p.operation === null ? !isSurprising(p) : isDoneBy(p.candidate.unfinished, p, false)),
  );
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
  await tx.insertMany('ruleDecision', decisionsToKeep(request, planned, requested));
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

/** What came of nothing is not kept: most logins find everything right. */
function decisionsToKeep(
  request: PlanRequest,
  planned: readonly PlannedTarget[],
  requested: readonly RequestedOperation[],
): readonly New<'ruleDecision'>[] {
  return planned.flatMap((p): readonly New<'ruleDecision'>[] => {
    const operationId = requested.find((r) => r.planned === p)?.answer.operationId ?? null;
    if (!p.rule || (operationId === null && !isSurprising(p))) return [];
    const { answer, permitted, ground } = p.rule;
    const about = { userId: request.userId, targetId: p.candidate.target.id, serviceProviderId: ground.serviceProvider?.id ?? null };
    return [{ ...about, operationId, trigger: request.trigger, answer, permitted, details: p.rule.details() }];
  });
}

const surprises: ReadonlySet<PlannedTarget['reason']> = new Set([
  'no-published-policy',
  'rule-denied',
  'rule-not-applicable',
  'rule-indeterminate',
  'removal-denied',
  'not-in-outbound-role',
  'connector-unknown',
]);

/** Worth an event: a row asked for provisioning and a gate or rule said no. */
function isSurprising({ reason }: PlannedTarget): boolean {
  return surprises.has(reason);
}
