/** Events as GraphQL tells them. */
import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { Event, Role } from '../../domain/vocabulary.ts';
import type { Fields } from '../results.ts';
import { RoleEnum } from '../role.ts';

@ObjectType('Event', { description: 'A fact that happened. See `eventCatalogue` for every type and what it carries.' })
export class EventType implements Omit<Event, 'tenantId' | 'userId' | 'targetId' | 'operationId'> {
  @Field(() => String, { description: 'Its place in the feed: come back with the last one as `after` and you miss nothing.' })
  position!: string;
  @Field(() => String, { description: 'What happened, from the catalogue.' }) type!: string;
  @Field(() => GraphQLDateTimeISO, { description: 'When.' }) at!: Date;
  @Field(() => ID, { nullable: true, description: 'The user it is about.' }) userId!: string | null;
  @Field(() => ID, { nullable: true, description: 'The provisioning connector it is about.' }) targetId!: string | null;
  @Field(() => ID, { nullable: true, description: 'The operation it is about.' }) operationId!: string | null;
  @Field(() => GraphQLJSONObject, { description: 'What else it carries, by the catalogue: ids, names of settings, fixed words.' })
  payload!: Readonly<Record<string, unknown>>;
}

@ObjectType('EventPage', { description: 'A part of the feed.' })
export class EventPageType {
  @Field(() => [EventType], { description: 'The events, in their order.' }) events!: readonly Fields<EventType>[];
  @Field(() => Boolean, { description: 'More follow already.' }) hasNextPage!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'Go on after this position, also where the filter let nothing through; null: nothing happened yet.',
  })
  endPosition!: string | null;
}

@ObjectType({ description: 'One field of a payload. Any may be null.' })
export class EventPayloadField {
  @Field(() => String, { description: 'Its name.' }) name!: string;
  @Field(() => String, { description: 'Its type: string, integer or boolean.' }) type!: string;
}

@ObjectType({ description: 'One type of event.' })
export class EventDescription {
  @Field(() => String, { description: 'Its name.' }) type!: string;
  @Field(() => String, { description: 'When it happens.' }) when!: string;
  @Field(() => [EventPayloadField], { description: 'What it carries besides user, target and operation.' })
  payload!: readonly Fields<EventPayloadField>[];
  @Field(() => RoleEnum, { description: 'The least role that may read it.' }) needs!: Role;
}
