/** Sessions: who is signed in now, and ending that. Signing an administrator in and out is in administrators/session-resolver.ts. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { reaches } from '../../commands/caller.ts';
import { endSession } from '../../commands/end-session.ts';
import { endSessionsOfUser } from '../../commands/end-sessions-of-user.ts';
import type { Administrator, LoginAttempt, ServiceProvider, Session, User } from '../../domain/vocabulary.ts';
import { Authorized, requireAccess } from '../access.ts';
import { AdministratorType } from '../administrators/types.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { LoginAttemptType } from '../login-attempts/types.ts';
import { presentOutcome, type Fields } from '../results.ts';
import { ServiceProviderType } from '../service-providers/types.ts';
import { UserType } from '../users/types.ts';
import { EndSessionInput, EndSessionsOfUserInput, SessionFilter } from './inputs.ts';
import { EndSessionResult, EndSessionsOfUserResult, SessionConnection, SessionType } from './types.ts';

@Resolver()
export class SessionsResolver {
  @Authorized('viewer')
  @Query(() => SessionConnection, {
    description:
      'Sessions of this tenant that are alive, newest first: those of users, and for administrators also those of administrators.',
  })
  sessions(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SessionFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<SessionFilter> | null,
  ): Promise<Connection<Session>> {
    if (filter?.kind === 'administrator') requireAccess(context.access, 'administrator');
    const mayTell = reaches(context.caller.role, 'administrator') ? {} : { kind: 'user' as const };
    const where = { ...given(filter ?? {}), ...mayTell, expiresAt: { since: context.house.clock.now() } };
    return readPage(context.reads, 'session', { where, page, newestFirst: true });
  }

  @Authorized('operator')
  @Mutation(() => EndSessionResult, {
    description: 'Ends one session: that browser has to sign in again. Those of administrators are ended by administrators only.',
  })
  async endSession(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => EndSessionInput, { description: 'Which session.' }) input: EndSessionInput,
  ): Promise<typeof EndSessionResult> {
    return presentOutcome(await endSession(context.house, context.caller, input.id), (ended) => ended);
  }

  @Authorized('operator')
  @Mutation(() => EndSessionsOfUserResult, {
    description: 'Signs a user out of every browser and refuses the logins that are held. The user may sign in again.',
  })
  async endSessionsOfUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => EndSessionsOfUserInput, { description: 'Whose sessions.' }) { userId }: EndSessionsOfUserInput,
  ): Promise<typeof EndSessionsOfUserResult> {
    return presentOutcome(await endSessionsOfUser(context.house, context.caller, { userId }), (ended) => ended);
  }
}

/** The root is the record itself. */
@Resolver(() => SessionType)
export class SessionFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user; null: an administrator.' })
  user(@Root() session: Session, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', session.userId);
  }
  @FieldResolver(() => ServiceProviderType, { nullable: true, description: 'What the user is signed in to; null: an administrator.' })
  serviceProvider(@Root() session: Session, @Ctx() context: GraphQLContext): Promise<ServiceProvider | null> {
    return context.loaders.one('serviceProvider', session.serviceProviderId);
  }
  @FieldResolver(() => LoginAttemptType, { nullable: true, description: 'The login attempt that opened it; null: an administrator.' })
  loginAttempt(@Root() session: Session, @Ctx() context: GraphQLContext): Promise<LoginAttempt | null> {
    return context.loaders.one('loginAttempt', session.loginAttemptId);
  }
  @FieldResolver(() => AdministratorType, { nullable: true, description: 'The administrator; null: a user.' })
  administrator(@Root() session: Session, @Ctx() context: GraphQLContext): Promise<Administrator | null> {
    return context.loaders.one('administrator', session.administratorId);
  }
}
