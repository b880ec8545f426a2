/** Sessions as GraphQL tells them: nothing of the cookie, and nothing that the browser's session holds. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { EndedSessions } from '../../commands/end-sessions-of-user.ts';
import type { Session, SessionKind } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { Removed, resultUnion } from '../results.ts';

export const SessionKindEnum = enumOf<SessionKind>('SessionKind', 'Whose session it is.', {
  user: 'A user is signed in to a service provider.',
  administrator: 'An administrator is signed in to Usher. Told to administrators only.',
});

@ObjectType('Session', { description: 'One browser in which somebody is signed in.' })
export class SessionType implements Omit<Session, 'tenantId'> {
  @Field(() => ID, { description: "Its id. Not what the browser's cookie holds: nobody is let in with it." }) id!: string;
  @Field(() => SessionKindEnum, { description: 'Whose it is.' }) kind!: SessionKind;
  @Field(() => ID, { nullable: true, description: 'The user; null: an administrator.' }) userId!: Session['userId'];
  @Field(() => ID, { nullable: true, description: 'What the user is signed in to; null: an administrator.' })
  serviceProviderId!: Session['serviceProviderId'];
  @Field(() => ID, { nullable: true, description: 'The login attempt that opened it; null: an administrator.' })
  loginAttemptId!: Session['loginAttemptId'];
  @Field(() => ID, { nullable: true, description: 'The administrator; null: a user.' }) administratorId!: string | null;
  @Field(() => GraphQLDateTimeISO, { description: 'When it began.' }) signedInAt!: Date;
  @Field(() => GraphQLDateTimeISO, { description: 'When it ends by itself, used or not.' }) expiresAt!: Date;
}

export const SessionConnection = connectionOf('Session', 'sessions', () => SessionType);

@ObjectType('EndedSessions', { description: 'A user is signed out of every browser.' })
export class EndedSessionsType implements EndedSessions {
  @Field(() => Int, { description: 'How many sessions were ended.' }) sessions!: number;
  @Field(() => Int, { description: 'How many logins were held and are refused now.' }) refusedLogins!: number;
}

export const EndSessionResult = resultUnion('EndSessionResult', 'The session that was ended, or why none was.', Removed);
export const EndSessionsOfUserResult = resultUnion('EndSessionsOfUserResult', 'What was ended, or why nothing was.', EndedSessionsType);
