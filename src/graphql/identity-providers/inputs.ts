/** What the identity provider mutations and lists take. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { AttributeSync, GroupId, IdentityProviderId, JustInTimeSettings, UserStoreId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { description, name, namePart, oneLine, url } from '../texts.ts';
import { AttributeSyncEnum, GroupSyncEnum } from './types.ts';

const attributeName = oneLine.min(1, 'Name an attribute.').max(500, 'At most 500 characters.');
const settings = {
  description: description.optional(),
  attributeMappings: z
    .array(z.object({ federated: attributeName, local: attributeName }))
    .max(200, 'At most 200.')
    .optional(),
  roleMappings: z
    .array(z.object({ federated: z.string().min(1, 'Name a role.').max(500, 'At most 500 characters.'), groupId: id }))
    .max(200, 'At most 200.')
    .optional(),
  outboundRoleGroupIds: z.array(id).max(200, 'At most 200.').optional(),
};

@InputType({ description: 'Which attribute of the identity provider fills which attribute of the user.' })
export class AttributeMappingInput {
  @Field(() => String, {
    description: 'Its name at the identity provider. Of several that fill one attribute, the first with a value does.',
  })
  federated!: string;
  @Field(() => String, { description: "Name of the user's attribute, e.g. givenName, familyName, email." }) local!: string;
}

@InputType({ description: 'Which role of the identity provider puts a person into which group.' })
export class RoleMappingInput {
  @Field(() => String, { description: 'The role, as the identity provider writes it.' }) federated!: string;
  @Field(() => ID, { description: 'Id of the group.' }) groupId!: GroupId;
}

@InputType({ description: 'A new identity provider. Configure how it signs people in, or its connectors, afterwards.' })
export class AddIdentityProviderInput {
  static readonly schema = z.object({ ...settings, name });
  @Field(() => String, { description: 'What it is called; 1 to 200 characters, unique in the tenant.' }) name!: string;
  @Field(() => String, { nullable: true, description: 'What it is for; at most 2,000 characters.' }) description?: string;
  @Field(() => [AttributeMappingInput], {
    nullable: true,
    description: 'Attribute mappings; none: common names are understood. At most 200.',
  })
  attributeMappings?: AttributeMappingInput[];
  @Field(() => [RoleMappingInput], { nullable: true, description: 'Role mappings; at most 200.' }) roleMappings?: RoleMappingInput[];
  @Field(() => [ID], {
    nullable: true,
    description:
      'Identity provider outbound provisioning roles: only members of one of these groups are provisioned to its connectors; none: everybody.',
  })
  outboundRoleGroupIds?: GroupId[];
}

@InputType({ description: 'What to change of an identity provider: absent fields stay as they are.' })
export class ChangeIdentityProviderInput {
  static readonly schema = z.object({ ...settings, id, name: name.optional() });
  @Field(() => ID, { description: 'Which one.' }) id!: IdentityProviderId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => String, { nullable: true, description: 'What it is called; 1 to 200 characters, unique in the tenant.' }) name?: string;
  @Field(() => String, { nullable: true, description: 'What it is for; at most 2,000 characters.' }) description?: string;
  @Field(() => [AttributeMappingInput], {
    nullable: true,
    description:
      'All attribute mappings, in place of the present ones; at most 200. Those that alone give a connector what it finds accounts by cannot be taken away.',
  })
  attributeMappings?: AttributeMappingInput[];
  @Field(() => [RoleMappingInput], { nullable: true, description: 'All role mappings, in place of the present ones; at most 200.' })
  roleMappings?: RoleMappingInput[];
  @Field(() => [ID], {
    nullable: true,
    description:
      'All identity provider outbound provisioning roles, in place of the present ones: only members of one of these groups are provisioned to its connectors; none: everybody. Accounts of everybody concerned follow in the background: see `reevaluations`.',
  })
  outboundRoleGroupIds?: GroupId[];
}

@InputType({ description: 'Which identity provider.' })
export class IdentityProviderIdInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Which one.' }) id!: IdentityProviderId;
}

@InputType({ description: 'How a SAML 2.0 identity provider signs people in: the whole of it, in place of what is there.' })
export class SamlAuthenticatorInput {
  @Field(() => String, { description: 'entityID of the identity provider: the Issuer of its assertions.' }) issuer!: string;
  @Field(() => String, { description: 'Its single sign-on URL (HTTP-Redirect).' }) entryPoint!: string;
  @Field(() => String, { nullable: true, description: 'Its single logout URL; absent or null: it has none.' }) logoutUrl?: string | null;
  @Field(() => [String], { description: 'Certificates that may sign, 1 to 10, in PEM form or as the Base64 text in its metadata.' })
  certificates!: string[];
  @Field(() => String, { nullable: true, description: 'Attribute that holds the subject; absent or null: the NameID.' })
  subjectAttribute?: string | null;
  @Field(() => Boolean, { defaultValue: true, description: 'Sign our requests.' }) signRequests!: boolean;
  @Field(() => Boolean, { defaultValue: false, description: 'Refuse assertions that are not encrypted to our key.' })
  requireEncryption!: boolean;
}

@InputType({ description: 'How an identity provider signs people in.' })
export class ConfigureAuthenticatorInput {
  static readonly schema = z.object({
    identityProviderId: id,
    saml: z.object({
      issuer: oneLine.min(1, 'Give its entityID.').max(1_024, 'At most 1,024 characters.'),
      entryPoint: url,
      logoutUrl: url.nullish(),
      certificates: z
        .array(z.string().max(20_000, 'At most 20,000 characters.'))
        .min(1, 'Give at least one certificate.')
        .max(10, 'At most 10.'),
      subjectAttribute: attributeName.nullish(),
    }),
  });
  @Field(() => ID, { description: 'Which identity provider.' }) identityProviderId!: IdentityProviderId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => SamlAuthenticatorInput, { description: 'SAML 2.0.' }) saml!: SamlAuthenticatorInput;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Make a new key of our own in place of the present one; the identity provider has to read our metadata again.',
  })
  renewKey!: boolean;
}

@InputType({ description: 'Just-in-time provisioning of an identity provider: the whole of it, in place of what is there.' })
export class ConfigureJustInTimeProvisioningInput {
  static readonly schema = z.object({
    identityProviderId: id,
    userStoreId: id.nullish(),
    userNameAttribute: attributeName.nullish(),
    roleAttribute: attributeName.nullish(),
  });
  @Field(() => ID, { description: 'Which identity provider.' }) identityProviderId!: IdentityProviderId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => Boolean, { description: 'Off: only people who are known already may sign in.' }) enabled!: boolean;
  @Field(() => ID, { nullable: true, description: 'The user store in which people are made; absent or null: PRIMARY.' })
  userStoreId?: UserStoreId | null;
  @Field(() => AttributeSyncEnum, { defaultValue: 'override', description: 'Attributes at later sign-ins.' }) attributeSync!: AttributeSync;
  @Field(() => String, { nullable: true, description: 'Attribute that becomes the user name; absent or null: the subject.' })
  userNameAttribute?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Attribute that lists roles, which the role mappings turn into groups; absent or null: none.',
  })
  roleAttribute?: string | null;
  @Field(() => GroupSyncEnum, { defaultValue: 'override', description: 'Groups at later sign-ins.' })
  groupSync!: JustInTimeSettings['groupSync'];
}

@InputType({ description: 'Which identity providers to list; what is absent does not matter.' })
export class IdentityProviderFilter {
  static readonly schema = z.object({ nameContains: namePart });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Only enabled, or only disabled ones.' }) enabled?: boolean | null;
}
