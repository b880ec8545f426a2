/** Service providers: list, register, change, remove. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { changeServiceProvider } from '../../commands/change-service-provider.ts';
import { registerServiceProvider } from '../../commands/register-service-provider.ts';
import { removeServiceProvider } from '../../commands/remove-service-provider.ts';
import { loginUrl } from '../../domain/sign-in-urls.ts';
import type { IdentityProvider, ServiceProvider } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { IdentityProviderType } from '../identity-providers/types.ts';
import { UpTo } from '../limits.ts';
import { ofServiceProvider, type PresentedOutboundProvisioning } from '../outbound-provisioning/present.ts';
import { OutboundProvisioningType } from '../outbound-provisioning/types.ts';
import { presentOutcome } from '../results.ts';
import {
  ChangeServiceProviderInput,
  mostSignInIdentityProviders,
  RegisterServiceProviderInput,
  RemoveServiceProviderInput,
  ServiceProviderFilter,
} from './inputs.ts';
import {
  ChangeServiceProviderResult,
  RegisterServiceProviderResult,
  RemoveServiceProviderResult,
  ServiceProviderConnection,
  ServiceProviderType,
} from './types.ts';

@Resolver(() => ServiceProviderType)
export class ServiceProviderResolver {
  @Authorized('viewer')
  @Query(() => ServiceProviderConnection, { description: 'Service providers of this tenant, oldest first.' })
  serviceProviders(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ServiceProviderFilter, { nullable: true, description: 'Only those.' }) filter?: ServiceProviderFilter | null,
  ): Promise<Connection<ServiceProvider>> {
    const where = filter?.nameContains ? { name: { contains: filter.nameContains } } : {};
    return readPage(context.reads, 'serviceProvider', { where, page });
  }

  @Authorized('viewer')
  @Query(() => ServiceProviderType, { nullable: true, description: 'One service provider; null where there is none with this id.' })
  serviceProvider(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
  ): Promise<ServiceProvider | null> {
    return context.loaders.one('serviceProvider', id);
  }

  @UpTo(mostSignInIdentityProviders)
  @FieldResolver(() => [IdentityProviderType], {
    description: `Identity providers that people of this service provider sign in with; at most ${mostSignInIdentityProviders}.`,
  })
  async signInIdentityProviders(@Root() root: ServiceProvider, @Ctx() context: GraphQLContext): Promise<readonly IdentityProvider[]> {
    const found = await Promise.all(root.signInIdentityProviderIds.map((id) => context.loaders.one('identityProvider', id)));
    return found.filter((provider) => provider !== null);
  }

  @FieldResolver(() => OutboundProvisioningType, { description: 'Its outbound provisioning configuration, own or inherited.' })
  outboundProvisioning(@Root() root: ServiceProvider, @Ctx() context: GraphQLContext): Promise<PresentedOutboundProvisioning> {
    return ofServiceProvider(context, root);
  }

  @FieldResolver(() => String, {
    description: 'Where the application sends a person who shall sign in; `?returnTo=` takes one of the return URLs.',
  })
  loginUrl(@Root() root: ServiceProvider, @Ctx() context: GraphQLContext): string {
    return loginUrl(context.publicUrl, root.id);
  }

  @Authorized('administrator')
  @Mutation(() => RegisterServiceProviderResult, { description: 'Registers an application that people sign in to.' })
  async registerServiceProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RegisterServiceProviderInput, { description: 'The new one.' }) input: RegisterServiceProviderInput,
  ): Promise<typeof RegisterServiceProviderResult> {
    return presentOutcome(await registerServiceProvider(context.house, context.caller, input), (made) => made);
  }

  @Authorized('administrator')
  @Mutation(() => ChangeServiceProviderResult, {
    description: 'Changes a service provider; its outbound rows have configureOutboundProvisioning.',
  })
  async changeServiceProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ChangeServiceProviderInput, { description: 'What to change.' }) input: ChangeServiceProviderInput,
  ): Promise<typeof ChangeServiceProviderResult> {
    return presentOutcome(await changeServiceProvider(context.house, context.caller, input), (changed) => changed);
  }

  @Authorized('administrator')
  @Mutation(() => RemoveServiceProviderResult, { description: 'Removes a service provider with its outbound rows.' })
  async removeServiceProvider(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RemoveServiceProviderInput, { description: 'Which one.' }) input: RemoveServiceProviderInput,
  ): Promise<typeof RemoveServiceProviderResult> {
    return presentOutcome(await removeServiceProvider(context.house, context.caller, input), (removed) => removed);
  }
}
