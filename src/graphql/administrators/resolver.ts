/** Administrators of a tenant: list, create, change, remove. */
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { changeAdministrator } from '../../commands/change-administrator.ts';
import { createAdministrator } from '../../commands/create-administrator.ts';
import { removeAdministrator } from '../../commands/remove-administrator.ts';
import { resetAdministratorPassword } from '../../commands/reset-administrator-password.ts';
import type { Administrator } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome } from '../results.ts';
import {
  AdministratorFilter,
  ChangeAdministratorInput,
  CreateAdministratorInput,
  RemoveAdministratorInput,
  ResetAdministratorPasswordInput,
} from './inputs.ts';
import {
  AdministratorConnection,
  ChangeAdministratorResult,
  CreateAdministratorResult,
  RemoveAdministratorResult,
  ResetAdministratorPasswordResult,
} from './types.ts';

@Resolver()
export class AdministratorResolver {
  @Authorized('administrator')
  @Query(() => AdministratorConnection, { description: 'Administrators of this tenant, oldest first.' })
  administrators(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AdministratorFilter, { nullable: true, description: 'Only those.' }) filter?: AdministratorFilter | null,
  ): Promise<Connection<Administrator>> {
    const where = {
      ...(filter?.role ? { role: filter.role } : {}),
      ...(filter?.userNameContains ? { userName: { contains: filter.userNameContains } } : {}),
    };
    return readPage(context.reads, 'administrator', { where, page });
  }

  @Authorized('administrator')
  @Mutation(() => CreateAdministratorResult, { description: 'Makes an administrator with a one-time password.' })
  async createAdministrator(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateAdministratorInput, { description: 'The new administrator.' }) input: CreateAdministratorInput,
  ): Promise<typeof CreateAdministratorResult> {
    return presentOutcome(await createAdministrator(context.house, context.passwords, context.caller, input), (made) => made);
  }

  @Authorized('administrator')
  @Mutation(() => ChangeAdministratorResult, { description: 'Gives an administrator another role.' })
  async changeAdministrator(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ChangeAdministratorInput, { description: 'Who, and which role.' }) input: ChangeAdministratorInput,
  ): Promise<typeof ChangeAdministratorResult> {
    return presentOutcome(await changeAdministrator(context.house, context.caller, input), (administrator) => administrator);
  }

  @Authorized('administrator')
  @Mutation(() => ResetAdministratorPasswordResult, {
    description: 'Replaces a forgotten password by a one-time password and ends the sessions.',
  })
  async resetAdministratorPassword(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ResetAdministratorPasswordInput, { description: 'Whose.' }) input: ResetAdministratorPasswordInput,
  ): Promise<typeof ResetAdministratorPasswordResult> {
    const outcome = await resetAdministratorPassword(context.house, context.passwords, context.caller, input.id);
    return presentOutcome(outcome, (reset) => reset);
  }

  @Authorized('administrator')
  @Mutation(() => RemoveAdministratorResult, { description: 'Removes an administrator; their sessions end.' })
  async removeAdministrator(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RemoveAdministratorInput, { description: 'Who.' }) input: RemoveAdministratorInput,
  ): Promise<typeof RemoveAdministratorResult> {
    return presentOutcome(await removeAdministrator(context.house, context.caller, input.id), (removed) => removed);
  }
}
