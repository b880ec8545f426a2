/** Operations and their attempts, as GraphQL tells them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FailureKind } from '../../domain/failure.ts';
import type { Attempt, AttemptAction, Operation, OperationKind, OperationState, Trigger } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { resultUnion } from '../results.ts';
import { AttemptActionEnum, FailureKindEnum, OperationKindEnum, OperationStateEnum, TriggerEnum } from './enums.ts';

type Told = Pick<Operation, 'kind' | 'state' | 'trigger' | 'dueAt' | 'failureKind' | 'failureMessage' | 'createdAt' | 'settledAt'>;

@ObjectType('Operation', { description: 'One intention for one user at one target. At most one unfinished one exists for both.' })
export class OperationType implements Told {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ID, { description: 'The user.' }) userId!: string;
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => ID, { nullable: true, description: "The service provider that caused it; null: none, or the tenant's defaults." })
  serviceProviderId!: string | null;
  @Field(() => OperationKindEnum, { description: 'What it is to bring about.' }) kind!: OperationKind;
  @Field(() => OperationStateEnum, { description: 'Where it stands.' }) state!: OperationState;
  @Field(() => TriggerEnum, { description: 'What made us look.' }) trigger!: Trigger;
  @Field(() => GraphQLDateTimeISO, { description: 'When it is due, or was.' }) dueAt!: Date;
  @Field(() => FailureKindEnum, { nullable: true, description: 'How the last attempt failed; null: it did not.' })
  failureKind!: FailureKind | null;
  @Field(() => String, { nullable: true, description: 'The account attribute the target named.' }) failureAttribute!: string | null;
  @Field(() => String, { nullable: true, description: 'What the failure was, in words without values.' }) failureMessage!: string | null;
  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Since when it has waited for somebody to confirm it; null: it does not.',
  })
  heldAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was written.' }) createdAt!: Date;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ended; null: it has not.' }) settledAt!: Date | null;
}

@ObjectType('Attempt', { description: 'One try at an operation.' })
export class AttemptType implements Omit<Attempt, 'tenantId' | 'operationId'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => Int, { description: 'Counted from 1 within the operation.' }) number!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it began.' }) startedAt!: Date;
  @Field(() => GraphQLDateTimeISO, { description: 'When it ended.' }) endedAt!: Date;
  @Field(() => AttemptActionEnum, { nullable: true, description: 'What it did; null: it failed.' }) action!: AttemptAction | null;
  @Field(() => FailureKindEnum, { nullable: true, description: 'How it failed; null: it did not.' }) failureKind!: FailureKind | null;
  @Field(() => String, { nullable: true, description: 'What the failure was, in words without values.' }) failureMessage!: string | null;
}

@ObjectType({ description: 'Failed operations were looked at again.' })
export class RetriedOperations {
  @Field(() => Int, { description: 'Failed operations that were looked at.' }) looked!: number;
  @Field(() => Int, { description: 'Operations that run again; the others have become right meanwhile, or nothing is left to do.' })
  retried!: number;
  @Field(() => Boolean, { description: 'More match the filter: go on with `after`.' }) hasMore!: boolean;
  @Field(() => String, { nullable: true, description: 'Where this call ended: `after` of the next one.' }) endCursor!: string | null;
}

export const AttemptConnection = connectionOf('Attempt', 'attempts', () => AttemptType);
export const OperationConnection = connectionOf('Operation', 'operations', () => OperationType);
export const RetryOperationsResult = resultUnion('RetryOperationsResult', 'What was retried, or why nothing was.', RetriedOperations);
