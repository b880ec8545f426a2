/** API tokens: list, create, revoke. The worked example for other nouns. */
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createApiToken } from '../../commands/create-api-token.ts';
import { revokeApiToken } from '../../commands/revoke-api-token.ts';
import type { ApiToken } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome } from '../results.ts';
import { ApiTokenFilter, CreateApiTokenInput, RevokeApiTokenInput } from './inputs.ts';
import { ApiTokenConnection, CreateApiTokenResult, RevokeApiTokenResult } from './types.ts';

@Resolver()
export class ApiTokenResolver {
  @Authorized('administrator')
  @Query(() => ApiTokenConnection, { description: 'API tokens of this tenant, newest first.' })
  apiTokens(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ApiTokenFilter, { nullable: true, description: 'Only those.' }) filter?: ApiTokenFilter | null,
  ): Promise<Connection<ApiToken>> {
    const where = {
      ...(filter?.role ? { role: filter.role } : {}),
      ...(filter?.nameContains ? { name: { contains: filter.nameContains } } : {}),
    };
    return readPage(context.reads, 'apiToken', { where, page, newestFirst: true });
  }

  @Authorized('administrator')
  @Mutation(() => CreateApiTokenResult, { description: 'Makes an API token. The token itself is in this answer only.' })
  async createApiToken(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateApiTokenInput, { description: 'The new token.' }) input: CreateApiTokenInput,
  ): Promise<typeof CreateApiTokenResult> {
    const outcome = await createApiToken(context.house, context.caller, {
      name: input.name,
      role: input.role,
      expiresAt: input.expiresAt ?? null,
    });
    return presentOutcome(outcome, (created) => created);
  }

  @Authorized('administrator')
  @Mutation(() => RevokeApiTokenResult, { description: 'Ends an API token at once.' })
  async revokeApiToken(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RevokeApiTokenInput, { description: 'Which one.' }) input: RevokeApiTokenInput,
  ): Promise<typeof RevokeApiTokenResult> {
    return presentOutcome(await revokeApiToken(context.house, context.caller, input.id), (apiToken) => apiToken);
  }
}
