/** Groups as GraphQL tells them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Group } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { Removed, resultUnion } from '../results.ts';

@ObjectType('Group', { description: 'A group of users: gates and role mappings of identity providers speak of it.' })
export class GroupType implements Omit<Group, 'tenantId' | 'id'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'Its name, unique in the tenant.' }) name!: string;
  @Field(() => Int, { description: 'Raised when it is renamed; send it with the next change.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' }) createdAt!: Date;
}

@ObjectType('MembersChanged', { description: 'Members of a group changed.' })
export class MembersChangedType {
  @Field(() => GroupType, { description: 'The group.' }) group!: GroupType;
  @Field(() => Int, { description: 'How many users this changed; the others were there, or away, already.' }) changed!: number;
}

export const GroupConnection = connectionOf('Group', 'groups', () => GroupType);
export const CreateGroupResult = resultUnion('CreateGroupResult', 'The new group, or why there is none.', GroupType);
export const ChangeGroupResult = resultUnion('ChangeGroupResult', 'The changed group, or why nothing changed.', GroupType);
export const RemoveGroupResult = resultUnion('RemoveGroupResult', 'That it is gone, or why not.', Removed);
export const AddMembersResult = resultUnion('AddMembersResult', 'What changed, or why nothing did.', MembersChangedType);
export const RemoveMembersResult = resultUnion('RemoveMembersResult', 'What changed, or why nothing did.', MembersChangedType);
