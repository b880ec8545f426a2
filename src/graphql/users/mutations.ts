/** Users: making, changing and ending them, where they belong, and self-registration. */
import { GraphQLError } from 'graphql';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { assignUser } from '../../commands/assign-user.ts';
import { changeUser } from '../../commands/change-user.ts';
import { createUser } from '../../commands/create-user.ts';
import { deactivateUser } from '../../commands/deactivate-user.ts';
import { provisionUserNow } from '../../commands/provision-user-now.ts';
import { reactivateUser } from '../../commands/reactivate-user.ts';
import { registerUser } from '../../commands/register-user.ts';
import { removeAssignment } from '../../commands/remove-assignment.ts';
import { removeUser } from '../../commands/remove-user.ts';
import { setUserPassword } from '../../commands/set-user-password.ts';
import type { UserId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import type { GraphQLContext } from '../context.ts';
import { presentExplained } from '../explain/present.ts';
import { presentOutcome } from '../results.ts';
import * as inputs from './inputs.ts';
import * as results from './results.ts';

const input = (description: string): { readonly description: string } => ({ description });

@Resolver()
export class UserMutations {
  @Authorized('operator')
  @Mutation(() => results.CreateUserResult, { description: 'Makes a user, who belongs at no target yet.' })
  async createUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.CreateUserInput, input('The new user.')) given: inputs.CreateUserInput,
  ): Promise<typeof results.CreateUserResult> {
    const { userStoreId = null, userName, attributes, active } = given;
    return presentOutcome(await createUser(context.house, context.caller, { userStoreId, userName, attributes, active }), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => results.ChangeUserResult, { description: 'Changes a user; every target they are assigned to follows.' })
  async changeUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.ChangeUserInput, input('The change.')) { id, version, userName, attributes }: inputs.ChangeUserInput,
  ): Promise<typeof results.ChangeUserResult> {
    const change = { id, version, ...(userName ? { userName } : {}), ...(attributes ? { attributes } : {}) };
    return presentOutcome(await changeUser(context.house, context.caller, change), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => results.DeactivateUserResult, {
    description: 'Deactivates a user: no sign-in; accounts are deactivated, never deleted, and left alone where the connector is set so.',
  })
  async deactivateUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.UserByIdInput, input('Which user.')) given: inputs.UserByIdInput,
  ): Promise<typeof results.DeactivateUserResult> {
    return presentOutcome(await deactivateUser(context.house, context.caller, byId(given)), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => results.ReactivateUserResult, { description: 'Makes a user active again, and the accounts with them.' })
  async reactivateUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.UserByIdInput, input('Which user.')) given: inputs.UserByIdInput,
  ): Promise<typeof results.ReactivateUserResult> {
    return presentOutcome(await reactivateUser(context.house, context.caller, byId(given)), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => results.RemoveUserResult, {
    description: 'Removes a user with identities, groups and assignments; accounts end as each connector is set.',
  })
  async removeUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.UserByIdInput, input('Which user.')) given: inputs.UserByIdInput,
  ): Promise<typeof results.RemoveUserResult> {
    return presentOutcome(await removeUser(context.house, context.caller, byId(given)), (user) => user);
  }

  @Authorized('anyone')
  @Mutation(() => results.RegisterUserResult, {
    description:
      'A person registers through a service provider. Anybody may ask, a few times a minute. Provisioning follows in the background.',
  })
  async registerUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.RegisterUserInput, input('The person.')) given: inputs.RegisterUserInput,
  ): Promise<typeof results.RegisterUserResult> {
    const wait = await context.takeRegistration();
    if (wait !== null)
      throw new GraphQLError('Too many registrations; come back later.', {
        extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: wait },
      });
    const { serviceProviderId, userName, attributes, password = null } = given;
    const outcome = await registerUser(context.house, context.passwords, { serviceProviderId, userName, attributes, password });
    return presentOutcome(outcome, (user) => ({ id: user.id, userName: user.userName }));
  }

  @Authorized('administrator')
  @Mutation(() => results.SetUserPasswordResult, { description: 'Gives a user a password for local sign-in, and ends their sessions.' })
  async setUserPassword(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.SetUserPasswordInput, input('The password.')) given: inputs.SetUserPasswordInput,
  ): Promise<typeof results.SetUserPasswordResult> {
    return presentOutcome(await setUserPassword(context.house, context.passwords, context.caller, given), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => results.AssignUserResult, { description: 'Makes a user belong at a provisioning connector, and provisions them there.' })
  async assignUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.AssignUserInput, input('Who and where.')) given: inputs.AssignUserInput,
  ): Promise<typeof results.AssignUserResult> {
    const { userId, targetId, serviceProviderId = null } = given;
    const outcome = await assignUser(context.house, context.caller, { userId, targetId, serviceProviderId });
    return presentOutcome(outcome, (assignment) => assignment);
  }

  @Authorized('operator')
  @Mutation(() => results.RemoveAssignmentResult, {
    description: 'Ends one reason for which a user belongs at a provisioning connector; with the last one the account ends as it is set.',
  })
  async removeAssignment(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.RemoveAssignmentInput, input('Which assignment.')) given: inputs.RemoveAssignmentInput,
  ): Promise<typeof results.RemoveAssignmentResult> {
    return presentOutcome(await removeAssignment(context.house, context.caller, given), (assignment) => assignment);
  }

  @Authorized('operator')
  @Mutation(() => results.ProvisionUserNowResult, {
    description: 'Provisions a user now, to the outbound rows and wherever they are assigned, also where nothing differs.',
  })
  async provisionUserNow(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => inputs.ProvisionUserNowInput, input('Whom.')) { userId, serviceProviderId = null }: inputs.ProvisionUserNowInput,
  ): Promise<typeof results.ProvisionUserNowResult> {
    const outcome = await provisionUserNow(context.house, context.caller, { userId, serviceProviderId });
    const memberships = await context.loaders.many('membership', 'userId', userId);
    const show = { groupIds: memberships.map(({ groupId }) => groupId), role: context.caller.role, now: context.house.clock.now() };
    return presentOutcome(outcome, (planned) => ({ targets: planned.map((each) => presentExplained(each, serviceProviderId, show)) }));
  }
}

const byId = ({ id, version }: inputs.UserByIdInput): { readonly id: UserId; readonly version: number | null } => ({
  id,
  version: version ?? null,
});
