/** Policies with their versions, what is in them, and how they decide together, as GraphQL tells it. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PolicyForm } from '../../domain/policy-form.ts';
import type { Policy, PolicyCombining, PolicyVersion } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { Removed, resultUnion, type Fields } from '../results.ts';
import { PolicyFaultType } from './fault-type.ts';
import { PolicyFormType } from './form-types.ts';

export const PolicyCombiningEnum = enumOf<PolicyCombining>('PolicyCombining', 'How several policies in force decide together.', {
  'deny-overrides': 'One that denies is enough to deny.',
  'permit-overrides': 'One that permits is enough to permit.',
  'first-applicable': 'The first that says anything decides.',
  'only-one-applicable': 'The only one that applies decides; more than one is a fault.',
  'deny-unless-permit': 'Denied, unless one permits.',
  'permit-unless-deny': 'Permitted, unless one denies.',
});

@ObjectType('PolicyRuleSummary', { description: 'A rule of a policy, in short.' })
export class PolicyRuleSummaryType {
  @Field(() => String, { description: 'Its RuleId.' }) id!: string;
  @Field(() => String, { description: 'Permit or Deny.' }) effect!: string;
  @Field(() => String, { nullable: true, description: 'What its author says of it; null: nothing.' }) description!: string | null;
  @Field(() => [String], { description: 'What it is about: all of these have to hold. Empty: everything.' }) target!: readonly string[];
  @Field(() => String, { nullable: true, description: 'Its condition, in short; null: it has none.' }) condition!: string | null;
}

@ObjectType('PolicySummary', { description: 'What is in a policy, in short.' })
export class PolicySummaryType {
  @Field(() => String, { description: 'Its PolicyId or PolicySetId.' }) policyId!: string;
  @Field(() => String, { description: 'The version that its text gives it, which has nothing to do with ours.' }) policyVersion!: string;
  @Field(() => String, { nullable: true, description: 'What its author says of it; null: nothing.' }) description!: string | null;
  @Field(() => String, { description: 'The algorithm that combines its rules or policies, by its XACML identifier.' }) combining!: string;
  @Field(() => [String], { description: 'What it is about: all of these have to hold. Empty: everything.' }) target!: readonly string[];
  @Field(() => [PolicyRuleSummaryType], { description: 'Its rules, in their order; none: it is a set of policies.' })
  rules!: readonly Fields<PolicyRuleSummaryType>[];
  @Field(() => [PolicySummaryType], { description: 'Policies within it.' }) policies!: readonly Fields<PolicySummaryType>[];
  @Field(() => [String], { description: 'Policies that it refers to, by their PolicyId or PolicySetId.' }) references!: readonly string[];
}

@ObjectType('PolicyVersion', { description: 'What was published of a policy. It never changes.' })
export class PolicyVersionType implements Omit<PolicyVersion, 'id' | 'tenantId' | 'policyId' | 'digest'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => Int, { description: 'From 1, within the policy.' }) number!: number;
  @Field(() => String, { description: 'The policy in XACML 3.0.' }) xml!: string;
  @Field(() => PolicyFormType, { nullable: true, description: 'The form that makes this policy; null: none does.' })
  form!: PolicyForm | null;
  @Field(() => String, { description: 'Kind and id of who published it.' }) publishedBy!: string;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was published.' }) createdAt!: Date;
}
export const PolicyVersionConnection = connectionOf('PolicyVersion', 'versions', () => PolicyVersionType);

@ObjectType('Policy', {
  description: 'Rules in XACML 3.0 about who is provisioned. It decides where it is published and active; its draft decides nothing.',
})
export class PolicyType implements Omit<Policy, 'id' | 'tenantId' | 'publishedVersionId' | 'draftDigest'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'What it is called; unique in the tenant.' }) name!: string;
  @Field(() => String, { description: 'What it is for.' }) description!: string;
  @Field(() => Int, { description: 'Its place among the policies: they are asked in this order, smaller ones first.' }) position!: number;
  @Field(() => Boolean, { description: 'Whether what is published of it is in force.' }) active!: boolean;
  @Field(() => Boolean, { description: 'It is not asked by itself: only policies that refer to it do.' }) referencedOnly!: boolean;
  @Field(() => String, { nullable: true, description: 'The draft in XACML 3.0; null: there is none.' }) draft!: string | null;
  @Field(() => PolicyFormType, { nullable: true, description: 'The form that makes this draft; null: none does, or there is none.' })
  draftForm!: PolicyForm | null;
  @Field(() => String, { nullable: true, description: 'Kind and id of who last changed the draft; null: there is none.' })
  draftedBy!: string | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When that was; null: there is none.' }) draftedAt!: Date | null;
  @Field(() => Int, { description: 'Send it with a change; it is refused when somebody saved in between.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' }) createdAt!: Date;
}
export const PolicyConnection = connectionOf('Policy', 'policies', () => PolicyType);

@ObjectType('Rules', { description: 'How the policies of this tenant decide together.' })
export class RulesType {
  @Field(() => Int, {
    description:
      'Raised by every change of what is in force. Send it with configureRules; it is refused when something changed in between.',
  })
  revision!: number;
  @Field(() => PolicyCombiningEnum, { description: 'How the policies that are in force decide together.' }) combining!: PolicyCombining;
  @Field(() => String, { description: 'The time zone in which policies see date, time and weekday, by its IANA name.' }) timeZone!: string;
}

@ObjectType({ description: 'A text, read as a policy. Nothing was saved.' })
export class ValidatedPolicy {
  @Field(() => [PolicyFaultType], {
    description:
      'What is wrong with it, at most 20; empty: it is a policy. Whether policies it refers to exist is seen when it is published.',
  })
  faults!: readonly Fields<PolicyFaultType>[];
  @Field(() => [String], { description: 'What to know before it is used.' }) warnings!: readonly string[];
  @Field(() => PolicySummaryType, { nullable: true, description: 'What is in it; null: it has faults.' })
  summary!: Fields<PolicySummaryType> | null;
  @Field(() => PolicyFormType, { nullable: true, description: 'The form that makes this policy; null: none does.' })
  form!: PolicyForm | null;
}

@ObjectType({ description: 'The policy that a form makes. Nothing was saved.' })
export class PreviewedPolicy {
  @Field(() => String, { description: 'The policy in XACML 3.0; saved, it gets a PolicyId of its own.' }) xml!: string;
  @Field(() => PolicySummaryType, { nullable: true, description: 'What is in it.' }) summary!: Fields<PolicySummaryType> | null;
  @Field(() => [String], { description: 'What to know before it is used.' }) warnings!: readonly string[];
}

const asItIsNow = 'The policy as it is now, or why nothing was changed.';
export const PreviewPolicyResult = resultUnion('PreviewPolicyResult', 'The policy, or what is wrong with the form.', PreviewedPolicy);
export const CreatePolicyResult = resultUnion('CreatePolicyResult', 'The new policy, or why there is none.', PolicyType);
export const ChangePolicyResult = resultUnion('ChangePolicyResult', asItIsNow, PolicyType);
export const PublishPolicyResult = resultUnion('PublishPolicyResult', asItIsNow, PolicyType);
export const ActivatePolicyResult = resultUnion('ActivatePolicyResult', asItIsNow, PolicyType);
export const DeactivatePolicyResult = resultUnion('DeactivatePolicyResult', asItIsNow, PolicyType);
export const RestorePolicyVersionResult = resultUnion('RestorePolicyVersionResult', asItIsNow, PolicyType);
export const RemovePolicyResult = resultUnion('RemovePolicyResult', 'That it is gone, or why it is not.', Removed);
export const ConfigureRulesResult = resultUnion('ConfigureRulesResult', 'The rules as they are now, or why they stay.', RulesType);
