/** Policies: reading, drafting, publishing, ordering and removing them. */
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { activatePolicy, deactivatePolicy } from '../../commands/activate-policy.ts';
import { changePolicy } from '../../commands/change-policy.ts';
import { configureRules } from '../../commands/configure-rules.ts';
import { createPolicy } from '../../commands/create-policy.ts';
import { examinePolicy, type ExaminedPolicy } from '../../commands/examine-policy.ts';
import { formWarnings } from '../../commands/form-references.ts';
import { publishPolicy } from '../../commands/publish-policy.ts';
import { removePolicy } from '../../commands/remove-policy.ts';
import { restorePolicyVersion } from '../../commands/restore-policy-version.ts';
import { digestOf, digestAsKept } from '../../commands/policy-digest.ts';
import { previewPolicy } from '../../commands/preview-policy.ts';
import type { PolicyInWords } from '../../domain/policy-digest.ts';
import type { Policy, PolicyVersion } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, readPageOf, type Connection } from '../connections.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { presentOutcome, type Fields } from '../results.ts';
import { PolicyTemplateFormType } from './form-types.ts';
import {
  ChangePolicyInput,
  ConfigureRulesInput,
  CreatePolicyInput,
  PolicyFilter,
  PolicyFormInput,
  PublishPolicyInput,
  RestorePolicyVersionInput,
  SeenPolicyInput,
} from './inputs.ts';
import { contentOf, formOf, presentRules } from './present.ts';
import { templateForms } from './templates.ts';
import {
  ActivatePolicyResult,
  ChangePolicyResult,
  ConfigureRulesResult,
  CreatePolicyResult,
  DeactivatePolicyResult,
  PolicyConnection,
  PolicySummaryType,
  PolicyType,
  PolicyVersionConnection,
  PolicyVersionType,
  PreviewPolicyResult,
  PublishPolicyResult,
  RemovePolicyResult,
  RestorePolicyVersionResult,
  RulesType,
  ValidatedPolicy,
} from './types.ts';

@Resolver()
export class PolicyResolver {
  @Authorized('viewer')
  @Query(() => PolicyConnection, {
    description: 'Policies of this tenant, oldest first. `position` tells the order in which they are asked.',
  })
  policies(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PolicyFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<PolicyFilter> | null,
  ): Promise<Connection<Policy>> {
    const { nameContains, ...equal }: Partial<Fields<PolicyFilter>> = filter ?? {};
    const where = { ...given(equal), ...(nameContains ? { name: { contains: nameContains } } : {}) };
    return readPage(context.reads, 'policy', { where, page });
  }

  @Authorized('viewer')
  @Query(() => PolicyType, { nullable: true, description: 'One policy; null: there is none.' })
  policy(@Ctx() context: GraphQLContext, @Arg('id', () => ID, { description: 'Its id.' }) id: string): Promise<Policy | null> {
    return context.loaders.one('policy', id);
  }

  @Authorized('viewer')
  @Query(() => RulesType, { description: 'How the policies of this tenant decide together.' })
  async rules(@Ctx() context: GraphQLContext): Promise<Fields<RulesType>> {
    return presentRules(await context.reads.tenant());
  }

  @Authorized('viewer')
  @Query(() => ValidatedPolicy, { description: 'Reads a text as a policy: what is wrong with it and where, or what is in it.' })
  async validatePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('xml', () => String, { description: 'The text.' }) xml: string,
  ): Promise<ExaminedPolicy> {
    const examined = examinePolicy(xml);
    return { ...examined, warnings: [...examined.warnings, ...(await formWarnings(context.loaders, examined.form))] };
  }

  @Authorized('viewer')
  @Query(() => [PolicyTemplateFormType], { description: 'The forms that policies can be made of.' })
  policyTemplates(): readonly Fields<PolicyTemplateFormType>[] {
    return templateForms();
  }

  @Authorized('viewer')
  @Query(() => PreviewPolicyResult, { description: 'The policy that a form makes.' })
  async previewPolicy(
    @Ctx() context: GraphQLContext,
    @Arg('form', () => PolicyFormInput, { description: 'The form, filled in.' }) input: PolicyFormInput,
  ): Promise<typeof PreviewPolicyResult> {
    const form = formOf(input);
    const warnings = await formWarnings(context.loaders, form);
    return presentOutcome(await previewPolicy(context.reads, form), (xml) => {
      const digest = digestOf(xml);
      return { xml, ...digest, warnings: [...digest.warnings, ...warnings] };
    });
  }

  @Authorized('administrator')
  @Mutation(() => CreatePolicyResult, {
    description: 'Makes a policy with its first draft. It decides nothing until it is published and active.',
  })
  async createPolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreatePolicyInput, { description: 'The new one.' }) input: CreatePolicyInput,
  ): Promise<typeof CreatePolicyResult> {
    return presentOutcome(await createPolicy(context.house, context.caller, contentOf(input)), (policy) => policy);
  }

  @Authorized('administrator')
  @Mutation(() => ChangePolicyResult, {
    description: 'Changes name, description or draft of a policy. What is published stays in force until the draft is published.',
  })
  async changePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ChangePolicyInput, { description: 'What to change.' }) input: ChangePolicyInput,
  ): Promise<typeof ChangePolicyResult> {
    return presentOutcome(await changePolicy(context.house, context.caller, contentOf(input)), (policy) => policy);
  }

  @Authorized('administrator')
  @Mutation(() => PublishPolicyResult, {
    description:
      'Makes the draft of a policy its next version, and that the published one. Where it is active, everybody whom rules concern is looked at again in the background, see `reevaluations`.',
  })
  async publishPolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => PublishPolicyInput, { description: 'Which one.' }) input: PublishPolicyInput,
  ): Promise<typeof PublishPolicyResult> {
    return presentOutcome(await publishPolicy(context.house, context.caller, input), (policy) => policy);
  }

  @Authorized('administrator')
  @Mutation(() => ActivatePolicyResult, { description: 'Puts what is published of a policy into force.' })
  async activatePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SeenPolicyInput, { description: 'Which one.' }) input: SeenPolicyInput,
  ): Promise<typeof ActivatePolicyResult> {
    return presentOutcome(await activatePolicy(context.house, context.caller, input), (policy) => policy);
  }

  @Authorized('administrator')
  @Mutation(() => DeactivatePolicyResult, {
    description: 'Takes a policy out of force. Refused while one that is in force refers to it.',
  })
  async deactivatePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SeenPolicyInput, { description: 'Which one.' }) input: SeenPolicyInput,
  ): Promise<typeof DeactivatePolicyResult> {
    return presentOutcome(await deactivatePolicy(context.house, context.caller, input), (policy) => policy);
  }

  @Authorized('administrator')
  @Mutation(() => RestorePolicyVersionResult, {
    description: 'Makes an earlier version of a policy its draft. It is not published by that.',
  })
  async restorePolicyVersion(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RestorePolicyVersionInput, { description: 'Which version.' }) input: RestorePolicyVersionInput,
  ): Promise<typeof RestorePolicyVersionResult> {
    return presentOutcome(await restorePolicyVersion(context.house, context.caller, input), (policy) => policy);
  }

  @Authorized('administrator')
  @Mutation(() => RemovePolicyResult, {
    description: 'Removes a policy with all its versions. What it decided stays in the record. Refused while one in force refers to it.',
  })
  async removePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SeenPolicyInput, { description: 'Which one.' }) input: SeenPolicyInput,
  ): Promise<typeof RemovePolicyResult> {
    return presentOutcome(await removePolicy(context.house, context.caller, input), ({ id }) => ({ id }));
  }

  @Authorized('administrator')
  @Mutation(() => ConfigureRulesResult, {
    description:
      'Sets the order of the policies, the algorithm that combines them and the time zone they see. Everybody whom rules concern is looked at again in the background.',
  })
  async configureRules(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfigureRulesInput, { description: 'What to set.' }) input: ConfigureRulesInput,
  ): Promise<typeof ConfigureRulesResult> {
    return presentOutcome(await configureRules(context.house, context.caller, input), presentRules);
  }
}

/** The root of each is the record itself. */
@Resolver(() => PolicyType)
export class PolicyFields {
  @FieldResolver(() => PolicyVersionType, { nullable: true, description: 'Its published version; null: nothing of it is published.' })
  published(@Root() policy: Policy, @Ctx() context: GraphQLContext): Promise<PolicyVersion | null> {
    return context.loaders.one('policyVersion', policy.publishedVersionId);
  }
  @FieldResolver(() => PolicyVersionConnection, { description: 'All that was ever published of it, newest first.' })
  versions(
    @Root() policy: Policy,
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<PolicyVersion>> {
    return readPageOf(context.loaders, 'policyVersion', 'policyId', policy.id, { where: {}, page, newestFirst: true });
  }
  @FieldResolver(() => PolicySummaryType, { nullable: true, description: 'What is in the draft; null: there is none.' })
  draftSummary(@Root() { draft, draftDigest }: Policy): PolicyInWords | null {
    return draft === null ? null : digestAsKept(draft, draftDigest).summary;
  }
  @FieldResolver(() => [String], {
    description: 'What to know before the draft is published; of what is published where there is no draft.',
  })
  async warnings(@Root() policy: Policy, @Ctx() context: GraphQLContext): Promise<readonly string[]> {
    const { draft, draftForm, draftDigest, publishedVersionId } = policy;
    const draftShown = draft === null ? null : { xml: draft, form: draftForm, digest: draftDigest };
    const shown = draftShown ?? (await context.loaders.one('policyVersion', publishedVersionId));
    if (shown === null) return [];
    return [...digestAsKept(shown.xml, shown.digest).warnings, ...(await formWarnings(context.loaders, shown.form))];
  }
}

@Resolver(() => PolicyVersionType)
export class PolicyVersionFields {
  @FieldResolver(() => PolicySummaryType, { nullable: true, description: 'What is in it; null: this release cannot read it.' })
  summary(@Root() { xml, digest }: PolicyVersion): PolicyInWords | null {
    return digestAsKept(xml, digest).summary;
  }
}

@Resolver(() => RulesType)
export class RulesFields {
  @FieldResolver(() => Int, {
    description: 'How many policies are in force. `policies(filter: { active: true })` lists them, their `position` tells the order.',
  })
  policiesInForce(@Ctx() context: GraphQLContext): Promise<number> {
    return context.reads.count('policy', { active: true });
  }
}
