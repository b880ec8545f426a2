/** User stores: list and create. */
import { Arg, Args, Ctx, Field, InputType, Mutation, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { createUserStore } from '../../commands/create-user-store.ts';
import type { UserStore } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome } from '../results.ts';
import { CreateUserStoreResult, UserStoreConnection } from './types.ts';

@InputType({ description: 'A new user store.' })
export class CreateUserStoreInput {
  @Field(() => String, { description: 'Its name; 1 to 100 characters.' }) name!: string;
}

@InputType({ description: 'Which user stores to list; what is absent does not matter.' })
export class UserStoreFilter {
  static readonly schema = z.object({ nameContains: z.string().max(100).nullish() });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
}

@Resolver()
export class UserStoreResolver {
  @Authorized('viewer')
  @Query(() => UserStoreConnection, { description: 'User stores of this tenant, oldest first.' })
  userStores(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => UserStoreFilter, { nullable: true, description: 'Only those.' }) filter?: UserStoreFilter | null,
  ): Promise<Connection<UserStore>> {
    const where = filter?.nameContains ? { name: { contains: filter.nameContains } } : {};
    return readPage(context.reads, 'userStore', { where, page });
  }

  @Authorized('administrator')
  @Mutation(() => CreateUserStoreResult, { description: 'Makes a user store beside PRIMARY.' })
  async createUserStore(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateUserStoreInput, { description: 'The new user store.' }) input: CreateUserStoreInput,
  ): Promise<typeof CreateUserStoreResult> {
    return presentOutcome(await createUserStore(context.house, context.caller, input), (store) => store);
  }
}
