/** Groups and their members. */
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { addMembers } from '../../commands/add-members.ts';
import { changeGroup } from '../../commands/change-group.ts';
import { createGroup } from '../../commands/create-group.ts';
import { removeGroup } from '../../commands/remove-group.ts';
import { removeMembers } from '../../commands/remove-members.ts';
import type { Group, GroupId, User } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { leadingTo, PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { isId } from '../ids.ts';
import { presentOutcome } from '../results.ts';
import { UserConnection } from '../users/types.ts';
import { ChangeGroupInput, CreateGroupInput, GroupFilter, MembersInput, RemoveGroupInput } from './inputs.ts';
import {
  AddMembersResult,
  ChangeGroupResult,
  CreateGroupResult,
  GroupConnection,
  GroupType,
  RemoveGroupResult,
  RemoveMembersResult,
} from './types.ts';

@Resolver()
export class GroupResolver {
  @Authorized('viewer')
  @Query(() => GroupType, { nullable: true, description: 'One group; null: there is none.' })
  group(@Ctx() context: GraphQLContext, @Arg('id', () => ID, { description: 'Its id.' }) id: string): Promise<Group | null> {
    return context.loaders.one('group', id);
  }

  @Authorized('viewer')
  @Query(() => GroupConnection, { description: 'Groups of this tenant, oldest first.' })
  groups(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => GroupFilter, { nullable: true, description: 'Only those.' }) filter?: GroupFilter | null,
  ): Promise<Connection<Group>> {
    const where = filter?.nameContains ? { name: { contains: filter.nameContains } } : {};
    return readPage(context.reads, 'group', { where, page });
  }

  @Authorized('viewer')
  @Query(() => UserConnection, { nullable: true, description: 'Members of a group, in the order they came; null: there is no such group.' })
  async groupMembers(
    @Ctx() context: GraphQLContext,
    @Arg('groupId', () => ID, { description: 'The group.' }) groupId: string,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<User> | null> {
    if (!isId(groupId) || !(await context.loaders.one('group', groupId))) return null;
    // An id in the form of an id: the border of a branded type.
    const memberships = await readPage(context.reads, 'membership', { where: { groupId: groupId as GroupId }, page });
    return leadingTo(memberships, ({ userId }) => context.loaders.one('user', userId));
  }

  @Authorized('operator')
  @Mutation(() => CreateGroupResult, { description: 'Makes a group.' })
  async createGroup(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateGroupInput, { description: 'The new group.' }) input: CreateGroupInput,
  ): Promise<typeof CreateGroupResult> {
    return presentOutcome(await createGroup(context.house, context.caller, input), (group) => group);
  }

  @Authorized('operator')
  @Mutation(() => ChangeGroupResult, { description: 'Renames a group.' })
  async changeGroup(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ChangeGroupInput, { description: 'The change.' }) input: ChangeGroupInput,
  ): Promise<typeof ChangeGroupResult> {
    return presentOutcome(await changeGroup(context.house, context.caller, input), (group) => group);
  }

  @Authorized('operator')
  @Mutation(() => RemoveGroupResult, { description: 'Removes a group that no identity provider decides by.' })
  async removeGroup(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RemoveGroupInput, { description: 'Which group.' }) input: RemoveGroupInput,
  ): Promise<typeof RemoveGroupResult> {
    return presentOutcome(
      await removeGroup(context.house, context.caller, { id: input.id, evenIfUsed: input.evenIfUsed ?? false }),
      ({ id }) => ({ id }),
    );
  }

  @Authorized('operator')
  @Mutation(() => AddMembersResult, { description: 'Puts users into a group; accounts follow where a gate opens.' })
  async addMembers(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => MembersInput, { description: 'Who and where.' }) input: MembersInput,
  ): Promise<typeof AddMembersResult> {
    return presentOutcome(await addMembers(context.house, context.caller, input), (changed) => changed);
  }

  @Authorized('operator')
  @Mutation(() => RemoveMembersResult, { description: 'Takes users out of a group; accounts end where a gate closes.' })
  async removeMembers(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => MembersInput, { description: 'Who and where.' }) input: MembersInput,
  ): Promise<typeof RemoveMembersResult> {
    return presentOutcome(await removeMembers(context.house, context.caller, input), (changed) => changed);
  }
}
