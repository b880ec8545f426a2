/** Operations with their attempts; retrying what was given up. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import { retriesAtOnce, retryOperations } from '../../commands/retry-operations.ts';
import type { FailureKind } from '../../domain/failure.ts';
import type {
  Attempt,
  Operation,
  OperationKind,
  OperationState,
  ServiceProvider,
  Target,
  TargetId,
  User,
  UserId,
} from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { cursorOf, keyOfCursor, PageArgs, readPage, readPageOf, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import { given } from '../filters.ts';
import { id, isId } from '../ids.ts';
import { present, presentOutcome, type Fields } from '../results.ts';
import { ServiceProviderType } from '../service-providers/types.ts';
import { UserType } from '../users/types.ts';
import { FailureKindEnum, OperationKindEnum, OperationStateEnum } from './enums.ts';
import { AttemptConnection, OperationConnection, OperationType, RetryOperationsResult } from './types.ts';

@InputType({ description: 'Which operations to list; what is absent does not matter.' })
export class OperationFilter {
  static readonly schema = z.object({ userId: id.nullish(), targetId: id.nullish() });
  @Field(() => [OperationStateEnum], { nullable: true, description: 'Only in one of these states.' })
  states?: readonly OperationState[] | null;
  @Field(() => OperationKindEnum, { nullable: true, description: 'Only of this kind.' }) kind?: OperationKind | null;
  @Field(() => FailureKindEnum, { nullable: true, description: 'Only those whose last attempt failed like this.' })
  failureKind?: FailureKind | null;
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Only those written at or after this moment.' }) since?: Date | null;
}

@InputType({ description: 'Which failed operations to retry; what is absent does not matter.' })
export class RetryOperationsInput {
  static readonly schema = z.object({ userId: id.nullish(), targetId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => FailureKindEnum, { nullable: true, description: 'Only those that failed like this.' }) failureKind?: FailureKind | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Only those given up at or after this moment.' }) since?: Date | null;
  @Field(() => Int, { defaultValue: retriesAtOnce, description: 'How many to look at in this call; 1 to 1000.' }) first!: number;
  @Field(() => String, { nullable: true, description: 'Where the last call ended.' }) after?: string | null;
}

@Resolver()
export class OperationResolver {
  @Authorized('viewer')
  @Query(() => OperationType, { nullable: true, description: 'One operation; null: there is none.' })
  operation(@Ctx() context: GraphQLContext, @Arg('id', () => ID, { description: 'Its id.' }) id: string): Promise<Operation | null> {
    return context.loaders.one('operation', id);
  }

  @Authorized('viewer')
  @Query(() => OperationConnection, { description: 'Operations of this tenant, newest first.' })
  operations(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => OperationFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<OperationFilter> | null,
  ): Promise<Connection<Operation>> {
    const { states, since, ...equal }: Partial<Fields<OperationFilter>> = filter ?? {};
    const where = { ...given(equal), ...(states ? { state: states } : {}), ...(since ? { createdAt: { since } } : {}) };
    return readPage(context.reads, 'operation', { where, page, newestFirst: true });
  }

  @Authorized('operator')
  @Mutation(() => RetryOperationsResult, {
    description: 'Looks again at what was given up, and asks for what is still to be done: at most a thousand in one call.',
  })
  async retryOperations(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RetryOperationsInput, { description: 'Which ones.' }) input: RetryOperationsInput,
  ): Promise<typeof RetryOperationsResult> {
    const { first, after: cursor, ...filter } = input;
    const after = cursor ? keyOfCursor(cursor) : null;
    if (cursor && (after === null || !isId(after)))
      return present({ kind: 'invalid-input', problems: [{ path: ['after'], message: 'This is not where a call ended.' }] });
    const outcome = await retryOperations(context.house, context.caller, { ...given(filter), first, after });
    return presentOutcome(outcome, ({ end, ...counts }) => ({ ...counts, endCursor: end === null ? null : cursorOf(end) }));
  }
}

/** The root is the record itself. */
@Resolver(() => OperationType)
export class OperationFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user.' })
  user(@Root() operation: Operation, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', operation.userId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() operation: Operation, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', operation.targetId);
  }
  @FieldResolver(() => ServiceProviderType, {
    nullable: true,
    description: 'The service provider that caused it; null: none, or it is gone.',
  })
  serviceProvider(@Root() operation: Operation, @Ctx() context: GraphQLContext): Promise<ServiceProvider | null> {
    return context.loaders.one('serviceProvider', operation.serviceProviderId);
  }
  @FieldResolver(() => Int, { description: 'Attempts that counted against the limit.' })
  countedAttempts(@Root() operation: Operation): number {
    return operation.attempts;
  }
  @FieldResolver(() => AttemptConnection, { description: 'Every try, oldest first.' })
  attempts(
    @Root() operation: Operation,
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Attempt>> {
    return readPageOf(context.loaders, 'attempt', 'operationId', operation.id, { where: {}, page });
  }
}
