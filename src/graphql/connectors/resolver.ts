/** Provisioning connectors: the catalogue, list, enable, configure, disable, remove, try. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { reaches } from '../../commands/caller.ts';
import { checkProvisioningConnector } from '../../commands/check-provisioning-connector.ts';
import { configureProvisioningConnector } from '../../commands/configure-provisioning-connector.ts';
import { disableProvisioningConnector } from '../../commands/disable-provisioning-connector.ts';
import { enableProvisioningConnector } from '../../commands/enable-provisioning-connector.ts';
import { reenableProvisioningConnector } from '../../commands/reenable-provisioning-connector.ts';
import { removeProvisioningConnector } from '../../commands/remove-provisioning-connector.ts';
import { resumeProvisioningConnector } from '../../commands/resume-provisioning-connector.ts';
import type { IdentityProvider, Target } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { IdentityProviderType } from '../identity-providers/types.ts';
import { presentOutcome, type Fields } from '../results.ts';
import {
  CheckProvisioningConnectorInput,
  ConfigureProvisioningConnectorInput,
  EnableProvisioningConnectorInput,
  ProvisioningConnectorFilter,
  ProvisioningConnectorIdInput,
  RemoveProvisioningConnectorInput,
} from './inputs.ts';
import { presentCondition, presentDefinition, presentLastCheck, presentRemoved, publicConfig } from './present.ts';
import {
  CheckProvisioningConnectorResult,
  ConfigureProvisioningConnectorResult,
  ConnectorConditionType,
  ConnectorDefinitionType,
  LastConnectorCheckType,
  DisableProvisioningConnectorResult,
  EnableProvisioningConnectorResult,
  ProvisioningConnectorConnection,
  ProvisioningConnectorType,
  ReenableProvisioningConnectorResult,
  RemoveProvisioningConnectorResult,
  ResumeProvisioningConnectorResult,
} from './types.ts';

@Resolver(() => ProvisioningConnectorType)
export class ProvisioningConnectorResolver {
  @Authorized('viewer')
  @Query(() => [ConnectorDefinitionType], {
    description: 'Every kind of provisioning connector that this installation knows, with its form.',
  })
  connectorDefinitions(@Ctx() context: GraphQLContext): readonly Fields<ConnectorDefinitionType>[] {
    return [...context.house.definitions.values()].map(presentDefinition);
  }

  @Authorized('viewer')
  @Query(() => ProvisioningConnectorConnection, { description: 'Provisioning connectors of this tenant, oldest first.' })
  provisioningConnectors(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ProvisioningConnectorFilter, { nullable: true, description: 'Only those.' })
    filter?: ProvisioningConnectorFilter | null,
  ): Promise<Connection<Target>> {
    const where = {
      ...(filter?.nameContains ? { name: { contains: filter.nameContains } } : {}),
      ...(filter?.identityProviderId ? { identityProviderId: filter.identityProviderId } : {}),
      ...(filter?.connectorType ? { connectorType: filter.connectorType } : {}),
      ...(typeof filter?.enabled === 'boolean' ? { enabled: filter.enabled } : {}),
    };
    return readPage(context.reads, 'target', { where, page });
  }

  @Authorized('viewer')
  @Query(() => ProvisioningConnectorType, {
    nullable: true,
    description: 'One provisioning connector; null where there is none with this id.',
  })
  provisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
  ): Promise<Target | null> {
    return context.loaders.one('target', id);
  }

  @FieldResolver(() => IdentityProviderType, { description: 'The identity provider it belongs to.' })
  async identityProvider(@Root() root: Target, @Ctx() context: GraphQLContext): Promise<IdentityProvider> {
    const provider = await context.loaders.one('identityProvider', root.identityProviderId);
    if (!provider) throw new Error('A target without its identity provider.');
    return provider;
  }

  @FieldResolver(() => ConnectorDefinitionType, { nullable: true, description: 'Its kind; null: this release knows no such kind.' })
  definition(@Root() root: Target, @Ctx() context: GraphQLContext): Fields<ConnectorDefinitionType> | null {
    const definition = context.house.definitions.get(root.connectorType);
    return definition ? presentDefinition(definition) : null;
  }

  @FieldResolver(() => GraphQLJSONObject, { description: 'The fields of its form without the secret ones.' })
  config(@Root() root: Target, @Ctx() context: GraphQLContext): Readonly<Record<string, unknown>> {
    return publicConfig(root, context.house.definitions.get(root.connectorType));
  }

  @FieldResolver(() => [String], { description: 'Names of the secret fields of its form that are set. Their values are never told.' })
  secretsSet(@Root() root: Target, @Ctx() context: GraphQLContext): Promise<readonly string[]> {
    return context.loaders.secretNames('target', root.id);
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'Accounts that are never adopted, changed or ended, by id or matching attribute; null: your role may not see values of people.',
  })
  protectedAccounts(@Root() root: Target, @Ctx() context: GraphQLContext): readonly string[] | null {
    return reaches(context.caller.role, 'operator') ? root.protectedAccounts : null;
  }

  @FieldResolver(() => ConnectorConditionType, { description: 'Whether it works, as far as the engine knows.' })
  async condition(@Root() root: Target, @Ctx() context: GraphQLContext): Promise<Fields<ConnectorConditionType>> {
    const [conditions, provider] = await Promise.all([
      context.loaders.many('targetCondition', 'targetId', root.id),
      context.loaders.one('identityProvider', root.identityProviderId),
    ]);
    return presentCondition(root, provider, conditions[0] ?? null, context.house.clock.now());
  }

  @FieldResolver(() => LastConnectorCheckType, {
    nullable: true,
    description:
      'Whether it works as it was saved last, tried in the background within seconds. null: not tried yet, or its kind is not tried by itself.',
  })
  async lastCheck(@Root() root: Target, @Ctx() context: GraphQLContext): Promise<Fields<LastConnectorCheckType> | null> {
    const [check] = await context.loaders.many('connectorCheck', 'targetId', root.id);
    return check ? presentLastCheck(check) : null;
  }

  @Authorized('administrator')
  @Mutation(() => EnableProvisioningConnectorResult, {
    description:
      'Enables a connector on an identity provider: a new target. Several of one kind are allowed. It makes no call: check it first. It is tried in the background: see `lastCheck`.',
  })
  async enableProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => EnableProvisioningConnectorInput, { description: 'The new one.' }) input: EnableProvisioningConnectorInput,
  ): Promise<typeof EnableProvisioningConnectorResult> {
    return presentOutcome(await enableProvisioningConnector(context.house, context.caller, input), (target) => target);
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureProvisioningConnectorResult, {
    description: 'Changes the settings of a connector. Ends its suspension, pause or open circuit: what waited is tried again.',
  })
  async configureProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureProvisioningConnectorInput, { description: 'What to change.' }) input: ConfigureProvisioningConnectorInput,
  ): Promise<typeof ConfigureProvisioningConnectorResult> {
    return presentOutcome(await configureProvisioningConnector(context.house, context.caller, input), (target) => target);
  }

  @Authorized('administrator')
  @Mutation(() => DisableProvisioningConnectorResult, {
    description: 'Takes a connector out of work: its operations wait, nothing is removed.',
  })
  async disableProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ProvisioningConnectorIdInput, { description: 'Which one.' }) input: ProvisioningConnectorIdInput,
  ): Promise<typeof DisableProvisioningConnectorResult> {
    return presentOutcome(await disableProvisioningConnector(context.house, context.caller, input.id), (target) => target);
  }

  @Authorized('administrator')
  @Mutation(() => ReenableProvisioningConnectorResult, { description: 'Puts a disabled connector to work again: its operations go on.' })
  async reenableProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ProvisioningConnectorIdInput, { description: 'Which one.' }) input: ProvisioningConnectorIdInput,
  ): Promise<typeof ReenableProvisioningConnectorResult> {
    return presentOutcome(await reenableProvisioningConnector(context.house, context.caller, input.id), (target) => target);
  }

  @Authorized('operator')
  @Mutation(() => ResumeProvisioningConnectorResult, {
    description:
      'Says that a target was mended at its own end: its suspension, pause or open circuit ends, and what waited is tried again.',
  })
  async resumeProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ProvisioningConnectorIdInput, { description: 'Which one.' }) input: ProvisioningConnectorIdInput,
  ): Promise<typeof ResumeProvisioningConnectorResult> {
    return presentOutcome(await resumeProvisioningConnector(context.house, context.caller, input.id), (target) => target);
  }

  @Authorized('administrator')
  @Mutation(() => RemoveProvisioningConnectorResult, {
    description:
      'Removes a connector that no outbound row names. Its accounts are not touched unless they are to be deprovisioned with it.',
  })
  async removeProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RemoveProvisioningConnectorInput, { description: 'Which one.' }) input: RemoveProvisioningConnectorInput,
  ): Promise<typeof RemoveProvisioningConnectorResult> {
    return presentOutcome(await removeProvisioningConnector(context.house, context.caller, input), presentRemoved);
  }

  @Authorized('administrator')
  @Mutation(() => CheckProvisioningConnectorResult, {
    description: 'Tries a connector without saving it: address, credentials, privileges. It takes at most ten seconds and changes nothing.',
  })
  async checkProvisioningConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CheckProvisioningConnectorInput, { description: 'What to try.' }) input: CheckProvisioningConnectorInput,
  ): Promise<typeof CheckProvisioningConnectorResult> {
    const { id = null, connectorType = null, config } = input;
    const outcome = await checkProvisioningConnector(context.house, context.caller, { id, connectorType, config });
    return presentOutcome(outcome, (problems) => ({ works: problems.length === 0, problems }));
  }
}
