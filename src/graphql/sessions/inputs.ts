/** What the list of sessions and the mutations that end them take. */
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import type { ServiceProviderId, SessionKind, UserId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { SessionKindEnum } from './types.ts';

@InputType({ description: 'Which sessions to list; what is absent does not matter.' })
export class SessionFilter {
  static readonly schema = z.object({ userId: id.nullish(), serviceProviderId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only to this service provider.' }) serviceProviderId?: ServiceProviderId | null;
  @Field(() => SessionKindEnum, { nullable: true, description: 'Only of users, or only of administrators (who alone may ask for those).' })
  kind?: SessionKind | null;
}

@InputType({ description: 'Which session to end.' })
export class EndSessionInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Its id, from the list of sessions.' }) id!: string;
}

@InputType({ description: 'Whose sessions to end.' })
export class EndSessionsOfUserInput {
  static readonly schema = z.object({ userId: id });
  @Field(() => ID, { description: 'The user.' }) userId!: UserId;
}
