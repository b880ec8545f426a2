/**
 * Somebody decides about accounts that may be a user's: this one is theirs, none of them is, or none is and they get another one beside
 * them. Each asks for the operation again; values of people are forgotten with the decision. Start with linkAccount.
 */
import type { AccountId, AdoptionCase, AdoptionChoice, AdoptionState, TargetId, User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, inUse, invalid, notFound, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { requestAnew } from './request-anew.ts';

export interface LinkAccountInput {
  readonly accountId: AccountId;
  /** A waiting case of which the account is a candidate; or, by hand, any account of the target. */
  readonly of: { readonly caseId: string } | { readonly userId: UserId; readonly targetId: TargetId };
}

/** The account itself is looked at by the operation: whether it is there, whether it is protected, whether it is somebody else's. */
export async function linkAccount(house: House, caller: Caller, input: LinkAccountInput): Promise<Outcome<User>> {
  const { accountId, of } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const found = 'caseId' in of ? await waitingCase(tx, of.caseId) : null;
    if ('caseId' in of && !found) return notFound('waiting adoption case', 'caseId');
    const { userId, targetId } = found ?? (of as { readonly userId: UserId; readonly targetId: TargetId });
    const user = await lockLivingUser(tx, userId);
    if (!user) return notFound('user', 'userId');
    if (!(await tx.byId('target', targetId))) return notFound('provisioning connector', 'targetId');
    const [waiting] = await tx.find('adoptionCase', { userId, targetId, state: 'waiting' });
    if (found && !waiting) return notFound('waiting adoption case', 'caseId');
    if (found && !waiting?.candidates.some((candidate) => candidate.accountId === accountId))
      return invalid({ path: ['accountId'], message: 'This account is no candidate of the case.' });
    const [link] = await tx.find('link', { userId, targetId });
    if (link) return inUse('The user is linked to an account there already: unlink it first.', 'accountId');
    const [taken] = await tx.find('link', { targetId, accountId });
    const holder = taken ? await tx.byId('user', taken.userId) : null;
    if (holder?.removedAt === null) return inUse('The account is linked to another user.', 'accountId');
    await tx.remove('chosenAccount', { userId, targetId, choice: 'link' });
    await choose(tx, { userId, targetId }, [accountId], 'link');
    if (waiting) await settleCase(house, tx, caller, waiting, 'linked', accountId);
    else await tell(tx, caller, { userId, targetId }, 'linked', accountId);
    await requestAnew(house, tx, userId, targetId);
    return done(user);
  });
}

export const refuseAccount = (house: House, caller: Caller, input: { readonly caseId: string }): Promise<Outcome<User>> =>
  turnAway(house, caller, input.caseId, { choice: 'never', state: 'refused' });

/** Where the target lets two exist: it simply creates, and a conflict is told as any other. */
export const createAnotherAccount = (house: House, caller: Caller, input: { readonly caseId: string }): Promise<Outcome<User>> =>
  turnAway(house, caller, input.caseId, { choice: 'create-another', state: 'create-another' });

async function turnAway(
  house: House,
  caller: Caller,
  caseId: string,
  as: { readonly choice: AdoptionChoice; readonly state: AdoptionState },
): Promise<Outcome<User>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const found = await waitingCase(tx, caseId);
    const user = found ? await lockLivingUser(tx, found.userId) : null;
    // Somebody may have decided while we waited for the lock.
    const waiting = user ? await waitingCase(tx, caseId) : null;
    if (!user || !waiting) return notFound('waiting adoption case', 'caseId');
    await choose(
      tx,
      waiting,
      waiting.candidates.map(({ accountId }) => accountId),
      as.choice,
    );
    await settleCase(house, tx, caller, waiting, as.state, null);
    await requestAnew(house, tx, waiting.userId, waiting.targetId);
    return done(user);
  });
}

type Lane = Pick<AdoptionCase, 'userId' | 'targetId'>;

/** The last decision about an account counts. */
export async function choose(
  tx: Transaction,
  { userId, targetId }: Lane,
  accountIds: readonly AccountId[],
  choice: AdoptionChoice,
): Promise<void> {
  await tx.remove('chosenAccount', { userId, targetId, accountId: accountIds });
  await tx.insertMany(
    'chosenAccount',
    accountIds.map((accountId) => ({ userId, targetId, accountId, choice })),
  );
}

async function waitingCase(tx: Transaction, id: string): Promise<AdoptionCase | null> {
  const found = await tx.byId('adoptionCase', id);
  return found?.state === 'waiting' ? found : null;
}

async function settleCase(
  house: House,
  tx: Transaction,
  caller: Caller,
  waiting: AdoptionCase,
  state: AdoptionState,
  accountId: AccountId | null,
): Promise<void> {
  const { actor } = caller;
  const decided = { state, accountId, decidedBy: `${actor.kind} ${actor.id}`, decidedAt: house.clock.now() };
  await tx.change('adoptionCase', waiting.id, { ...decided, wanted: {}, candidates: [] });
  await tell(tx, caller, waiting, state, accountId);
}

async function tell(tx: Transaction, caller: Caller, lane: Lane, decision: AdoptionState, accountId: AccountId | null): Promise<void> {
  const { userId, targetId } = lane;
  await tx.append([{ type: 'adoption.decided', userId, targetId, payload: { decision, accountId, by: caller.actor.kind } }]);
}
