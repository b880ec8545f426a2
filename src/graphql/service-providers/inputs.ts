/** What the service provider mutations and lists take. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { AccountsOfRemoved } from '../../commands/remove-provisioning-connector.ts';
import type { IdentityProviderId, ServiceProviderId, UserStoreId } from '../../domain/vocabulary.ts';
import { AccountsOfRemovedEnum, confirmedAccounts, confirmedAccountsDescription } from '../accounts-of-removed.ts';
import { id } from '../ids.ts';
import { description, name, namePart, url } from '../texts.ts';

export const mostSignInIdentityProviders = 50;

const settings = {
  description: description.optional(),
  homeUrl: url.nullish(),
  returnUrls: z.array(url).max(50, 'At most 50.').optional(),
  signInIdentityProviderIds: z.array(id).max(mostSignInIdentityProviders, `At most ${mostSignInIdentityProviders}.`).optional(),
  passwordSignIn: z.boolean().optional(),
  selfRegistration: z.boolean().optional(),
  userStoreId: id.optional(),
};

@InputType({ description: 'A new service provider. It inherits the default outbound rows of the tenant until it has its own.' })
export class RegisterServiceProviderInput {
  static readonly schema = z.object({ ...settings, name });
  @Field(() => String, { description: 'What it is called; 1 to 200 characters, unique in the tenant.' }) name!: string;
  @Field(() => String, { nullable: true, description: 'What it is for; at most 2,000 characters.' }) description?: string;
  @Field(() => String, { nullable: true, description: 'Where a person goes after signing in when nothing else was asked for.' })
  homeUrl?: string | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'Where a person may be sent back to: absolute http or https URLs without a fragment, at most 50; one that ends with "/" allows what is below it.',
  })
  returnUrls?: string[];
  @Field(() => [ID], {
    nullable: true,
    description: `Identity providers that people of this service provider sign in with; at most ${mostSignInIdentityProviders}.`,
  })
  signInIdentityProviderIds?: IdentityProviderId[];
  @Field(() => Boolean, { nullable: true, description: 'People may sign in with a local user name and password; absent: no.' })
  passwordSignIn?: boolean;
  @Field(() => Boolean, { nullable: true, description: 'People may register themselves; absent: no.' }) selfRegistration?: boolean;
  @Field(() => ID, { nullable: true, description: 'Where self-registered people are kept; absent: the PRIMARY user store.' })
  userStoreId?: UserStoreId;
}

@InputType({ description: 'What to change of a service provider: absent fields stay as they are.' })
export class ChangeServiceProviderInput {
  static readonly schema = z.object({ ...settings, id, name: name.optional() });
  @Field(() => ID, { description: 'Which one.' }) id!: ServiceProviderId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => String, { nullable: true, description: 'What it is called; 1 to 200 characters, unique in the tenant.' }) name?: string;
  @Field(() => String, { nullable: true, description: 'What it is for; at most 2,000 characters.' }) description?: string;
  @Field(() => String, {
    nullable: true,
    description: 'Where a person goes after signing in when nothing else was asked for; null: nowhere in particular.',
  })
  homeUrl?: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'All URLs that a person may be sent back to, in place of the present ones; at most 50.',
  })
  returnUrls?: string[];
  @Field(() => [ID], {
    nullable: true,
    description: `All identity providers that people sign in with, in place of the present ones; at most ${mostSignInIdentityProviders}.`,
  })
  signInIdentityProviderIds?: IdentityProviderId[];
  @Field(() => Boolean, { nullable: true, description: 'People may sign in with a local user name and password.' })
  passwordSignIn?: boolean;
  @Field(() => Boolean, { nullable: true, description: 'People may register themselves.' }) selfRegistration?: boolean;
  @Field(() => ID, { nullable: true, description: 'Where people who register from now on are kept.' }) userStoreId?: UserStoreId;
}

@InputType({ description: 'Which service provider to remove.' })
export class RemoveServiceProviderInput {
  static readonly schema = z.object({ id, confirmedAccounts });
  @Field(() => ID, { description: 'Which one.' }) id!: ServiceProviderId;
  @Field(() => AccountsOfRemovedEnum, {
    defaultValue: 'keep',
    description:
      'What becomes of the accounts of people it had assigned. Kept, those people belong to the default of the tenant from now on.',
  })
  accounts!: AccountsOfRemoved;
  @Field(() => Int, { nullable: true, description: confirmedAccountsDescription }) confirmedAccounts?: number | null;
}

@InputType({ description: 'Which service providers to list; what is absent does not matter.' })
export class ServiceProviderFilter {
  static readonly schema = z.object({ nameContains: namePart });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
}
