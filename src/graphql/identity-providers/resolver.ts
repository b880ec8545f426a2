/** Identity providers: list, add, change, enable, disable, remove, and how they sign people in. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { addIdentityProvider } from '../../commands/add-identity-provider.ts';
import { changeIdentityProvider } from '../../commands/change-identity-provider.ts';
import { configureAuthenticator } from '../../commands/configure-authenticator.ts';
import { configureJustInTimeProvisioning } from '../../commands/configure-just-in-time-provisioning.ts';
import { disableIdentityProvider } from '../../commands/disable-identity-provider.ts';
import { enableIdentityProvider } from '../../commands/enable-identity-provider.ts';
import { removeIdentityProvider } from '../../commands/remove-identity-provider.ts';
import { samlUrls, type SamlUrls } from '../../domain/sign-in-urls.ts';
import type { IdentityProvider, Target } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, readPageOf, type Connection } from '../connections.ts';
import { ProvisioningConnectorConnection } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome, type Fields } from '../results.ts';
import {
  AddIdentityProviderInput,
  ChangeIdentityProviderInput,
  ConfigureAuthenticatorInput,
  ConfigureJustInTimeProvisioningInput,
  IdentityProviderFilter,
  IdentityProviderIdInput,
} from './inputs.ts';
import { presentAuthenticator } from './present.ts';
import {
  AddIdentityProviderResult,
  AuthenticatorUnion,
  ChangeIdentityProviderResult,
  ConfigureAuthenticatorResult,
  ConfigureJustInTimeProvisioningResult,
  DisableIdentityProviderResult,
  EnableIdentityProviderResult,
  IdentityProviderConnection,
  IdentityProviderType,
  RemoveIdentityProviderResult,
  SamlUrlsType,
  type SamlAuthenticatorType,
} from './types.ts';

@Resolver(() => IdentityProviderType)
export class IdentityProviderResolver {
  @Authorized('viewer')
  @Query(() => IdentityProviderConnection, { description: 'Identity providers of this tenant, oldest first.' })
  identityProviders(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => IdentityProviderFilter, { nullable: true, description: 'Only those.' }) filter?: IdentityProviderFilter | null,
  ): Promise<Connection<IdentityProvider>> {
    const where = {
      ...(filter?.nameContains ? { name: { contains: filter.nameContains } } : {}),
      ...(typeof filter?.enabled === 'boolean' ? { enabled: filter.enabled } : {}),
    };
    return readPage(context.reads, 'identityProvider', { where, page });
  }

  @Authorized('viewer')
  @Query(() => IdentityProviderType, { nullable: true, description: 'One identity provider; null where there is none with this id.' })
  identityProvider(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
  ): Promise<IdentityProvider | null> {
    return context.loaders.one('identityProvider', id);
  }

  @FieldResolver(() => AuthenticatorUnion, { nullable: true, description: 'How it signs people in; null: it does not.' })
  authenticator(@Root() root: IdentityProvider): Fields<SamlAuthenticatorType> | null {
    return root.authenticator && presentAuthenticator(root.authenticator);
  }

  @FieldResolver(() => SamlUrlsType, { description: 'What its administrator needs to know of us for SAML.' })
  saml(@Root() root: IdentityProvider, @Ctx() context: GraphQLContext): SamlUrls {
    return samlUrls(context.publicUrl, root.id);
  }

  @FieldResolver(() => [ID], {
    description:
      'Identity provider outbound provisioning roles: ids of the groups whose members are provisioned to its connectors; empty: everybody.',
  })
  outboundRoleGroupIds(@Root() root: IdentityProvider): readonly string[] {
    return root.outboundRoles;
  }

  @FieldResolver(() => ProvisioningConnectorConnection, { description: 'Its provisioning connectors, oldest first.' })
  provisioningConnectors(
    @Root() root: IdentityProvider,
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Target>> {
    return readPageOf(context.loaders, 'target', 'identityProviderId', root.id, { where: {}, page });
  }

  @Authorized('administrator')
  @Mutation(() => AddIdentityProviderResult, { description: 'Adds an identity provider.' })
  async addIdentityProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => AddIdentityProviderInput, { description: 'The new one.' }) input: AddIdentityProviderInput,
  ): Promise<typeof AddIdentityProviderResult> {
    const { outboundRoleGroupIds: outboundRoles, ...settings } = input;
    return presentOutcome(await addIdentityProvider(context.house, context.caller, { ...settings, outboundRoles }), (made) => made);
  }

  @Authorized('administrator')
  @Mutation(() => ChangeIdentityProviderResult, {
    description: 'Changes name, mappings or outbound provisioning roles of an identity provider.',
  })
  async changeIdentityProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ChangeIdentityProviderInput, { description: 'What to change.' }) input: ChangeIdentityProviderInput,
  ): Promise<typeof ChangeIdentityProviderResult> {
    const { outboundRoleGroupIds: outboundRoles, ...settings } = input;
    return presentOutcome(
      await changeIdentityProvider(context.house, context.caller, { ...settings, outboundRoles }),
      (changed) => changed,
    );
  }

  @Authorized('administrator')
  @Mutation(() => EnableIdentityProviderResult, {
    description: 'People may sign in with it again, and the operations of its connectors go on.',
  })
  async enableIdentityProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => IdentityProviderIdInput, { description: 'Which one.' }) input: IdentityProviderIdInput,
  ): Promise<typeof EnableIdentityProviderResult> {
    return presentOutcome(await enableIdentityProvider(context.house, context.caller, input.id), (changed) => changed);
  }

  @Authorized('administrator')
  @Mutation(() => DisableIdentityProviderResult, { description: 'Nobody signs in with it, and the operations of its connectors wait.' })
  async disableIdentityProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => IdentityProviderIdInput, { description: 'Which one.' }) input: IdentityProviderIdInput,
  ): Promise<typeof DisableIdentityProviderResult> {
    return presentOutcome(await disableIdentityProvider(context.house, context.caller, input.id), (changed) => changed);
  }

  @Authorized('administrator')
  @Mutation(() => RemoveIdentityProviderResult, {
    description:
      'Removes an identity provider that nobody signs in with and that holds no connectors. Its people stay, and are no longer known by it.',
  })
  async removeIdentityProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => IdentityProviderIdInput, { description: 'Which one.' }) input: IdentityProviderIdInput,
  ): Promise<typeof RemoveIdentityProviderResult> {
    return presentOutcome(await removeIdentityProvider(context.house, context.caller, input.id), (removed) => removed);
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureAuthenticatorResult, {
    description: 'Says how an identity provider signs people in. Our own key and certificate are made at the first time.',
  })
  async configureAuthenticator(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureAuthenticatorInput, { description: 'The whole of it.' }) input: ConfigureAuthenticatorInput,
  ): Promise<typeof ConfigureAuthenticatorResult> {
    const { identityProviderId, version, renewKey, saml } = input;
    const { issuer, entryPoint, logoutUrl = null, certificates, subjectAttribute = null, signRequests, requireEncryption } = saml;
    const whole = { issuer, entryPoint, logoutUrl, certificates, subjectAttribute, signRequests, requireEncryption };
    const outcome = await configureAuthenticator(context.house, context.caller, { identityProviderId, version, renewKey, saml: whole });
    return presentOutcome(outcome, (changed) => changed);
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureJustInTimeProvisioningResult, {
    description: 'Says whether, where and from what our own user is made when somebody signs in for the first time.',
  })
  async configureJustInTimeProvisioning(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureJustInTimeProvisioningInput, { description: 'The whole of it.' })
    input: ConfigureJustInTimeProvisioningInput,
  ): Promise<typeof ConfigureJustInTimeProvisioningResult> {
    const { identityProviderId, version, enabled, attributeSync, groupSync } = input;
    const { userStoreId = null, userNameAttribute = null, roleAttribute = null } = input;
    const justInTime = { enabled, userStoreId, attributeSync, userNameAttribute, roleAttribute, groupSync };
    const outcome = await configureJustInTimeProvisioning(context.house, context.caller, { identityProviderId, version, justInTime });
    return presentOutcome(outcome, (changed) => changed);
  }
}
