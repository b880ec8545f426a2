/** API tokens as GraphQL tells them: never the token itself, but in the answer that made it. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { ApiToken, Role } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { resultUnion } from '../results.ts';
import { RoleEnum } from '../role.ts';

@ObjectType('ApiToken', { description: 'A bearer token of a program, with one role in one tenant.' })
export class ApiTokenType implements Omit<ApiToken, 'tenantId'> {
  @Field(() => ID, { description: 'Its id; not the token.' }) id!: string;
  @Field(() => String, { description: 'What it is for.' }) name!: string;
  @Field(() => RoleEnum, { description: 'What it may do.' }) role!: Role;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ends by itself; null: never.' }) expiresAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was last used, to the minute.' }) lastUsedAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When somebody revoked it; null: it is in force.' })
  revokedAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' }) createdAt!: Date;
}

export const ApiTokenConnection = connectionOf('ApiToken', 'API tokens', () => ApiTokenType);

@ObjectType({ description: 'A new API token.' })
export class CreatedApiToken {
  @Field(() => ApiTokenType, { description: 'What is kept of it.' }) apiToken!: ApiTokenType;
  @Field(() => String, { description: 'The token: send it as `Authorization: Bearer …`. It is told this once and never again.' })
  token!: string;
}

export const CreateApiTokenResult = resultUnion('CreateApiTokenResult', 'The new token, or why there is none.', CreatedApiToken);
export const RevokeApiTokenResult = resultUnion('RevokeApiTokenResult', 'The revoked token, or why it was not revoked.', ApiTokenType);
