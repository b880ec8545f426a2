/** What the API token mutations and lists take. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { RoleEnum } from '../role.ts';

@InputType({ description: 'A new API token.' })
export class CreateApiTokenInput {
  static readonly schema = z.object({ name: z.string().trim().min(1, 'Say what it is for.').max(200, 'At most 200 characters.') });
  @Field(() => String, { description: 'What it is for; 1 to 200 characters.' }) name!: string;
  @Field(() => RoleEnum, { description: 'What it may do: at most what you may.' }) role!: Role;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ends by itself; absent or null: never.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'Which API token to revoke.' })
export class RevokeApiTokenInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Id of the API token.' }) id!: string;
}

@InputType({ description: 'Which API tokens to list; what is absent does not matter.' })
export class ApiTokenFilter {
  static readonly schema = z.object({ nameContains: z.string().max(200).nullish() });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
  @Field(() => RoleEnum, { nullable: true, description: 'Only with this role.' }) role?: Role | null;
}
