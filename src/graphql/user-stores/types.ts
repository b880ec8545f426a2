/** User stores as GraphQL tells them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { UserStore } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { resultUnion } from '../results.ts';

@ObjectType('UserStore', { description: 'Where users are kept: PRIMARY and named ones. A user name is unique within one.' })
export class UserStoreType implements Omit<UserStore, 'tenantId' | 'id'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'Its name; PRIMARY is the one every tenant has.' }) name!: string;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' }) createdAt!: Date;
}

export const UserStoreConnection = connectionOf('UserStore', 'user stores', () => UserStoreType);
export const CreateUserStoreResult = resultUnion('CreateUserStoreResult', 'The new user store, or why there is none.', UserStoreType);
