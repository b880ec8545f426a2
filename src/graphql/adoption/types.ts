/** Accounts that wait for a decision, as GraphQL tells them. Values of people are in them: for operators and above. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { AdoptionReason, AdoptionState } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { Removed, resultUnion, type Fields } from '../results.ts';
import { LinkType, UserType } from '../users/types.ts';

export const AdoptionStateEnum = enumOf<AdoptionState>('AdoptionState', 'Where an adoption case stands.', {
  waiting: 'Somebody has to decide.',
  linked: "One of the accounts is the user's.",
  refused: 'None of them is.',
  'create-another': 'None of them is: the user gets another one beside them.',
});
export const AdoptionReasonEnum = enumOf<AdoptionReason>('AdoptionReason', 'Why an account that was found is not simply taken.', {
  'set-to-ask': 'The connector is set to ask.',
  ambiguous: 'Several accounts match.',
  'self-registered': 'The user only registered themself: what they said leads to no account that exists already.',
  unverified: "The target found an account whose matching attribute isn't the user's.",
});

@ObjectType({ description: 'One attribute of an account.' })
export class AccountAttributeValue {
  @Field(() => String, { description: 'Its name.' }) name!: string;
  @Field(() => [String], { nullable: true, description: 'Its values as text; null: it has none.' }) values!: readonly string[] | null;
}

@ObjectType('AdoptionCandidate', { description: "An account at the target that may be the user's, as it was found." })
export class AdoptionCandidateType {
  @Field(() => String, { description: "The target's own id of it: what linkAccount takes." }) accountId!: string;
  @Field(() => Boolean, { description: 'Whether it is active.' }) active!: boolean;
  @Field(() => [AccountAttributeValue], { description: 'What the target told of it.' })
  attributes!: readonly Fields<AccountAttributeValue>[];
}

@ObjectType('AdoptionCase', { description: "Accounts that may be a user's wait for somebody to decide." })
export class AdoptionCaseType {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ID, { description: 'The user.' }) userId!: string;
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => AdoptionStateEnum, { description: 'Where it stands.' }) state!: AdoptionState;
  @Field(() => AdoptionReasonEnum, { description: 'Why it was not simply taken.' }) reason!: AdoptionReason;
  @Field(() => String, { nullable: true, description: 'The account that was linked; null: none.' }) accountId!: string | null;
  @Field(() => String, { nullable: true, description: 'Kind and id of who decided; null: nobody has.' }) decidedBy!: string | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When; null: not yet.' }) decidedAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, { description: 'Since when it has waited, or had.' }) createdAt!: Date;
}

export const AdoptionCaseConnection = connectionOf('AdoptionCase', 'adoption cases', () => AdoptionCaseType);
export const LinkAccountResult = resultUnion('LinkAccountResult', 'The user, or why nothing was decided.', UserType);
export const RefuseAccountResult = resultUnion('RefuseAccountResult', 'The user, or why nothing was decided.', UserType);
export const CreateAnotherAccountResult = resultUnion('CreateAnotherAccountResult', 'The user, or why nothing was decided.', UserType);
export const UnlinkAccountResult = resultUnion('UnlinkAccountResult', 'The link that is gone, or why it is not.', Removed);
export const CancelDeletionResult = resultUnion('CancelDeletionResult', 'The link without a date, or why it has one.', LinkType);
export const ConfirmUserResult = resultUnion('ConfirmUserResult', 'The user, or why nothing was confirmed.', UserType);
