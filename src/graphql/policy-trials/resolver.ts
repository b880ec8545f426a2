/** Trying a policy before it is published: on one person, or on everybody whom rules concern. Reads, and nothing else. */
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { notFound } from '../../commands/outcome.ts';
import { tryPolicyOnEverybody } from '../../commands/try-policy-on-everybody.ts';
import { tryPolicy } from '../../commands/try-policy.ts';
import { Authorized } from '../access.ts';
import { cursorOf, idOfCursor } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentExplained } from '../explain/present.ts';
import { UpTo } from '../limits.ts';
import { contentOf } from '../policies/present.ts';
import { present } from '../results.ts';
import { mostTried, TryPolicyArgs, TryPolicyOnEverybodyArgs } from './inputs.ts';
import { presentTrialPage, showing } from './present.ts';
import { TryPolicyOnEverybodyResult, TryPolicyResult } from './types.ts';

@Resolver()
export class PolicyTrialResolver {
  @Authorized('viewer')
  @Query(() => TryPolicyResult, {
    description: 'What would happen for one user, and why, if a policy were in force. Values of people are told to operators and above.',
  })
  async tryPolicy(
    @Ctx() context: GraphQLContext,
    @Args(() => TryPolicyArgs) { trial, userId, serviceProviderId, trigger }: TryPolicyArgs,
  ): Promise<typeof TryPolicyResult> {
    const user = await context.loaders.one('user', userId);
    if (user === null) return present(notFound('user', 'userId'));
    const serviceProvider = await context.loaders.one('serviceProvider', serviceProviderId ?? null);
    if (serviceProviderId && serviceProvider === null) return present(notFound('service provider', 'serviceProviderId'));
    const cause = serviceProvider?.id ?? null;
    const question = { userId: user.id, serviceProviderId: cause, trigger };
    const outcome = await tryPolicy(context.house, context.reads, contentOf(trial), question);
    if (outcome.kind !== 'done') return present(outcome);
    const show = await showing(context, user.id);
    const targets = outcome.value.map((each) => presentExplained(each, cause, show));
    return { user, trigger, holdsLogin: targets.some((each) => each.holdsLogin), targets };
  }

  @Authorized('viewer')
  @UpTo(mostTried)
  @Query(() => TryPolicyOnEverybodyResult, {
    description:
      'What would become of everybody whom rules concern if a policy were in force, a page at a time. Values of people are told to operators and above.',
  })
  async tryPolicyOnEverybody(
    @Ctx() context: GraphQLContext,
    @Args(() => TryPolicyOnEverybodyArgs) { trial, first, after }: TryPolicyOnEverybodyArgs,
  ): Promise<typeof TryPolicyOnEverybodyResult> {
    const page = { first, after: after ? idOfCursor(after) : null };
    const outcome = await tryPolicyOnEverybody(context.house, context.reads, contentOf(trial), page);
    if (outcome.kind !== 'done') return present(outcome);
    const { endCursor } = outcome.value;
    return { ...outcome.value, endCursor: endCursor && cursorOf(endCursor), changes: await presentTrialPage(context, outcome.value) };
  }
}
