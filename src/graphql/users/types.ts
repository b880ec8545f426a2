/** Users and what belongs to them, as GraphQL tells them. Passwords are told to nobody. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { typeOfValues, type AttributeType } from '../../domain/user-attributes.ts';
import type { Assignment, Attributes, Identity, Link, User } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import type { Fields } from '../results.ts';

export const AttributeTypeEnum = enumOf<AttributeType>('AttributeType', 'Of which type the values of an attribute are.', {
  string: 'Text; dates as ISO 8601.',
  number: 'A number.',
  boolean: 'true or false.',
});
export const LinkOriginEnum = enumOf<Link['origin']>('LinkOrigin', 'How a link came to be.', {
  created: 'Usher made the account.',
  adopted: 'The account was there already and matched.',
});

@ObjectType({ description: 'One attribute of a user, with all its values.' })
export class UserAttribute {
  @Field(() => String, { description: 'Its name.' }) name!: string;
  @Field(() => AttributeTypeEnum, { description: 'Of which type the values are.' }) type!: AttributeType;
  @Field(() => [String], { description: 'The values as text, in their order.' }) values!: readonly string[];
}

@ObjectType('User', { description: 'A person known to Usher. The id never changes; the name may.' })
export class UserType implements Omit<User, 'tenantId' | 'id' | 'userStoreId' | 'attributes'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'The name, unique within the user store.' }) userName!: string;
  @Field(() => Boolean, { description: 'Whether the user may sign in and has active accounts.' }) active!: boolean;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the user was removed; null: not.' }) removedAt!: Date | null;
  @Field(() => Boolean, {
    description:
      'Registered themself, and nobody has vouched for what they said: an account that exists already waits for a decision. See confirmUser.',
  })
  selfRegistered!: boolean;
  @Field(() => Int, { description: 'Raised by every change; send it with the next one.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When the user was made.' }) createdAt!: Date;
  @Field(() => GraphQLDateTimeISO, { description: 'When the user was last changed.' }) updatedAt!: Date;
}

@ObjectType('Identity', { description: 'How a federated user is known: issuer and subject.' })
export class IdentityType implements Omit<Identity, 'tenantId' | 'userId' | 'identityProviderId'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ID, { description: 'The identity provider that vouches for it.' }) identityProviderId!: string;
  @Field(() => String, { description: 'Who issued the subject.' }) issuer!: string;
  @Field(() => String, { description: 'What the issuer calls the person.' }) subject!: string;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was first seen.' }) createdAt!: Date;
}

@ObjectType('Assignment', { description: 'This user belongs at this target, because of that service provider.' })
export class AssignmentType implements Omit<Assignment, 'tenantId' | 'userId' | 'targetId' | 'serviceProviderId'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ID, { description: 'The user.' }) userId!: string;
  @Field(() => ID, { description: 'The provisioning connector where the user belongs.' }) targetId!: string;
  @Field(() => ID, { nullable: true, description: "The service provider that caused it; null: the tenant's defaults." })
  serviceProviderId!: string | null;
  @Field(() => GraphQLDateTimeISO, { description: 'Since when.' }) createdAt!: Date;
}

@ObjectType('Link', { description: 'The remembered pair of a user and their account at a target.' })
export class LinkType implements Omit<Link, 'tenantId' | 'userId' | 'targetId' | 'accountId' | 'applied' | 'linkedAt' | 'deletionAskedAt'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ID, { description: 'The user.' }) userId!: string;
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => String, { description: "The target's own immutable id of the account." }) accountId!: string;
  @Field(() => LinkOriginEnum, { description: 'How it came to be.' }) origin!: Link['origin'];
  @Field(() => Boolean, { description: 'Whether the account is active, as last applied.' }) active!: boolean;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was last applied.' }) appliedAt!: Date;
  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'From when on the deactivated account is deleted, unless that is cancelled; null: it stays.',
  })
  deleteAt!: Date | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why the target says that nobody but a person there should change it, as last told; null: no reason.',
  })
  protectedAs!: string | null;
}

@ObjectType({ description: 'What a self-registration tells: not more than was said.' })
export class RegisteredUser {
  @Field(() => ID, { description: 'The id of the new user.' }) id!: string;
  @Field(() => String, { description: 'The name.' }) userName!: string;
}

export const UserConnection = connectionOf('User', 'users', () => UserType);
export const IdentityConnection = connectionOf('Identity', 'identities', () => IdentityType);
export const AssignmentConnection = connectionOf('Assignment', 'assignments', () => AssignmentType);
export const LinkConnection = connectionOf('Link', 'links', () => LinkType);

export const presentAttributes = (attributes: Attributes): readonly Fields<UserAttribute>[] =>
  Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => ({ name, type: typeOfValues(values), values: values.map(String) }));
