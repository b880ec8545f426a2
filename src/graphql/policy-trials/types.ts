/** What a policy would make of people before it is published, as GraphQL tells it. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { TrialEffect, TrialPage } from '../../commands/try-policy-on-everybody.ts';
import type { Trigger } from '../../domain/vocabulary.ts';
import { enumOf } from '../enums.ts';
import { ExplainedTarget, UpToAllTargets } from '../explain/types.ts';
import { TriggerEnum } from '../operations/enums.ts';
import { resultUnion, type Fields } from '../results.ts';
import { UserType } from '../users/types.ts';

export const TrialEffectEnum = enumOf<TrialEffect>('TrialEffect', 'What would become of an account.', {
  create: 'One would be made, or one that exists adopted.',
  update: 'It would be changed, or made active again.',
  end: 'It would end as the connector is set, under its guard.',
});

@ObjectType({ description: 'What would happen for one user if the policy were in force. Nothing was called or written to find out.' })
export class TriedPolicy {
  @Field(() => UserType, { description: 'The user.' }) user!: Fields<UserType>;
  @Field(() => TriggerEnum, { description: 'What it is supposed to begin with.' }) trigger!: Trigger;
  @Field(() => Boolean, { description: 'A login would be held.' }) holdsLogin!: boolean;
  @UpToAllTargets
  @Field(() => [ExplainedTarget], { description: 'Every target that concerns the user, as in `explain`.' })
  targets!: readonly Fields<ExplainedTarget>[];
}

@ObjectType('TrialCounts', { description: 'Assignments of a page, by what would become of them.' })
export class TrialCountsType implements Readonly<TrialPage['counts']> {
  @Field(() => Int, { description: 'Accounts would be made.' }) create!: number;
  @Field(() => Int, { description: 'Accounts would be changed, or made active again.' }) update!: number;
  @Field(() => Int, { description: 'Accounts would end.' }) end!: number;
  @Field(() => Int, { description: 'Nothing would be done.' }) unchanged!: number;
  @Field(() => Int, { description: 'People would be kept from an account, and have no active one now.' }) denied!: number;
}

@ObjectType('TrialChange', { description: 'Somebody whose account would be made, changed or ended.' })
export class TrialChangeType {
  @Field(() => UserType, { description: 'The user.' }) user!: Fields<UserType>;
  @Field(() => TrialEffectEnum, { description: 'What would become of the account.' }) effect!: TrialEffect;
  @Field(() => ExplainedTarget, { description: 'At which target, and why.' }) target!: Fields<ExplainedTarget>;
}

@ObjectType({
  description:
    'A page of everybody whom rules concern, as if the policy were in force. Go on with `after: endCursor` and add the counts up. Nothing was called or written to find out.',
})
export class TriedOnEverybody {
  @Field(() => Int, { description: 'Assignments to look at in all, counted now.' }) total!: number;
  @Field(() => Int, { description: 'Assignments on this page.' }) looked!: number;
  @Field(() => Boolean, { description: 'More follow.' }) hasNextPage!: boolean;
  @Field(() => String, { nullable: true, description: '`after` of the next page; null: there was nobody.' }) endCursor!: string | null;
  @Field(() => TrialCountsType, { description: 'Those on this page, counted.' }) counts!: Fields<TrialCountsType>;
  @Field(() => [TrialChangeType], { description: 'Those on this page for whom something would be done.' })
  changes!: readonly Fields<TrialChangeType>[];
}

export const TryPolicyResult = resultUnion('TryPolicyResult', 'What would happen, or why the policy cannot be tried.', TriedPolicy);
export const TryPolicyOnEverybodyResult = resultUnion(
  'TryPolicyOnEverybodyResult',
  'What would happen, or why the policy cannot be tried.',
  TriedOnEverybody,
);
