/** Groups of ours at provisioning connectors, as GraphQL tells them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { MemberCounts } from '../../commands/group-ports.ts';
import type { FailureKind } from '../../domain/failure.ts';
import type { GroupRemoval, ProvisionedGroup, ProvisionedGroupState } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import { enumOf } from '../enums.ts';
import { FailureKindEnum } from '../operations/enums.ts';
import { resultUnion } from '../results.ts';

export const GroupRemovalEnum = enumOf<GroupRemoval>(
  'GroupRemoval',
  'What becomes of a group at the target when ours is removed or no longer provisioned there.',
  { leave: 'It stays with its members.', delete: 'It is deleted if Usher made it; one that was adopted stays.' },
);
export const ProvisionedGroupStateEnum = enumOf<ProvisionedGroupState>('ProvisionedGroupState', 'Where a provisioned group stands.', {
  pending: 'Due at its time.',
  running: 'Somebody works at it.',
  right: 'Nothing differs.',
  failed: 'Given up until something changes; an operator may retry it.',
});
const GroupOriginEnum = enumOf<NonNullable<ProvisionedGroup['origin']>>('GroupOrigin', 'How a group at the target became ours.', {
  created: 'Usher made it.',
  adopted: 'It was there by the name of ours.',
});

type Told = Omit<ProvisionedGroup, 'tenantId' | 'begunName' | 'askedAt' | 'failingSince' | 'targetGroupId'>;

@ObjectType('ProvisionedGroup', { description: 'A group of ours that exists at a provisioning connector with its members.' })
export class ProvisionedGroupType implements Told {
  @Field(() => ID, { description: 'Its id.' }) id!: Told['id'];
  @Field(() => ID, { nullable: true, description: 'The group; null: it was removed, and only its end at the target is left to do.' })
  groupId!: Told['groupId'];
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: Told['targetId'];
  @Field(() => String, { nullable: true, description: "The target's own id of it; null: not known yet." })
  targetGroupId!: ProvisionedGroup['targetGroupId'];
  @Field(() => String, { nullable: true, description: 'The name it has at the target, as last told; null: not known yet.' })
  appliedName!: string | null;
  @Field(() => GroupOriginEnum, { nullable: true, description: 'How it became ours; null: it is not there yet.' })
  origin!: Told['origin'];
  @Field(() => GroupRemovalEnum, { description: 'What becomes of it at the target when ours is removed or no longer provisioned there.' })
  whenRemoved!: GroupRemoval;
  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Since when it is to be deleted at the target; null: it is to be there.',
  })
  endingSince!: Date | null;
  @Field(() => ProvisionedGroupStateEnum, { description: 'Where it stands.' }) state!: ProvisionedGroupState;
  @Field(() => GraphQLDateTimeISO, { description: 'When it is due, or was.' }) dueAt!: Date;
  @Field(() => Int, { description: 'Runs in a row that failed.' }) attempts!: number;
  @Field(() => FailureKindEnum, { nullable: true, description: 'How the last run failed; null: it did not.' })
  failureKind!: FailureKind | null;
  @Field(() => String, { nullable: true, description: 'What the failure was, in words without values.' }) failureMessage!: string | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it last became right; null: not yet.' }) rightAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was chosen.' }) createdAt!: Date;
}

@ObjectType('ProvisionedMemberCounts', { description: 'Members of a provisioned group, counted.' })
export class ProvisionedMemberCountsType implements MemberCounts {
  @Field(() => Int, { description: 'Members of our group who have an active account at the target.' }) wanted!: number;
  @Field(() => Int, { description: 'Members of our group who have none there: they join when they have.' }) waiting!: number;
  @Field(() => Int, { description: 'Accounts that Usher has put into the group at the target. Others may be in it by other hands.' })
  placed!: number;
}

@ObjectType({ description: 'Provisioned groups are looked at again.' })
export class RetriedProvisionedGroups {
  @Field(() => Int, { description: 'How many.' }) groups!: number;
}

export const ProvisionedGroupConnection = connectionOf('ProvisionedGroup', 'provisioned groups', () => ProvisionedGroupType);
export const ConfigureGroupProvisioningResult = resultUnion(
  'ConfigureGroupProvisioningResult',
  'The provisioning connector as it is now, or why nothing was changed.',
  ProvisioningConnectorType,
);
export const RetryProvisionedGroupsResult = resultUnion(
  'RetryProvisionedGroupsResult',
  'What is looked at again, or why nothing is.',
  RetriedProvisionedGroups,
);
