/** Trials in the words of `explain`. */
import type { TrialPage } from '../../commands/try-policy-on-everybody.ts';
import type { UserId } from '../../domain/vocabulary.ts';
import type { GraphQLContext } from '../context.ts';
import { presentExplained, type Show } from '../explain/present.ts';
import type { Fields } from '../results.ts';
import type { TrialChangeType } from './types.ts';

/** What an explanation of this user needs to be told, and to whom. */
export async function showing(context: GraphQLContext, userId: UserId): Promise<Show> {
  const [memberships, cases] = await Promise.all([
    context.loaders.many('membership', 'userId', userId),
    context.loaders.many('adoptionCase', 'userId', userId),
  ]);
  const waiting = cases.filter(({ state }) => state === 'waiting');
  return {
    groupIds: memberships.map(({ groupId }) => groupId),
    undecidedAt: new Set(waiting.map(({ targetId }) => targetId)),
    role: context.caller.role,
    now: context.house.clock.now(),
  };
}

export function presentTrialPage(context: GraphQLContext, { changes }: TrialPage): Promise<readonly Fields<TrialChangeType>[]> {
  return Promise.all(
    changes.map(async ({ user, effect, planned }) => {
      const show = await showing(context, user.id);
      // Everybody is looked at because of their assignments: whatever row there is, is the one that counts.
      return { user, effect, target: presentExplained(planned, planned.candidate.row?.serviceProviderId ?? null, show) };
    }),
  );
}
