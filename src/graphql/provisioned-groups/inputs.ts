/** What the mutations and the list of provisioned groups take. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { provisionedGroupsAtMost } from '../../commands/configure-group-provisioning.ts';
import type { GroupId, GroupRemoval, ProvisionedGroupId, ProvisionedGroupState, TargetId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { GroupRemovalEnum, ProvisionedGroupStateEnum } from './types.ts';

@InputType({ description: 'A group that shall exist at a provisioning connector.' })
export class ChosenGroupInput {
  @Field(() => ID, { description: 'The group.' }) groupId!: GroupId;
  @Field(() => GroupRemovalEnum, {
    defaultValue: 'leave',
    description: 'What becomes of it at the target when ours is removed or no longer provisioned there.',
  })
  whenRemoved!: GroupRemoval;
}

@InputType({ description: 'Which groups shall exist at a provisioning connector, with their members.' })
export class ConfigureGroupProvisioningInput {
  static readonly schema = z.object({
    targetId: id,
    groups: z.array(z.object({ groupId: id })).max(provisionedGroupsAtMost, `At most ${provisionedGroupsAtMost} groups.`),
  });
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: TargetId;
  @Field(() => Int, { description: 'The version of the connector that you read.' }) version!: number;
  @Field(() => [ChosenGroupInput], { description: 'All of them; at most 1000. Those that are not named are no longer provisioned there.' })
  groups!: readonly ChosenGroupInput[];
}

@InputType({ description: 'Which provisioned groups to look at again: one, or those that were given up.' })
export class RetryProvisionedGroupsInput {
  static readonly schema = z.object({ id: id.nullish(), targetId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'This one in whatever state: its name and all members are sent again.' })
  id?: ProvisionedGroupId | null;
  @Field(() => ID, { nullable: true, description: 'Those that were given up at this provisioning connector; neither: everywhere.' })
  targetId?: TargetId | null;
}

@InputType({ description: 'Which provisioned groups to list; what is absent does not matter.' })
export class ProvisionedGroupFilter {
  static readonly schema = z.object({ targetId: id.nullish(), groupId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => ID, { nullable: true, description: 'Only this group of ours.' }) groupId?: GroupId | null;
  @Field(() => [ProvisionedGroupStateEnum], { nullable: true, description: 'Only in one of these states.' })
  states?: readonly ProvisionedGroupState[] | null;
}
