/** What signing in and the administrator mutations take. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { passwordLength } from '../../commands/passwords.ts';
import type { Role } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { RoleEnum } from '../role.ts';
import { nameUpTo } from '../texts.ts';

@InputType({ description: 'Name and password of an administrator.' })
export class SignInInput {
  static readonly schema = z.object({ tenant: z.string().max(100), userName: z.string().max(200), password: z.string().max(1000) });
  @Field(() => String, { defaultValue: 'default', description: 'Name of the tenant the administrator belongs to.' }) tenant!: string;
  @Field(() => String, { description: 'User name.' }) userName!: string;
  @Field(() => String, { description: 'Password.' }) password!: string;
}

@InputType({ description: 'The password you have and the one you want.' })
export class ChangeMyPasswordInput {
  static readonly schema = z.object({
    currentPassword: z.string().max(1000),
    newPassword: z
      .string()
      .min(passwordLength.least, `Use at least ${passwordLength.least} characters.`)
      .max(passwordLength.most, `Use at most ${passwordLength.most} characters.`),
  });
  @Field(() => String, { description: 'The password you have.' }) currentPassword!: string;
  @Field(() => String, { description: `The one you want: ${passwordLength.least} to ${passwordLength.most} characters.` })
  newPassword!: string;
}

@InputType({ description: 'A new administrator of this tenant.' })
export class CreateAdministratorInput {
  static readonly schema = z.object({
    userName: nameUpTo(100),
  });
  @Field(() => String, { description: 'What they sign in with; unique in the tenant.' }) userName!: string;
  @Field(() => RoleEnum, { description: 'What they may do: at most what you may.' }) role!: Role;
}

@InputType({ description: 'Another role for an administrator.' })
export class ChangeAdministratorInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Id of the administrator.' }) id!: string;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => RoleEnum, { description: 'What they may do from now on: at most what you may.' }) role!: Role;
}

@InputType({ description: 'Whose password to replace.' })
export class ResetAdministratorPasswordInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Id of the administrator.' }) id!: string;
}

@InputType({ description: 'Whom to remove.' })
export class RemoveAdministratorInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Id of the administrator.' }) id!: string;
}

@InputType({ description: 'Which administrators to list; what is absent does not matter.' })
export class AdministratorFilter {
  static readonly schema = z.object({ userNameContains: z.string().max(200).nullish() });
  @Field(() => String, { nullable: true, description: 'Part of the user name, in any case.' }) userNameContains?: string | null;
  @Field(() => RoleEnum, { nullable: true, description: 'Only with this role.' }) role?: Role | null;
}
