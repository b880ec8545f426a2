/** What the user mutations and lists take. Names, attributes and passwords are judged by the commands. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { AttributeType, TypedAttribute } from '../../domain/user-attributes.ts';
import type { AccountId, ServiceProviderId, TargetId, UserId, UserStoreId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { AttributeTypeEnum } from './types.ts';

@InputType({ description: 'One attribute of a user. At most 100 attributes, 50 values each, 4096 bytes each value.' })
export class UserAttributeInput implements TypedAttribute {
  @Field(() => String, { description: 'Begins with a letter; then letters, digits and _ . : / -' }) name!: string;
  @Field(() => AttributeTypeEnum, { defaultValue: 'string', description: 'Of which type the values are.' }) type!: AttributeType;
  @Field(() => [String], { nullable: true, description: 'The values as text. Null or none clears the attribute.' })
  values!: readonly string[] | null;
}

@InputType({ description: 'A new user.' })
export class CreateUserInput {
  static readonly schema = z.object({ userStoreId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Where to keep the user; absent or null: PRIMARY.' }) userStoreId?: UserStoreId | null;
  @Field(() => String, { description: 'The name; 1 to 255 characters, unique within the user store.' }) userName!: string;
  @Field(() => [UserAttributeInput], { defaultValue: [], description: 'What is known of the person.' })
  attributes!: readonly UserAttributeInput[];
  @Field(() => Boolean, { defaultValue: true, description: 'Whether the user may sign in.' }) active!: boolean;
}

@InputType({ description: 'What to change of a user.' })
export class ChangeUserInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The user.' }) id!: UserId;
  @Field(() => Int, { description: 'The version you read.' }) version!: number;
  @Field(() => String, { nullable: true, description: 'A new name; absent or null leaves it.' }) userName?: string | null;
  @Field(() => [UserAttributeInput], { nullable: true, description: 'A patch: what is not named stays, without values it is cleared.' })
  attributes?: readonly UserAttributeInput[] | null;
}

@InputType({ description: 'Which user.' })
export class UserByIdInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The user.' }) id!: UserId;
  @Field(() => Int, { nullable: true, description: 'Only if it is still this version; absent or null: whatever it is now.' })
  version?: number | null;
}

@InputType({ description: 'A person who registers.' })
export class RegisterUserInput {
  static readonly schema = z.object({ serviceProviderId: id });
  @Field(() => ID, { description: 'The service provider whose form this is; it has self-registration switched on.' })
  serviceProviderId!: ServiceProviderId;
  @Field(() => String, { description: 'The name; 1 to 255 characters.' }) userName!: string;
  @Field(() => String, { nullable: true, description: 'A password of 12 to 256 characters; absent or null: no local sign-in.' })
  password?: string | null;
  @Field(() => [UserAttributeInput], { defaultValue: [], description: 'What the person says of themselves.' })
  attributes!: readonly UserAttributeInput[];
}

@InputType({ description: 'A new password for a user.' })
export class SetUserPasswordInput {
  static readonly schema = z.object({ userId: id });
  @Field(() => ID, { description: 'The user.' }) userId!: UserId;
  @Field(() => String, { description: 'The password; 12 to 256 characters.' }) password!: string;
}

@InputType({ description: 'Who shall belong where.' })
export class AssignUserInput {
  static readonly schema = z.object({ userId: id, targetId: id, serviceProviderId: id.nullish() });
  @Field(() => ID, { description: 'The user.' }) userId!: UserId;
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: TargetId;
  @Field(() => ID, { nullable: true, description: "Because of this service provider; absent or null: the tenant's defaults." })
  serviceProviderId?: ServiceProviderId | null;
}

@InputType({ description: 'Which assignment to remove.' })
export class RemoveAssignmentInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The assignment.' }) id!: string;
}

@InputType({ description: 'Whom to provision now.' })
export class ProvisionUserNowInput {
  static readonly schema = z.object({ userId: id, serviceProviderId: id.nullish() });
  @Field(() => ID, { description: 'The user.' }) userId!: UserId;
  @Field(() => ID, {
    nullable: true,
    description: "To the rows of this service provider and wherever the user is assigned; absent or null: the tenant's defaults.",
  })
  serviceProviderId?: ServiceProviderId | null;
}

@InputType({ description: 'Which users to list; what is absent does not matter.' })
export class UserFilter {
  static readonly schema = z.object({ userStoreId: id.nullish(), userNameContains: z.string().max(255).nullish() });
  @Field(() => ID, { nullable: true, description: 'Only of this user store.' }) userStoreId?: UserStoreId | null;
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) userNameContains?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Only active ones, or only deactivated ones.' }) active?: boolean | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Also the removed ones.' }) includeRemoved!: boolean;
}

@InputType({ description: 'Which assignments to list; what is absent does not matter.' })
export class AssignmentFilter {
  static readonly schema = z.object({ userId: id.nullish(), targetId: id.nullish(), serviceProviderId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => ID, { nullable: true, description: 'Only because of this service provider.' }) serviceProviderId?: ServiceProviderId | null;
}

@InputType({ description: 'Which links to list; what is absent does not matter.' })
export class LinkFilter {
  static readonly schema = z.object({ userId: id.nullish(), targetId: id.nullish(), accountId: z.string().max(1000).nullish() });
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => String, { nullable: true, description: "Only with this id of the target's." }) accountId?: AccountId | null;
}
