/** Login attempts: reading them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import type { LoginAttempt, LoginState, ServiceProvider, ServiceProviderId, User, UserId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { id } from '../ids.ts';
import type { Fields } from '../results.ts';
import { ServiceProviderType } from '../service-providers/types.ts';
import { UserType } from '../users/types.ts';
import { LoginAttemptConnection, LoginAttemptType, LoginHoldType, LoginStateEnum } from './types.ts';

@InputType({ description: 'Which login attempts to list; what is absent does not matter.' })
export class LoginAttemptFilter {
  static readonly schema = z.object({ userId: id.nullish(), serviceProviderId: id.nullish(), reference: z.string().max(100).nullish() });
  @Field(() => LoginStateEnum, { nullable: true, description: 'Only with this outcome.' }) state?: LoginState | null;
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only to this service provider.' }) serviceProviderId?: ServiceProviderId | null;
  @Field(() => String, { nullable: true, description: 'Only the one a person quotes.' }) reference?: string | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Only those that began at or after this moment.' }) since?: Date | null;
}

@Resolver()
export class LoginAttemptResolver {
  @Authorized('viewer')
  @Query(() => LoginAttemptConnection, { description: 'Login attempts of this tenant, newest first.' })
  loginAttempts(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => LoginAttemptFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<LoginAttemptFilter> | null,
  ): Promise<Connection<LoginAttempt>> {
    const { since, ...equal }: Partial<Fields<LoginAttemptFilter>> = filter ?? {};
    const where = { ...given(equal), ...(since ? { createdAt: { since } } : {}) };
    return readPage(context.reads, 'loginAttempt', { where, page, newestFirst: true });
  }
}

/** The root is the record itself. */
@Resolver(() => LoginAttemptType)
export class LoginAttemptFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user; null: nobody was found.' })
  user(@Root() attempt: LoginAttempt, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', attempt.userId);
  }
  @FieldResolver(() => ServiceProviderType, { nullable: true, description: 'The service provider.' })
  serviceProvider(@Root() attempt: LoginAttempt, @Ctx() context: GraphQLContext): Promise<ServiceProvider | null> {
    return context.loaders.one('serviceProvider', attempt.serviceProviderId);
  }
  @FieldResolver(() => [LoginHoldType], { description: 'What it waits for, or waited for.' })
  holds(@Root() attempt: LoginAttempt): readonly Fields<LoginHoldType>[] {
    return attempt.holds.map(({ targetId, targetName, operationId, deadlineAt, whenDeadlinePasses }) => ({
      targetId,
      targetName,
      operationId,
      deadlineAt: new Date(deadlineAt),
      admitsAfterDeadline: whenDeadlinePasses === 'admit',
    }));
  }
}
