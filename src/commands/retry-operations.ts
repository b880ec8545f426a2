/**
 * Retries what was given up, by filter. Each user is planned anew at the targets where an operation failed, so that what follows is right
 * now and not what was wished when it failed: nothing where it became right meanwhile, an ending where the user has left.
 * In transactions of a hundred, each complete by itself; whoever stops in the middle goes on with the cursor.
 */
import type { FailureKind } from '../domain/failure.ts';
import type { Operation, TargetId, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockUsers } from './lock-users.ts';
import { done, invalid, type Outcome } from './outcome.ts';
import type { House, Transaction, Where } from './ports.ts';
import { planView, writePlan, type PlanRequest } from './provision-user.ts';

export interface RetryOperationsInput {
  readonly targetId?: TargetId;
  readonly userId?: UserId;
  readonly failureKind?: FailureKind;
  /** Given up at or after this moment. */
  readonly since?: Date;
  /** Looks at so many failed operations at most. */
  readonly first: number;
  /** Id of the operation that the last call ended with. */
  readonly after: string | null;
}
export interface Retried {
  /** Failed operations that were looked at. */
  readonly looked: number;
  /** Operations that run again because of this. */
  readonly retried: number;
  readonly hasMore: boolean;
  readonly end: string | null;
}

export const retriesAtOnce = 1000;
const inOneTransaction = 100;

export async function retryOperations(house: House, caller: Caller, input: RetryOperationsInput): Promise<Outcome<Retried>> {
  if (!Number.isInteger(input.first) || input.first < 1 || input.first > retriesAtOnce)
    return invalid({ path: ['first'], message: `From 1 to ${retriesAtOnce}.` });
  let sum: Retried = { looked: 0, retried: 0, hasMore: true, end: input.after };
  while (sum.hasMore && sum.looked < input.first) {
    const first = Math.min(inOneTransaction, input.first - sum.looked);
    const { end } = sum;
    const some = await house.database.transaction(caller.tenantId, (tx) => retrySome(house, tx, whereOf(input), first, end));
    sum = { looked: sum.looked + some.looked, retried: sum.retried + some.retried, hasMore: some.hasMore, end: some.end ?? end };
  }
  return done(sum);
}

function whereOf(input: RetryOperationsInput): Where<'operation'> {
  return {
    state: 'failed',
    ...(input.targetId ? { targetId: input.targetId } : {}),
    ...(input.userId ? { userId: input.userId } : {}),
    ...(input.failureKind ? { failureKind: input.failureKind } : {}),
    ...(input.since ? { settledAt: { since: input.since } } : {}),
  };
}

async function retrySome(house: House, tx: Transaction, where: Where<'operation'>, first: number, after: string | null): Promise<Retried> {
  const { items, hasNextPage } = await tx.page('operation', { where, first, after, newestFirst: false });
  await lockUsers(
    tx,
    items.map((operation) => operation.userId),
  );
  // The rows of the service provider that caused an operation judge it again.
  const byCause = Map.groupBy(items, (operation) => `${operation.userId} ${operation.serviceProviderId ?? ''}`);
  let retried = 0;
  for (const operations of byCause.values()) retried += await retryUser(house, tx, operations);
  return { looked: items.length, retried, hasMore: hasNextPage, end: items.at(-1)?.id ?? null };
}

/** All operations are of one user and caused by one service provider. */
async function retryUser(house: House, tx: Transaction, operations: readonly Operation[]): Promise<number> {
  const [first] = operations;
  const view = first ? await tx.provisioningView(first.userId, first.serviceProviderId) : null;
  if (!first || !view) return 0;
  const failedAt = new Set<TargetId>(operations.map((operation) => operation.targetId));
  const endingTargetIds = operations.filter((operation) => operation.kind === 'deprovision').map((operation) => operation.targetId);
  const request: PlanRequest = {
    userId: first.userId,
    trigger: 'operator',
    serviceProviderId: first.serviceProviderId,
    priority: 'bulk',
    changed: false,
    endingTargetIds,
  };
  // Judged as a change: a retry assigns nobody to anything.
  const all = await planView(house, tx, view, { ...request, trigger: 'change' });
  const planned = all.filter((each) => failedAt.has(each.candidate.target.id));
  return (await writePlan(house, tx, request, planned, () => null)).length;
}
