/** Login attempts as GraphQL tells them: nothing that belongs to the browser. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { LoginAttempt, LoginState } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';

export const LoginStateEnum = enumOf<LoginState>('LoginState', 'What became of a login.', {
  held: 'It waits for its blocking targets.',
  opened: 'The person was let in.',
  refused: 'The person was not let in.',
});

type Told = Pick<LoginAttempt, 'state' | 'refusal' | 'reference' | 'createdAt' | 'decidedAt'>;

@ObjectType('LoginAttempt', { description: 'One attempt of a person to sign in to a service provider, from the verified proof on.' })
export class LoginAttemptType implements Told {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ID, { description: 'The service provider.' }) serviceProviderId!: string;
  @Field(() => ID, { nullable: true, description: 'The identity provider; null: signed in with a local password.' })
  identityProviderId!: string | null;
  @Field(() => LoginStateEnum, { description: 'What became of it.' }) state!: LoginState;
  @Field(() => String, { nullable: true, description: 'Why it was refused, from a fixed list; null: it was not.' }) refusal!: string | null;
  @Field(() => String, { description: 'What the person may quote.' }) reference!: string;
  @Field(() => GraphQLDateTimeISO, { description: 'When it began.' }) createdAt!: Date;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was opened or refused; null: it is held.' })
  decidedAt!: Date | null;
}

@ObjectType('LoginHold', { description: 'What one blocking row asks of one login.' })
export class LoginHoldType {
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => String, { description: 'Its name at that time.' }) targetName!: string;
  @Field(() => ID, { nullable: true, description: 'The operation it waits for.' }) operationId!: string | null;
  @Field(() => GraphQLDateTimeISO, { description: 'How long it waits.' }) deadlineAt!: Date;
  @Field(() => Boolean, { description: 'Whether the login is let in when the deadline passes; else it is refused.' })
  admitsAfterDeadline!: boolean;
}

export const LoginAttemptConnection = connectionOf('LoginAttempt', 'login attempts', () => LoginAttemptType);
