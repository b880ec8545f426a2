/** Tenants: for owners only. Everybody sees their own by `me`. */
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createTenant } from '../../commands/create-tenant.ts';
import type { Tenant } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { connection, idOfCursor, PageArgs, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome } from '../results.ts';
import { CreateTenantInput } from './inputs.ts';
import { CreateTenantResult, TenantConnection, TenantType } from './types.ts';

@Resolver(() => TenantType)
export class TenantResolver {
  @Authorized('owner')
  @Query(() => TenantConnection, { description: 'All tenants, oldest first. Work in one of them by the header `usher-tenant: <name>`.' })
  async tenants(@Ctx() context: GraphQLContext, @Args(() => PageArgs) page: PageArgs): Promise<Connection<Tenant>> {
    const after = page.after ? idOfCursor(page.after) : '';
    const all = (await context.house.database.tenants.all()).toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const rest = all.filter((tenant) => tenant.id > after);
    return connection(
      rest.slice(0, page.first),
      rest.length > page.first,
      (tenant) => tenant.id,
      async () => all.length,
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
