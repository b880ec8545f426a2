/** What the feed may be narrowed to. */
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { eventTypes } from '../../events/visibility.ts';
import type { TargetId, UserId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';

@InputType({ description: 'Which events; what is absent does not matter.' })
export class EventFilter {
  static readonly schema = z.object({
    types: z.array(z.enum(eventTypes, 'There is no such type of event: see eventCatalogue.')).nullish(),
    userId: id.nullish(),
    targetId: id.nullish(),
  });
  @Field(() => [String], { nullable: true, description: 'Only of these types.' }) types?: readonly string[] | null;
  @Field(() => ID, { nullable: true, description: 'Only about this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only about this provisioning connector.' }) targetId?: TargetId | null;
}
