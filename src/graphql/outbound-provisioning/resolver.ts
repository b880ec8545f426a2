/** The outbound provisioning configuration: of service providers, and the default of the tenant. */
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  configureOutboundProvisioning,
  type ConfigureOutboundProvisioningInput as Wanted,
} from '../../commands/configure-outbound-provisioning.ts';
import { rowLimit } from '../../domain/outbound-settings.ts';
import type { IdentityProvider, ServiceProvider, Target } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { IdentityProviderType } from '../identity-providers/types.ts';
import { UpTo } from '../limits.ts';
import { present } from '../results.ts';
import { ServiceProviderType } from '../service-providers/types.ts';
import { ConfigureOutboundProvisioningInput } from './inputs.ts';
import {
  identityProviderOf,
  ofServiceProvider,
  ofTenant,
  targetOf,
  warningsOfRow,
  type PresentedOutboundProvisioning,
  type PresentedRow,
} from './present.ts';
import { ConfigureOutboundProvisioningResult, OutboundProvisioningType, OutboundRowType } from './types.ts';

@Resolver(() => OutboundProvisioningType)
export class OutboundProvisioningResolver {
  @Authorized('viewer')
  @Query(() => OutboundProvisioningType, {
    description: 'The default of the tenant: service providers inherit it until they have rows of their own.',
  })
  defaultOutboundProvisioning(@Ctx() context: GraphQLContext): Promise<PresentedOutboundProvisioning> {
    return ofTenant(context);
  }

  @FieldResolver(() => ServiceProviderType, { nullable: true, description: 'Whose it is; null: the default of the tenant.' })
  serviceProvider(@Root() root: PresentedOutboundProvisioning): ServiceProvider | null {
    return root.serviceProvider;
  }

  @UpTo(rowLimit)
  @FieldResolver(() => [OutboundRowType], {
    description: `The rows in force, own or inherited, at most ${rowLimit}; none: nobody is provisioned.`,
  })
  rows(@Root() root: PresentedOutboundProvisioning): readonly PresentedRow[] {
    return root.rows;
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureOutboundProvisioningResult, {
    description:
      'Saves the whole outbound provisioning configuration of a service provider, or the default of the tenant. Accounts of rows that go are not touched unless they are to be deprovisioned. No call is made to any target.',
  })
  async configureOutboundProvisioning(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureOutboundProvisioningInput, { description: 'The whole of it.' }) input: ConfigureOutboundProvisioningInput,
  ): Promise<typeof ConfigureOutboundProvisioningResult> {
    const outcome = await configureOutboundProvisioning(context.house, context.caller, wanted(input));
    if (outcome.kind !== 'done') return present(outcome);
    const { serviceProvider, accounts } = outcome.value;
    const outboundProvisioning = await (serviceProvider ? ofServiceProvider(context, serviceProvider) : ofTenant(context));
    return { outboundProvisioning, accounts };
  }
}

@Resolver(() => OutboundRowType)
export class OutboundRowResolver {
  @FieldResolver(() => IdentityProviderType, { description: 'The identity provider that people are provisioned to.' })
  identityProvider(@Root() root: PresentedRow, @Ctx() context: GraphQLContext): Promise<IdentityProvider> {
    return identityProviderOf(context, root);
  }

  @FieldResolver(() => ProvisioningConnectorType, { description: 'The connector that they are provisioned through.' })
  connector(@Root() root: PresentedRow, @Ctx() context: GraphQLContext): Promise<Target> {
    return targetOf(context, root);
  }

  @FieldResolver(() => [String], {
    description: 'Why this row does not do what it says at present: which switch is off, and where. Empty: it does.',
  })
  warnings(@Root() root: PresentedRow, @Ctx() context: GraphQLContext): Promise<readonly string[]> {
    return warningsOfRow(context, root);
  }
}

function wanted(input: ConfigureOutboundProvisioningInput): Wanted {
  const rows = (input.rows ?? []).map(({ connectorId, ...row }) => ({ ...row, targetId: connectorId ?? null }));
  return {
    serviceProviderId: input.serviceProviderId ?? null,
    version: input.version,
    table: input.inherit ? { kind: 'inherit' } : { kind: 'own', rows },
    accountsOfRemovedRows: input.accountsOfRemovedRows,
    confirmedAccounts: input.confirmedAccounts ?? null,
  };
}
