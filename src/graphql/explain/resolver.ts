/** Explain: the engine's own plan for one user and service provider, with no call and no write. */
import { GraphQLError } from 'graphql';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { explainProvisioning } from '../../commands/explain-provisioning.ts';
import type { ServiceProviderId, Trigger } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import type { GraphQLContext } from '../context.ts';
import { TriggerEnum } from '../operations/enums.ts';
import { presentExplained } from './present.ts';
import type { Fields } from '../results.ts';
import { Explanation } from './types.ts';

@Resolver()
export class ExplainResolver {
  @Authorized('viewer')
  @Query(() => Explanation, {
    nullable: true,
    description: 'What would happen for one user and service provider, and why; null: there is no such user or service provider.',
  })
  async explain(
    @Ctx() context: GraphQLContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
    @Arg('serviceProviderId', () => ID, { nullable: true, description: "The service provider; absent or null: the tenant's defaults." })
    serviceProviderId?: string | null,
    @Arg('trigger', () => TriggerEnum, { defaultValue: 'login', description: 'What it is supposed to begin with.' })
    trigger: Trigger = 'login',
  ): Promise<Fields<Explanation> | null> {
    if (trigger === 'removal')
      throw new GraphQLError('A removal is explained by nothing that is still there.', { extensions: { code: 'BAD_USER_INPUT' } });
    const user = await context.loaders.one('user', userId);
    const serviceProvider = await context.loaders.one('serviceProvider', serviceProviderId ?? null);
    if (user === null || (serviceProviderId && serviceProvider === null)) return null;
    const cause: ServiceProviderId | null = serviceProvider?.id ?? null;
    const planned = await explainProvisioning(context.house, context.reads, { userId: user.id, serviceProviderId: cause, trigger });
    if (planned === null) return null;
    const memberships = await context.loaders.many('membership', 'userId', user.id);
    const waiting = await context.reads.find('adoptionCase', { userId: user.id, state: 'waiting' });
    const undecidedAt = new Set(waiting.map(({ targetId }) => targetId));
    const show = {
      undecidedAt,
      groupIds: memberships.map(({ groupId }) => groupId),
      role: context.caller.role,
      now: context.house.clock.now(),
    };
    const targets = planned.map((each) => presentExplained(each, cause, show));
    return { user, trigger, holdsLogin: targets.some((each) => each.holdsLogin), targets };
  }
}
