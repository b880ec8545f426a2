/** Looking again at everybody whom a changed setting concerns, as GraphQL tells it. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Reevaluation, ReevaluationCause, ReevaluationState } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';

const ReevaluationCauseEnum = enumOf<ReevaluationCause>('ReevaluationCause', 'What was changed.', {
  'outbound-roles': 'The outbound provisioning roles of an identity provider.',
  'role-mappings': 'The role mappings of an identity provider.',
  'attribute-mappings': 'The attribute mappings of an identity provider.',
  'identity-provider-renamed': 'The name of an identity provider that accounts are made from.',
  'group-renamed': 'The name of a group that accounts are made from.',
  'group-removed': 'A group that an identity provider decides by was removed.',
  mapping: 'The mapping of a provisioning connector.',
  rules: 'What the policies in force say, or how outbound rows ask them.',
});
export const ReevaluationStateEnum = enumOf<ReevaluationState>('ReevaluationState', 'How far a re-evaluation has come.', {
  waiting: 'It has not begun.',
  running: 'It is under way.',
  done: 'Everybody was looked at; the operations it called for may still run.',
});

@ObjectType('Reevaluation', {
  description: 'Everybody assigned to some provisioning connectors is planned again in the background, because a setting changed.',
})
export class ReevaluationType implements Omit<Reevaluation, 'tenantId' | 'targetIds' | 'cursor' | 'version'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => ReevaluationCauseEnum, { description: 'What was changed.' }) cause!: ReevaluationCause;
  @Field(() => ReevaluationStateEnum, { description: 'How far it has come.' }) state!: ReevaluationState;
  @Field(() => Int, { description: 'Assignments to look at, counted when it was asked for.' }) total!: number;
  @Field(() => Int, { description: 'Assignments looked at so far.' }) done!: number;
  @Field(() => Int, { description: 'Operations it called for so far.' }) requested!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When the setting changed.' }) createdAt!: Date;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the last person was looked at.' }) finishedAt!: Date | null;
}

export const ReevaluationConnection = connectionOf('Reevaluation', 'Re-evaluations', () => ReevaluationType);
