/** Groups of ours at provisioning connectors: choosing them, how they stand, looking again. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { configureGroupProvisioning } from '../../commands/configure-group-provisioning.ts';
import type { MemberCounts } from '../../commands/group-ports.ts';
import { retryProvisionedGroups } from '../../commands/retry-provisioned-groups.ts';
import type { Group, ProvisionedGroup, Target } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { GroupType } from '../groups/types.ts';
import { presentOutcome, type Fields } from '../results.ts';
import { ConfigureGroupProvisioningInput, ProvisionedGroupFilter, RetryProvisionedGroupsInput } from './inputs.ts';
import {
  ConfigureGroupProvisioningResult,
  ProvisionedGroupConnection,
  ProvisionedGroupType,
  ProvisionedMemberCountsType,
  RetryProvisionedGroupsResult,
} from './types.ts';

@Resolver()
export class ProvisionedGroupResolver {
  @Authorized('viewer')
  @Query(() => ProvisionedGroupConnection, { description: 'Groups that are provisioned into connectors of this tenant, oldest first.' })
  provisionedGroups(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ProvisionedGroupFilter, { nullable: true, description: 'Only those.' })
    filter?: Fields<ProvisionedGroupFilter> | null,
  ): Promise<Connection<ProvisionedGroup>> {
    const { states, ...equal }: Partial<Fields<ProvisionedGroupFilter>> = filter ?? {};
    return readPage(context.reads, 'provisionedGroup', { where: { ...given(equal), ...(states ? { state: states } : {}) }, page });
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureGroupProvisioningResult, {
    description:
      'Chooses which groups exist at a provisioning connector, with those of their members who have an account there. It makes no call: the background does.',
  })
  async configureGroupProvisioning(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureGroupProvisioningInput, { description: 'All groups for this connector.' })
    input: ConfigureGroupProvisioningInput,
  ): Promise<typeof ConfigureGroupProvisioningResult> {
    return presentOutcome(await configureGroupProvisioning(context.house, context.caller, input), (target) => target);
  }

  @Authorized('operator')
  @Mutation(() => RetryProvisionedGroupsResult, {
    description: 'Looks again at provisioned groups: at one of them wholly, or at those that were given up.',
  })
  async retryProvisionedGroups(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RetryProvisionedGroupsInput, { description: 'Which ones.' }) input: RetryProvisionedGroupsInput,
  ): Promise<typeof RetryProvisionedGroupsResult> {
    return presentOutcome(await retryProvisionedGroups(context.house, context.caller, given(input)), (groups) => ({ groups }));
  }
}

/** The root is the record itself. */
@Resolver(() => ProvisionedGroupType)
export class ProvisionedGroupFields {
  @FieldResolver(() => GroupType, { nullable: true, description: 'The group; null: it was removed.' })
  group(@Root() root: ProvisionedGroup, @Ctx() context: GraphQLContext): Promise<Group | null> {
    return context.loaders.one('group', root.groupId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() root: ProvisionedGroup, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', root.targetId);
  }
  @FieldResolver(() => ProvisionedMemberCountsType, { description: 'Its members, counted.' })
  members(@Root() root: ProvisionedGroup, @Ctx() context: GraphQLContext): Promise<MemberCounts> {
    return context.loaders.memberCounts(root.id);
  }
}
