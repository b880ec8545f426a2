/** Identity providers as GraphQL tells them. Their connectors are added by a resolver. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { AttributeMapping, AttributeSync, IdentityProvider, JustInTimeSettings } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { Removed, resultUnion, type Fields } from '../results.ts';

export const AttributeSyncEnum = enumOf<AttributeSync>('AttributeSync', 'What becomes of local attributes when somebody signs in again.', {
  override: 'What the identity provider sends replaces what is stored.',
  'keep-local': 'What is stored stays; what is missing is filled in.',
  'only-at-first': 'Attributes are taken at the first sign-in and never again.',
});
export const GroupSyncEnum = enumOf<JustInTimeSettings['groupSync']>('GroupSync', 'What becomes of groups when somebody signs in again.', {
  override: 'The mapped groups replace the others.',
  merge: 'The mapped groups are added.',
});

@ObjectType('Certificate', { description: 'An X.509 certificate.' })
export class CertificateType {
  @Field(() => String, { description: 'The certificate in PEM form.' }) pem!: string;
  @Field(() => String, { description: 'Whom it names.' }) subject!: string;
  @Field(() => GraphQLDateTimeISO, { description: 'Until when it says it is valid.' }) validTo!: Date;
  @Field(() => String, { description: 'SHA-256 of it, as 32 bytes in hexadecimal separated by colons.' }) fingerprint!: string;
}

@ObjectType('SamlAuthenticator', { description: 'How a SAML 2.0 identity provider signs people in.' })
export class SamlAuthenticatorType {
  @Field(() => String, { description: 'entityID of the identity provider: the Issuer of its assertions.' }) issuer!: string;
  @Field(() => String, { description: 'Its single sign-on URL (HTTP-Redirect).' }) entryPoint!: string;
  @Field(() => String, { nullable: true, description: 'Its single logout URL; null: it has none.' }) logoutUrl!: string | null;
  @Field(() => [CertificateType], { description: 'Certificates that may sign; several at once so that keys can turn.' })
  certificates!: readonly Fields<CertificateType>[];
  @Field(() => String, { nullable: true, description: 'Attribute that holds the subject; null: the NameID.' })
  subjectAttribute!: string | null;
  @Field(() => Boolean, { description: 'Our requests are signed.' }) signRequests!: boolean;
  @Field(() => Boolean, { description: 'Assertions that are not encrypted to our key are refused.' }) requireEncryption!: boolean;
  @Field(() => CertificateType, {
    nullable: true,
    description: 'Certificate of our own key for this identity provider; the key itself is never told.',
  })
  ownCertificate!: Fields<CertificateType> | null;
}

/** One kind for now; a union, so that another is no breaking change. */
export const AuthenticatorUnion = createUnionType({
  name: 'Authenticator',
  description: 'How an identity provider signs people in.',
  types: () => [SamlAuthenticatorType] as const,
  resolveType: () => SamlAuthenticatorType,
});

@ObjectType('SamlUrls', {
  description: 'What the administrator of a SAML identity provider needs to know of us. Each identity provider has its own.',
})
export class SamlUrlsType {
  @Field(() => String, { description: 'Our entityID.' }) entityId!: string;
  @Field(() => String, { description: 'Assertion consumer service: where responses are posted.' }) callbackUrl!: string;
  @Field(() => String, { description: 'Our metadata.' }) metadataUrl!: string;
  @Field(() => String, { description: 'Single logout service.' }) logoutUrl!: string;
}

@ObjectType('JustInTimeProvisioning', {
  description: 'Just-in-time provisioning: making our own user when somebody signs in for the first time.',
})
export class JustInTimeProvisioningType implements Omit<JustInTimeSettings, 'userStoreId'> {
  @Field(() => Boolean, { description: 'Off: only people who are known already may sign in.' }) enabled!: boolean;
  @Field(() => ID, { nullable: true, description: 'The user store in which people are made; null: PRIMARY.' }) userStoreId!: string | null;
  @Field(() => AttributeSyncEnum, { description: 'Attributes at later sign-ins.' }) attributeSync!: AttributeSync;
  @Field(() => String, { nullable: true, description: 'Attribute that becomes the user name; null: the subject.' })
  userNameAttribute!: string | null;
  @Field(() => String, { nullable: true, description: 'Attribute that lists roles, which the role mappings turn into groups; null: none.' })
  roleAttribute!: string | null;
  @Field(() => GroupSyncEnum, { description: 'Groups at later sign-ins.' }) groupSync!: JustInTimeSettings['groupSync'];
}

@ObjectType('AttributeMapping', { description: 'Which attribute of the identity provider fills which attribute of the user.' })
export class AttributeMappingType implements AttributeMapping {
  @Field(() => String, { description: 'Its name at the identity provider.' }) federated!: string;
  @Field(() => String, { description: "Name of the user's attribute." }) local!: string;
}

@ObjectType('RoleMapping', { description: 'Which role of the identity provider puts a person into which group.' })
export class RoleMappingType {
  @Field(() => String, { description: 'The role, as the identity provider writes it.' }) federated!: string;
  @Field(() => ID, { description: 'Id of the group.' }) groupId!: string;
}

@ObjectType('IdentityProvider', {
  description: 'A federated party: it authenticates people, and its provisioning connectors are where people are provisioned to.',
})
export class IdentityProviderType implements Pick<IdentityProvider, 'name' | 'description' | 'enabled' | 'version' | 'createdAt'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'What it is called; unique in the tenant.' }) name!: string;
  @Field(() => String, { description: 'What it is for.' }) description!: string;
  @Field(() => Boolean, { description: 'Off: nobody signs in with it, and the operations of its connectors wait.' }) enabled!: boolean;
  @Field(() => JustInTimeProvisioningType, { description: 'Just-in-time provisioning of our own users at sign-in.' })
  justInTime!: JustInTimeProvisioningType;
  @Field(() => [AttributeMappingType], { description: 'Empty: the names that identity providers commonly send are understood.' })
  attributeMappings!: readonly AttributeMapping[];
  @Field(() => [RoleMappingType], { description: 'From roles of the identity provider to our groups.' })
  roleMappings!: readonly RoleMappingType[];
  @Field(() => Int, { description: 'Send it with a change; it is refused when somebody saved in between.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was added.' }) createdAt!: Date;
}

export const IdentityProviderConnection = connectionOf('IdentityProvider', 'identity providers', () => IdentityProviderType);

const resultOf = (mutation: string) =>
  resultUnion(`${mutation}Result`, 'The identity provider as it is now, or why nothing was changed.', IdentityProviderType);
export const AddIdentityProviderResult = resultOf('AddIdentityProvider');
export const ChangeIdentityProviderResult = resultOf('ChangeIdentityProvider');
export const EnableIdentityProviderResult = resultOf('EnableIdentityProvider');
export const DisableIdentityProviderResult = resultOf('DisableIdentityProvider');
export const ConfigureAuthenticatorResult = resultOf('ConfigureAuthenticator');
export const ConfigureJustInTimeProvisioningResult = resultOf('ConfigureJustInTimeProvisioning');
export const RemoveIdentityProviderResult = resultUnion(
  'RemoveIdentityProviderResult',
  'That it is gone, or why it was not removed.',
  Removed,
);
