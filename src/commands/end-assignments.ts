/**
 * Takes people off a target and ends the accounts of those whom nothing else assigns to it, as its removal setting says. Only where an
 * administrator asked for it: removing a row or a connector alone never touches accounts. Start with endAssignments.
 */
import { planProvisioning, type Candidate } from '../domain/provisioning-plan.ts';
import {
  unfinishedStates,
  type Assignment,
  type IdentityProvider,
  type Link,
  type ServiceProviderId,
  type Target,
  type User,
  type UserId,
} from '../domain/vocabulary.ts';
import { lockUsers } from './lock-users.ts';
import type { LaneRequest, NewEvent, Page, Transaction } from './ports.ts';

/** Whose assignments: of these service providers (null: the tenant's defaults), or all. */
export type Causes = 'all' | readonly (ServiceProviderId | null)[];

const batchSize = 200;

/** Returns how many accounts will end. */
export async function endAssignments(tx: Transaction, target: Target, causes: Causes): Promise<number> {
  const identityProvider = await providerOf(tx, target);
  let ended = 0;
  const where = { targetId: target.id, ...(causes === 'all' ? {} : { serviceProviderId: causes }) };
  for (;;) {
    // What a batch ended is gone, so the next one begins at the start again.
    const { items } = await tx.page('assignment', { where, first: batchSize, after: null, newestFirst: false });
    if (items.length === 0) break;
    const users = await lockHolders(tx, items);
    await tx.remove('assignment', { id: items.map((assignment) => assignment.id) });
    await tx.append(items.map((assignment) => assignmentRemoved(assignment)));
    ended += await endUnassigned(tx, target, identityProvider, users);
  }
  return ended;
}

/** Also the accounts that Usher knows there, or that may be there, although nobody is assigned any more. Call it when the last assignment is gone. */
export async function endRemainingAccounts(tx: Transaction, target: Target): Promise<number> {
  const identityProvider = await providerOf(tx, target);
  let ended = 0;
  let after: string | null = null;
  do {
    const page: Page<Link> = await tx.page('link', {
      where: { targetId: target.id, active: true },
      first: batchSize,
      after,
      newestFirst: false,
    });
    ended += await endUnassigned(tx, target, identityProvider, await lockHolders(tx, page.items));
    after = page.hasNextPage ? (page.items.at(-1)?.id ?? null) : null;
  } while (after !== null);
  // Nor does a link tell of those whose making got no answer.
  for (let last: UserId | null = null; ;) {
    const ids: readonly UserId[] = await tx.usersUnsettledAt(target.id, { first: batchSize, after: last });
    ended += await endUnassigned(tx, target, identityProvider, await lockUsers(tx, ids));
    last = ids.at(-1) ?? null;
    if (ids.length < batchSize) return ended;
  }
}

async function endUnassigned(tx: Transaction, target: Target, identityProvider: IdentityProvider, users: readonly User[]): Promise<number> {
  if (users.length === 0) return 0;
  const where = { targetId: target.id, userId: users.map((user) => user.id) };
  const assigned = new Set((await tx.find('assignment', where)).map((assignment) => assignment.userId));
  const links = Map.groupBy(await tx.find('link', where), (link) => link.userId);
  const unfinished = Map.groupBy(await tx.find('operation', { ...where, state: unfinishedStates }), (operation) => operation.userId);
  const unsettled = new Set(
    (await tx.find('operation', { ...where, state: 'failed', mayHaveApplied: true })).map((operation) => operation.userId),
  );
  const ending = users.filter((user) => {
    const operation = unfinished.get(user.id)?.[0] ?? null;
    const link = links.get(user.id)?.[0] ?? null;
    if (assigned.has(user.id) || (operation?.nextKind ?? operation?.kind) === 'deprovision') return false;
    return endsAccount(
      {
        ...{ target, identityProvider, condition: null, row: null, assignments: [], link, userIdClaim: null },
        unfinished: operation,
        unsettled: unsettled.has(user.id),
      },
      user,
    );
  });
  const answers = await tx.requestOperations(ending.map((user) => deprovision(user, target)));
  await tx.append(
    ending.flatMap((user, index): readonly NewEvent[] => {
      const answer = answers[index];
      if (answer?.outcome !== 'made') return [];
      const payload = { kind: 'deprovision', trigger: 'removal' };
      return [{ type: 'provisioning.requested', userId: user.id, targetId: target.id, operationId: answer.operationId, payload }];
    }),
  );
  return ending.length;
}

/** The plan knows when an account has to end; here it is asked about one target whose last assignment went. */
function endsAccount(candidate: Candidate, user: User): boolean {
  const [planned] = planProvisioning({
    trigger: 'removal',
    serviceProvider: null,
    endingTargetIds: [candidate.target.id],
    user,
    groupIds: [],
    candidates: [candidate],
    accountOf: () => null,
    // An administrator ends them by hand, and the rows that might ask are going.
    ruleFor: () => {
      throw new Error('No ground was given that asks rules.');
    },
  });
  return planned?.operation === 'deprovision';
}

function deprovision(user: User, target: Target): LaneRequest {
  const what = { userId: user.id, targetId: target.id, kind: 'deprovision', trigger: 'removal' } as const;
  return { ...what, serviceProviderId: null, priority: 'bulk', joinRunning: false };
}

function assignmentRemoved({ userId, targetId, serviceProviderId }: Assignment): NewEvent {
  return { type: 'assignment.removed', userId, targetId, payload: { serviceProviderId } };
}

async function providerOf(tx: Transaction, target: Target): Promise<IdentityProvider> {
  const provider = await tx.byId('identityProvider', target.identityProviderId);
  if (!provider) throw new Error('A target without its identity provider.');
  return provider;
}

/** So that a login of one of them plans before or after this and not beside it. */
function lockHolders(tx: Transaction, of: readonly { readonly userId: UserId }[]): Promise<readonly User[]> {
  return lockUsers(
    tx,
    of.map(({ userId }) => userId),
  );
}
