/** What the group mutations and lists take. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { membersAtOnce } from '../../commands/add-members.ts';
import type { GroupId, UserId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';

@InputType({ description: 'A new group.' })
export class CreateGroupInput {
  @Field(() => String, { description: 'Its name; 1 to 255 characters, unique in the tenant.' }) name!: string;
}

@InputType({ description: 'A new name for a group.' })
export class ChangeGroupInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The group.' }) id!: GroupId;
  @Field(() => Int, { description: 'The version you read.' }) version!: number;
  @Field(() => String, { description: 'The new name.' }) name!: string;
}

@InputType({ description: 'Which group to remove.' })
export class RemoveGroupInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The group.' }) id!: GroupId;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Although outbound provisioning roles or role mappings of identity providers name it: people whom only this group let through lose their accounts there, and role mappings to it are forgotten. Absent or null: no.',
  })
  evenIfUsed?: boolean | null;
}

@InputType({ description: 'Users to put into a group, or to take out of it.' })
export class MembersInput {
  static readonly schema = z.object({ groupId: id, userIds: z.array(id).max(membersAtOnce, `At most ${membersAtOnce} users at once.`) });
  @Field(() => ID, { description: 'The group.' }) groupId!: GroupId;
  @Field(() => [ID], { description: 'The users; at most 500 at once.' }) userIds!: readonly UserId[];
}

@InputType({ description: 'Which groups to list; what is absent does not matter.' })
export class GroupFilter {
  static readonly schema = z.object({ nameContains: z.string().max(255).nullish() });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
}
