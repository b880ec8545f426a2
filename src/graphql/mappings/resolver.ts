/** The mapping of a provisioning connector: read, configured, tried on one user. */
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { reaches } from '../../commands/caller.ts';
import { configureMapping } from '../../commands/configure-mapping.ts';
import { previewAccount } from '../../commands/preview-account.ts';
import type { Target, TargetId, UserId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome, type Fields } from '../results.ts';
import { ConfigureMappingInput, MappingRowInput } from './inputs.ts';
import { presentMapping, presentPreview } from './present.ts';
import { ConfigureMappingResult, MappingType, PreviewAccountResult } from './types.ts';

@Resolver(() => ProvisioningConnectorType)
export class MappingResolver {
  @FieldResolver(() => MappingType, {
    nullable: true,
    description: 'How its accounts are made of users; null: this release knows no such kind of connector.',
  })
  async mapping(@Root() root: Target, @Ctx() context: GraphQLContext): Promise<Fields<MappingType> | null> {
    const definition = context.house.definitions.get(root.connectorType);
    const provider = await context.loaders.one('identityProvider', root.identityProviderId);
    return definition && provider ? presentMapping(definition, root, provider) : null;
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureMappingResult, {
    description:
      'Saves the whole mapping of a provisioning connector, or gives it back to what its kind proposes. No call is made here: everybody who belongs there is looked at again in the background, see `reevaluations`.',
  })
  async configureMapping(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureMappingInput, { description: 'The whole of it.' }) input: ConfigureMappingInput,
  ): Promise<typeof ConfigureMappingResult> {
    const { targetId, version, rows = null } = input;
    return presentOutcome(await configureMapping(context.house, context.caller, { targetId, version, rows }), (target) => target);
  }

  @Authorized('viewer')
  @Query(() => PreviewAccountResult, {
    description:
      "One user's account as a mapping makes it, saved or not, and where every attribute comes from. Values are told to operators.",
  })
  async previewAccount(
    @Ctx() context: GraphQLContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: UserId,
    @Arg('targetId', () => ID, { description: 'The provisioning connector.' }) targetId: TargetId,
    @Arg('rows', () => [MappingRowInput], {
      nullable: true,
      description: 'Rows to try, which are not saved; null or absent: the mapping that holds now.',
    })
    rows?: MappingRowInput[] | null,
  ): Promise<typeof PreviewAccountResult> {
    const outcome = await previewAccount(context.house, context.reads, { userId, targetId, rows: rows ?? null });
    return presentOutcome(outcome, (preview) => presentPreview(preview, reaches(context.caller.role, 'operator')));
  }
}
