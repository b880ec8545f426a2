/** What the rules said, and how that came about, as GraphQL tells it. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { RuleAnswer } from '../../domain/rule-details.ts';
import type { Trigger } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { TriggerEnum } from '../operations/enums.ts';
import type { Fields } from '../results.ts';

export const RuleAnswerEnum = enumOf<RuleAnswer>('RuleAnswer', 'What the policies in force say.', {
  permit: 'They permit it.',
  deny: 'They deny it.',
  'not-applicable': 'None of them says anything about it: what the row is set to do then decides.',
  indeterminate: 'They came to no decision because of a fault: nobody is provisioned, and no account is ended.',
  'no-published-policy': 'No policy is published and active: nobody is provisioned.',
});

@ObjectType('DecidingPolicy', { description: 'A policy of ours, in one of its versions.' })
export class DecidingPolicyType {
  @Field(() => ID, { description: 'The policy.' }) id!: string;
  @Field(() => String, { description: 'Its name then.' }) name!: string;
  @Field(() => Int, { nullable: true, description: 'Which of its published versions; null: a draft that was tried.' }) version!:
    number | null;
}

@ObjectType('ConditionPart', { description: 'A condition, or a part of one.' })
export class ConditionPartType {
  @Field(() => String, { description: 'What it is, in short.' }) expression!: string;
  @Field(() => String, { description: '`true`, `false`, or why it has no value.' }) value!: string;
  @Field(() => Int, { description: 'How deep it is within the condition; 0: the whole.' }) depth!: number;
}

@ObjectType('RuleTrace', { description: 'A rule that was looked at.' })
export class RuleTraceType {
  @Field(() => String, { description: 'Its RuleId.' }) ruleId!: string;
  @Field(() => String, { description: 'Permit or Deny.' }) effect!: string;
  @Field(() => String, { description: 'Whether its target matched.' }) target!: string;
  @Field(() => String, { nullable: true, description: 'Its condition: `true`, `false`, or why it has no value; null: none was looked at.' })
  condition!: string | null;
  @Field(() => [ConditionPartType], {
    description: 'The condition with its parts, for roles that may see what it is about: operators and above.',
  })
  parts!: readonly Fields<ConditionPartType>[];
  @Field(() => String, { description: 'What it came to, as XACML says it.' }) decision!: string;
}

@ObjectType('PolicyTrace', { description: 'A policy that was looked at.' })
export class PolicyTraceType {
  @Field(() => DecidingPolicyType, { nullable: true, description: 'Which of ours it is; null: it is within one of ours.' })
  policy!: Fields<DecidingPolicyType> | null;
  @Field(() => String, { description: 'Its PolicyId or PolicySetId.' }) policyId!: string;
  @Field(() => Int, { description: '0: one of ours; more: within the one before it.' }) depth!: number;
  @Field(() => String, { description: 'Whether its target matched.' }) target!: string;
  @Field(() => String, { description: 'What it came to, as XACML says it.' }) decision!: string;
  @Field(() => [RuleTraceType], { description: 'Its rules that were looked at.' }) rules!: readonly Fields<RuleTraceType>[];
}

@ObjectType('UsedAttribute', { description: 'An attribute that the policies asked for.' })
export class UsedAttributeType {
  @Field(() => String, { description: 'Its category.' }) category!: string;
  @Field(() => String, { description: 'Its AttributeId.' }) attributeId!: string;
  @Field(() => String, { description: 'Its data type.' }) dataType!: string;
  @Field(() => Int, { description: 'How many values there were.' }) count!: number;
  @Field(() => [String], { nullable: true, description: 'The values; null: your role may not see them.' }) values!:
    readonly string[] | null;
}

@ObjectType('AdviceAssignment', { description: 'One value that comes with an obligation or advice.' })
export class AdviceAssignmentType {
  @Field(() => String, { description: 'Its AttributeId.' }) attributeId!: string;
  @Field(() => String, { nullable: true, description: 'The value; null: your role may not see it.' }) value!: string | null;
}

@ObjectType('PolicyAdvice', { description: 'An obligation or advice that came with a decision. Usher keeps it; it acts on none.' })
export class PolicyAdviceType {
  @Field(() => String, { description: 'Its ObligationId or AdviceId.' }) id!: string;
  @Field(() => [AdviceAssignmentType], { description: 'What it says.' }) assignments!: readonly Fields<AdviceAssignmentType>[];
}

@ObjectType('RuleDetails', { description: 'How an answer of the rules came about.' })
export class RuleDetailsType {
  @Field(() => DecidingPolicyType, { nullable: true, description: 'The policy that decided; null: none did.' })
  policy!: Fields<DecidingPolicyType> | null;
  @Field(() => String, { nullable: true, description: 'The RuleId of the rule that decided; null: none did.' }) ruleId!: string | null;
  @Field(() => String, { nullable: true, description: 'Why there is no clear answer; null: there is one.' }) problem!: string | null;
  @Field(() => [PolicyTraceType], { description: 'Every policy that was looked at; at most 50.' })
  policies!: readonly Fields<PolicyTraceType>[];
  @Field(() => [UsedAttributeType], { description: 'Every attribute that was asked for; at most 100.' })
  attributes!: readonly Fields<UsedAttributeType>[];
  @Field(() => [PolicyAdviceType], { description: 'Obligations.' }) obligations!: readonly Fields<PolicyAdviceType>[];
  @Field(() => [PolicyAdviceType], { description: 'Advice.' }) advice!: readonly Fields<PolicyAdviceType>[];
}

@ObjectType('RuleDecision', {
  description: 'What the rules said about one user at one target, where an operation, or none although a row asked for one, came of it.',
})
export class RuleDecisionType {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => TriggerEnum, { description: 'What made Usher ask.' }) trigger!: Trigger;
  @Field(() => RuleAnswerEnum, { description: 'What the policies said.' }) answer!: RuleAnswer;
  @Field(() => Boolean, { description: 'Whether the row let it pass: a permit, or nothing said where the row permits then.' })
  permitted!: boolean;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was asked.' }) createdAt!: Date;
}

export const RuleDecisionConnection = connectionOf('RuleDecision', 'decisions', () => RuleDecisionType);
