/** Administrators and `me` as GraphQL tells them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Administrator, Role, TenantId } from '../../domain/vocabulary.ts';
import type { Actor } from '../../commands/outcome.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { Removed, resultUnion } from '../results.ts';
import { RoleEnum } from '../role.ts';

@ObjectType('Administrator', { description: 'A person who administers this tenant. Not one of its users.' })
export class AdministratorType implements Omit<Administrator, 'tenantId'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'What they sign in with.' }) userName!: string;
  @Field(() => RoleEnum, { description: 'What they may do.' }) role!: Role;
  @Field(() => Boolean, { description: 'The password was made by Usher and must be changed before anything else.' })
  mustChangePassword!: boolean;
  @Field(() => Int, { description: 'Send it with a change; it is refused when somebody saved in between.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' }) createdAt!: Date;
}

export const AdministratorConnection = connectionOf('Administrator', 'administrators', () => AdministratorType);

@ObjectType({ description: 'An administrator with a password that Usher made.' })
export class AdministratorWithPassword {
  @Field(() => AdministratorType, { description: 'The administrator.' }) administrator!: AdministratorType;
  @Field(() => String, { description: 'The password for the first sign-in. It is told this once and never again.' })
  oneTimePassword!: string;
}

export const CallerKindEnum = enumOf<Exclude<Actor['kind'], 'self'>>('CallerKind', 'What kind of caller this is.', {
  administrator: 'A person with a session.',
  'api-token': 'A program with an API token.',
});

@ObjectType({ description: 'Who asks, as this request is understood.' })
export class Me {
  @Field(() => CallerKindEnum, { description: 'A person or a program.' }) kind!: Exclude<Actor['kind'], 'self'>;
  @Field(() => ID, { description: 'Id of the administrator or API token.' }) id!: string;
  @Field(() => String, { description: 'User name of the administrator, or name of the API token.' }) name!: string;
  @Field(() => RoleEnum, { description: 'What it may do.' }) role!: Role;
  @Field(() => Boolean, { description: 'True: nothing but changeMyPassword and signOut will work.' }) mustChangePassword!: boolean;
  tenantId!: TenantId;
}

@ObjectType({ description: 'The session is over.' })
export class SignedOut {
  @Field(() => Boolean, { description: 'There was a session.' }) wasSignedIn!: boolean;
}

export const SignInResult = resultUnion('SignInResult', 'Who is signed in now, or why nobody is.', Me);
export const ChangeMyPasswordResult = resultUnion(
  'ChangeMyPasswordResult',
  'Whose password was changed, or why it was not.',
  AdministratorType,
);
export const CreateAdministratorResult = resultUnion(
  'CreateAdministratorResult',
  'The new administrator, or why there is none.',
  AdministratorWithPassword,
);
export const ResetAdministratorPasswordResult = resultUnion(
  'ResetAdministratorPasswordResult',
  'The new one-time password, or why there is none.',
  AdministratorWithPassword,
);
export const ChangeAdministratorResult = resultUnion(
  'ChangeAdministratorResult',
  'The changed administrator, or why it was not changed.',
  AdministratorType,
);
export const RemoveAdministratorResult = resultUnion('RemoveAdministratorResult', 'Who was removed, or why nobody was.', Removed);
