/** Users, assignments and links: reading them. */
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Assignment, Group, Identity, Link, ServiceProvider, Target, User, UserStore } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { leadingTo, PageArgs, readPage, readPageOf, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import { given } from '../filters.ts';
import { GroupConnection } from '../groups/types.ts';
import type { Fields } from '../results.ts';
import { ServiceProviderType } from '../service-providers/types.ts';
import { UserStoreType } from '../user-stores/types.ts';
import { AssignmentFilter, LinkFilter, UserFilter } from './inputs.ts';
import {
  AssignmentConnection,
  AssignmentType,
  IdentityConnection,
  LinkConnection,
  LinkType,
  presentAttributes,
  UserAttribute,
  UserConnection,
  UserType,
} from './types.ts';

const filterDescription = { nullable: true, description: 'Only those.' };

@Resolver()
export class UserQueries {
  @Authorized('viewer')
  @Query(() => UserType, { nullable: true, description: 'One user, also a removed one; null: there is none.' })
  user(@Ctx() context: GraphQLContext, @Arg('id', () => ID, { description: 'Its id.' }) id: string): Promise<User | null> {
    return context.loaders.one('user', id);
  }

  @Authorized('viewer')
  @Query(() => UserConnection, { description: 'Users of this tenant, oldest first.' })
  users(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => UserFilter, filterDescription) filter?: Fields<UserFilter> | null,
  ): Promise<Connection<User>> {
    const { userNameContains, includeRemoved = false, ...equal } = filter ?? {};
    const where = {
      ...given(equal),
      ...(userNameContains ? { userName: { contains: userNameContains } } : {}),
      ...(includeRemoved ? {} : { removedAt: null }),
    };
    return readPage(context.reads, 'user', { where, page });
  }

  @Authorized('viewer')
  @Query(() => AssignmentConnection, { description: 'Who belongs where because of what, oldest first.' })
  assignments(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AssignmentFilter, filterDescription) filter?: Fields<AssignmentFilter> | null,
  ): Promise<Connection<Assignment>> {
    return readPage(context.reads, 'assignment', { where: given(filter ?? {}), page });
  }

  @Authorized('viewer')
  @Query(() => LinkConnection, { description: 'Remembered pairs of users and accounts, oldest first.' })
  links(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => LinkFilter, filterDescription) filter?: Fields<LinkFilter> | null,
  ): Promise<Connection<Link>> {
    return readPage(context.reads, 'link', { where: given(filter ?? {}), page });
  }
}

/** The root of each is the record itself. */
@Resolver(() => UserType)
export class UserFields {
  @FieldResolver(() => UserStoreType, { nullable: true, description: 'Where the user is kept.' })
  userStore(@Root() user: User, @Ctx() context: GraphQLContext): Promise<UserStore | null> {
    return context.loaders.one('userStore', user.userStoreId);
  }
  @FieldResolver(() => [UserAttribute], { description: 'What is known of the person, by name.' })
  attributes(@Root() user: User): readonly Fields<UserAttribute>[] {
    return presentAttributes(user.attributes);
  }
  @FieldResolver(() => GroupConnection, { description: 'Groups the user is in, in the order they came to them.' })
  async groups(@Root() user: User, @Ctx() context: GraphQLContext, @Args(() => PageArgs) page: PageArgs): Promise<Connection<Group>> {
    const memberships = await readPageOf(context.loaders, 'membership', 'userId', user.id, { where: {}, page });
    return leadingTo(memberships, ({ groupId }) => context.loaders.one('group', groupId));
  }
  @FieldResolver(() => IdentityConnection, { description: 'How identity providers know the user, oldest first.' })
  identities(@Root() user: User, @Ctx() context: GraphQLContext, @Args(() => PageArgs) page: PageArgs): Promise<Connection<Identity>> {
    return readPageOf(context.loaders, 'identity', 'userId', user.id, { where: {}, page });
  }
  @FieldResolver(() => AssignmentConnection, { description: 'Where the user belongs, and why, oldest first.' })
  assignments(@Root() user: User, @Ctx() context: GraphQLContext, @Args(() => PageArgs) page: PageArgs): Promise<Connection<Assignment>> {
    return readPageOf(context.loaders, 'assignment', 'userId', user.id, { where: {}, page });
  }
  @FieldResolver(() => LinkConnection, { description: 'Accounts of the user that Usher remembers, oldest first.' })
  links(@Root() user: User, @Ctx() context: GraphQLContext, @Args(() => PageArgs) page: PageArgs): Promise<Connection<Link>> {
    return readPageOf(context.loaders, 'link', 'userId', user.id, { where: {}, page });
  }
}

@Resolver(() => AssignmentType)
export class AssignmentFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user.' })
  user(@Root() assignment: Assignment, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', assignment.userId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() assignment: Assignment, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', assignment.targetId);
  }
  @FieldResolver(() => ServiceProviderType, {
    nullable: true,
    description: "The service provider that caused it; null: the tenant's defaults.",
  })
  serviceProvider(@Root() assignment: Assignment, @Ctx() context: GraphQLContext): Promise<ServiceProvider | null> {
    return context.loaders.one('serviceProvider', assignment.serviceProviderId);
  }
}

@Resolver(() => LinkType)
export class LinkFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user.' })
  user(@Root() link: Link, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', link.userId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() link: Link, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', link.targetId);
  }
  @FieldResolver(() => [String], { description: 'Names of the account attributes that were applied.' })
  appliedAttributes(@Root() link: Link): readonly string[] {
    return Object.keys(link.applied).sort();
  }
}
