/** Service providers as GraphQL tells them. What belongs to others (identity providers, outbound rows) is added by resolvers. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ServiceProvider } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { resultUnion } from '../results.ts';

@ObjectType('ServiceProvider', { description: 'An application that people sign in to; owner of its outbound provisioning configuration.' })
export class ServiceProviderType implements Omit<
  ServiceProvider,
  'tenantId' | 'id' | 'userStoreId' | 'signInIdentityProviderIds' | 'ownsOutboundRows'
> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'What it is called; unique in the tenant.' }) name!: string;
  @Field(() => String, { description: 'What it is for.' }) description!: string;
  @Field(() => String, { nullable: true, description: 'Where a person goes after signing in when nothing else was asked for.' })
  homeUrl!: string | null;
  @Field(() => [String], {
    description: 'Where a person may be sent back to: a URL equal to one of these, or below one that ends with "/".',
  })
  returnUrls!: readonly string[];
  @Field(() => Boolean, { description: 'People may sign in with a local user name and password.' }) passwordSignIn!: boolean;
  @Field(() => Boolean, { description: 'People may register themselves.' }) selfRegistration!: boolean;
  @Field(() => ID, { description: 'The user store in which self-registered people are kept.' }) userStoreId!: string;
  @Field(() => Int, { description: 'Send it with a change; it is refused when somebody saved in between.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was registered.' }) createdAt!: Date;
}

export const ServiceProviderConnection = connectionOf('ServiceProvider', 'service providers', () => ServiceProviderType);

@ObjectType({ description: 'The service provider is gone.' })
export class RemovedServiceProvider {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => Int, { description: 'How many accounts will end because of it.' }) accounts!: number;
}

export const RegisterServiceProviderResult = resultUnion(
  'RegisterServiceProviderResult',
  'The new service provider, or why there is none.',
  ServiceProviderType,
);
export const ChangeServiceProviderResult = resultUnion(
  'ChangeServiceProviderResult',
  'The service provider as it is now, or why it was not changed.',
  ServiceProviderType,
);
export const RemoveServiceProviderResult = resultUnion(
  'RemoveServiceProviderResult',
  'That it is gone, or why it was not removed.',
  RemovedServiceProvider,
);
