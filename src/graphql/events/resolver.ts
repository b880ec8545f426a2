/** The event feed: its catalogue, a page of it, and following it. */
import { GraphQLError } from 'graphql';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { z } from 'zod';
import { eventCatalogue } from '../../domain/event-catalogue.ts';
import type { Event, Operation, Target, User } from '../../domain/vocabulary.ts';
import { isPosition } from '../../events/position.ts';
import { FeedClosed } from '../../events/subscriber.ts';
import { eventTypes, leastRoleFor, readableTypes } from '../../events/visibility.ts';
import { Authorized } from '../access.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { OperationType } from '../operations/types.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import { badInput } from '../inputs.ts';
import { UpTo } from '../limits.ts';
import type { Fields } from '../results.ts';
import { UserType } from '../users/types.ts';
import { EventFilter } from './inputs.ts';
import { EventDescription, EventPageType, EventType } from './types.ts';

const mostEvents = 500;
const after = { nullable: true, description: 'The position to go on after.' };

@Resolver()
export class EventResolver {
  @Authorized('viewer')
  @Query(() => [EventDescription], { description: 'Every type of event, when it happens and what it carries.' })
  eventCatalogue(): readonly Fields<EventDescription>[] {
    return eventTypes.map((type) => {
      const payload = Object.entries(eventCatalogue[type].payload).map(([name, fieldType]) => ({ name, type: fieldType }));
      return { type, when: eventCatalogue[type].when, payload, needs: leastRoleFor(type) };
    });
  }

  @Authorized('viewer')
  @UpTo(mostEvents)
  @Query(() => EventPageType, {
    description: 'A part of the feed, oldest first. No connection, for its place is the position of an event, not of an item on a page.',
  })
  async events(
    @Ctx() context: GraphQLContext,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The position to go on after; absent or null: from the oldest that is kept.',
    })
    position?: string | null,
    @Arg('first', () => Int, { defaultValue: 100, description: `How many at most; 1 to ${mostEvents}.` }) first = 100,
    @Arg('filter', () => EventFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<EventFilter> | null,
  ): Promise<Fields<EventPageType>> {
    if (first < 1 || first > mostEvents) throw badInput([{ path: ['first'], message: `From 1 to ${mostEvents}.` }]);
    const { types, ...equal }: Partial<Fields<EventFilter>> = filter ?? {};
    const page = await context.reads.events({
      after: checkedPosition(position),
      first,
      types: readableTypes(context.caller.role, types),
      ...given(equal),
    });
    return { events: page.items, hasNextPage: page.hasNextPage, endPosition: page.endPosition };
  }

  @Authorized('viewer')
  @Subscription(() => EventType, {
    subscribe: ({ args, context }) => follow(followArguments.parse(args), context as GraphQLContext),
    description:
      'Follows the feed: with `after` first what was missed, then what comes; without it only what comes. Each event exactly once, in order. Who reads too slowly is ended with FEED_CLOSED and `lastPosition`: subscribe again with it.',
  })
  provisioningEvents(
    @Root() event: Event | FeedClosed,
    /* eslint-disable @typescript-eslint/no-unused-vars -- declared for the schema; `subscribe` reads them */
    @Arg('after', () => String, after) _after?: string | null,
    @Arg('filter', () => EventFilter, { nullable: true, description: 'Only those.' }) _filter?: Fields<EventFilter> | null,
    /* eslint-enable @typescript-eslint/no-unused-vars */
  ): Event {
    if (event instanceof FeedClosed) throw feedClosed(event);
    return event;
  }
}

@Resolver(() => EventType)
export class EventFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user as they are now.' })
  user(@Root() event: Event, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', event.userId);
  }
  @FieldResolver(() => OperationType, { nullable: true, description: 'The operation as it is now.' })
  operation(@Root() event: Event, @Ctx() context: GraphQLContext): Promise<Operation | null> {
    return context.loaders.one('operation', event.operationId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector as it is now.' })
  provisioningConnector(@Root() event: Event, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', event.targetId);
  }
}

/** type-graphql hands the arguments of a subscription over as they came; the filter is checked here. */
const followArguments = z.object({ after: z.string().nullish(), filter: z.unknown().optional() });

function checkedPosition(position: string | null | undefined): string | null {
  if (position === null || position === undefined) return null;
  if (!isPosition(position)) throw badInput([{ path: ['after'], message: 'This is not a position of the feed.' }]);
  return position;
}

async function follow(args: z.infer<typeof followArguments>, context: GraphQLContext): Promise<AsyncIterableIterator<Event | FeedClosed>> {
  const filter = EventFilter.schema.nullish().safeParse(args.filter);
  if (!filter.success) throw badInput(filter.error.issues.map(({ path, message }) => ({ path: ['filter', ...path.map(String)], message })));
  const position = checkedPosition(args.after) ?? (await context.reads.lastPosition());
  // What passed the check has the fields of the class.
  const { types = null, ...about } = (filter.data ?? {}) as Partial<EventFilter>;
  try {
    const { tenantId, caller } = context;
    const options = { after: position, role: caller.role, subscriber: caller.actor.id, types, ...given(about) };
    return endingInWords(context.feed.follow(tenantId, options));
  } catch (error) {
    throw error instanceof FeedClosed ? feedClosed(error) : error;
  }
}

const feedClosed = ({ message, reason, lastPosition }: FeedClosed): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'FEED_CLOSED', reason, lastPosition } });

/** A source that fails breaks the connection without a word; a last item that the resolver turns into an error reaches the client. */
function endingInWords(events: AsyncIterableIterator<Event, void>): AsyncIterableIterator<Event | FeedClosed> {
  return {
    async next() {
      try {
        const next = await events.next();
        return next.done === true ? { done: true, value: undefined } : next;
      } catch (error) {
        if (error instanceof FeedClosed) return { done: false, value: error };
        throw error;
      }
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
