/** Tenants: for owners only. Everybody sees their own by `me`. */
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createTenant } from '../../commands/create-tenant.ts';
import type { Tenant } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { pageOfAll, PageArgs, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome } from '../results.ts';
import { CreateTenantInput } from './inputs.ts';
import { CreateTenantResult, TenantConnection, TenantType } from './types.ts';

@Resolver(() => TenantType)
export class TenantResolver {
  @Authorized('owner')
  @Query(() => TenantConnection, { description: 'All tenants, oldest first. Work in one of them by the header `usher-tenant: <name>`.' })
  async tenants(@Ctx() context: GraphQLContext, @Args(() => PageArgs) page: PageArgs): Promise<Connection<Tenant>> {
    return pageOfAll(await context.house.database.tenants.all(), page, ({ id }) => id);
  }

  @Authorized('owner')
  @Mutation(() => CreateTenantResult, { description: 'Makes a tenant with its PRIMARY user store.' })
  async createTenant(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateTenantInput, { description: 'The new tenant.' }) input: CreateTenantInput,
  ): Promise<typeof CreateTenantResult> {
    return presentOutcome(await createTenant(context.house, input.name), (tenant) => tenant);
  }
}
