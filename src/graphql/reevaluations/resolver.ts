/** How far the background has come with looking again at people whom a changed setting concerns. */
import { Arg, Args, Ctx, Field, FieldResolver, InputType, Query, Resolver, Root } from 'type-graphql';
import type { Reevaluation, ReevaluationState, Target } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { leadingTo, pageOfAll, PageArgs, readPage, type Connection } from '../connections.ts';
import { ProvisioningConnectorConnection } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { ReevaluationConnection, ReevaluationStateEnum, ReevaluationType } from './types.ts';

@InputType({ description: 'Which re-evaluations to list; what is absent does not matter.' })
export class ReevaluationFilter {
  @Field(() => [ReevaluationStateEnum], { nullable: true, description: 'Only in one of these states.' })
  states?: readonly ReevaluationState[] | null;
}

@Resolver()
export class ReevaluationResolver {
  @Authorized('viewer')
  @Query(() => ReevaluationConnection, {
    description: 'Re-evaluations of this tenant with their progress, newest first.',
  })
  reevaluations(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ReevaluationFilter, { nullable: true, description: 'Only those.' }) filter?: ReevaluationFilter | null,
  ): Promise<Connection<Reevaluation>> {
    return readPage(context.reads, 'reevaluation', { where: filter?.states ? { state: filter.states } : {}, page, newestFirst: true });
  }
}

@Resolver(() => ReevaluationType)
export class ReevaluationFields {
  @FieldResolver(() => ProvisioningConnectorConnection, {
    description: 'At these provisioning connectors, oldest first; those that were removed are counted, and otherwise left out.',
  })
  provisioningConnectors(
    @Root() { targetIds }: Reevaluation,
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Target>> {
    return leadingTo(
      pageOfAll(targetIds, page, (id) => id),
      (id) => context.loaders.one('target', id),
    );
  }
}
