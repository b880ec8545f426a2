/** Somebody looked at the endings that the guard held at a target, and lets them go on or calls them off. Start with confirmRemovals. */
import type { OperationId, Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';

export interface DecideRemovalsInput {
  readonly targetId: TargetId;
  /** How many whoever decides has seen: where others joined them since, nothing is done. */
  readonly removals: number;
  /** Absent: all that are held. */
  readonly operationIds?: readonly OperationId[] | null;
}
export interface DecidedRemovals {
  readonly target: Target;
  readonly removals: number;
}

export const confirmRemovals = (
  house: Pick<House, 'database'>,
  caller: Caller,
  input: DecideRemovalsInput,
): Promise<Outcome<DecidedRemovals>> =>
  decide(house, caller, input, 'removals.confirmed', (tx, ids) => tx.confirmHeld(input.targetId, ids));

/** The accounts stay as they are and linked; whoever belongs there no more is explained so, and may be ended one by one. */
export const cancelRemovals = (
  house: Pick<House, 'database'>,
  caller: Caller,
  input: DecideRemovalsInput,
): Promise<Outcome<DecidedRemovals>> => decide(house, caller, input, 'removals.cancelled', (tx, ids) => tx.cancelHeld(input.targetId, ids));

async function decide(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: DecideRemovalsInput,
  type: 'removals.confirmed' | 'removals.cancelled',
  work: (tx: Transaction, ids: readonly OperationId[] | null) => Promise<readonly unknown[]>,
): Promise<Outcome<DecidedRemovals>> {
  const { targetId, operationIds: ids = null } = input;
  const answer = (target: Target, removals: number): Outcome<DecidedRemovals> => done({ target, removals });
  try {
    return await house.database.transaction(caller.tenantId, async (tx) => {
      const target = await tx.byId('target', targetId);
      if (!target) return notFound('provisioning connector', 'targetId');
      const removals = (await work(tx, ids)).length;
      // Counted by what was really done, so that nothing comes in between; thrown, so that none of it stays.
      if (removals !== input.removals) throw new OtherCount(removals);
      await tx.append([{ type, targetId, payload: { removals, by: caller.actor.kind } }]);
      return answer(target, removals);
    });
  } catch (error) {
    if (!(error instanceof OtherCount)) throw error;
    return inUse(`${error.removals} removals are held there now: look at the list again.`, 'removals');
  }
}

class OtherCount extends Error {
  readonly removals: number;
  constructor(removals: number) {
    super('Another number of removals is held.');
    this.removals = removals;
  }
}
