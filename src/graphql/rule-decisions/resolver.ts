/** What the rules decided, about whom, and what came of it. */
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import type { RuleAnswer } from '../../domain/rule-details.ts';
import type { Operation, OperationId, RuleDecision, ServiceProvider, Target, TargetId, User, UserId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { id } from '../ids.ts';
import { OperationType } from '../operations/types.ts';
import type { Fields } from '../results.ts';
import { ServiceProviderType } from '../service-providers/types.ts';
import { UserType } from '../users/types.ts';
import { presentRuleDetails } from './present.ts';
import { RuleAnswerEnum, RuleDecisionConnection, RuleDecisionType, RuleDetailsType } from './types.ts';

@InputType({ description: 'Which decisions to list; what is absent does not matter.' })
export class RuleDecisionFilter {
  static readonly schema = z.object({ userId: id.nullish(), targetId: id.nullish(), operationId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Only about this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => ID, { nullable: true, description: 'Only those that asked for this operation.' }) operationId?: OperationId | null;
  @Field(() => RuleAnswerEnum, { nullable: true, description: 'Only with this answer.' }) answer?: RuleAnswer | null;
}

@Resolver()
export class RuleDecisionResolver {
  @Authorized('viewer')
  @Query(() => RuleDecisionConnection, {
    description: 'Decisions of the rules in this tenant, newest first. Values of people are told to operators and above.',
  })
  ruleDecisions(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RuleDecisionFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<RuleDecisionFilter> | null,
  ): Promise<Connection<RuleDecision>> {
    return readPage(context.reads, 'ruleDecision', { where: given(filter ?? {}), page, newestFirst: true });
  }
}

/** The root is the record itself. */
@Resolver(() => RuleDecisionType)
export class RuleDecisionFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user.' })
  user(@Root() decision: RuleDecision, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', decision.userId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() decision: RuleDecision, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', decision.targetId);
  }
  @FieldResolver(() => ServiceProviderType, {
    nullable: true,
    description: "The service provider whose row asked; null: the tenant's defaults did, or it is gone.",
  })
  serviceProvider(@Root() decision: RuleDecision, @Ctx() context: GraphQLContext): Promise<ServiceProvider | null> {
    return context.loaders.one('serviceProvider', decision.serviceProviderId);
  }
  @FieldResolver(() => OperationType, { nullable: true, description: 'The operation that was asked for; null: nothing was to be done.' })
  operation(@Root() decision: RuleDecision, @Ctx() context: GraphQLContext): Promise<Operation | null> {
    return context.loaders.one('operation', decision.operationId);
  }
  @FieldResolver(() => RuleDetailsType, { description: 'How it came about.' })
  details(@Root() decision: RuleDecision, @Ctx() context: GraphQLContext): Fields<RuleDetailsType> {
    return presentRuleDetails(decision.details, context.caller.role);
  }
}

@Resolver(() => OperationType)
export class OperationRuleFields {
  @FieldResolver(() => RuleDecisionType, {
    nullable: true,
    description: 'The latest decision of the rules that asked for it; null: none did.',
  })
  ruleDecision(@Root() operation: Operation, @Ctx() context: GraphQLContext): Promise<RuleDecision | null> {
    return context.loaders.ruleDecisionOf(operation.id);
  }
}
