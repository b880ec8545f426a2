/** Tenants: for owners only. Everybody sees their own by `me`. */
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createTenant } from '../../commands/create-tenant.ts';
import type { Tenant } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { pageOfAll, PageArgs, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome } from '../results.ts';
import { CreateTenantInput, TenantFilter } from './inputs.ts';
import { CreateTenantResult, TenantConnection, TenantType } from './types.ts';

@Resolver(() => TenantType)
export class TenantResolver {
  @Authorized('owner')
  @Query(() => TenantConnection, { description: 'All tenants, oldest first. Work in one of them by the header `usher-tenant: <name>`.' })
  async tenants(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TenantFilter, { nullable: true, description: 'Only those.' }) filter?: TenantFilter | null,
  ): Promise<Connection<Tenant>> {
    const all = await context.house.database.tenants.all();
    const part = filter?.nameContains?.toLowerCase() ?? '';
    return pageOfAll(
      all.filter(({ name }) => name.toLowerCase().includes(part)),
      page,
      ({ id }) => id,
    );
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
