/**
 * Follows the event feed: what was missed first, then what comes, each event exactly once and in order, over any number of processes.
 * It writes nothing and knows no transport: see graphql/events for subscriptions. Start with Feed, then Following.
 */
import type { Bus, Database, Log } from '../commands/ports.ts';
import type { Event, Role, TargetId, TenantId, UserId } from '../domain/vocabulary.ts';
import { isLater } from './position.ts';
import { FeedClosed, Subscriber } from './subscriber.ts';
import { TenantReader, type ReaderTimes } from './tenant-reader.ts';
import { readableTypes } from './visibility.ts';

export interface FeedLimits {
  /** Events that may wait for one subscriber before it is closed as too slow. */
  readonly waitingEvents: number;
  /** Subscriptions of one administrator or API token in this process. */
  readonly perSubscriber: number;
  readonly perProcess: number;
}
export const feedLimits: FeedLimits = { waitingEvents: 1000, perSubscriber: 10, perProcess: 1000 };
export const readerTimes: ReaderTimes = { pollMs: 5000, unsettledMs: 10 };

export interface FeedParts {
  readonly database: Pick<Database, 'reads'>;
  readonly bus: Bus;
  readonly log: Log;
  readonly limits?: FeedLimits;
  readonly times?: ReaderTimes;
}
export interface FollowOptions {
  /** Everything later than this position; null: from the oldest that is kept. */
  readonly after: string | null;
  readonly role: Role;
  readonly types?: readonly string[] | null;
  readonly userId?: UserId | undefined;
  readonly targetId?: TargetId | undefined;
  /** Who follows, for the limit: an id of an administrator or API token. */
  readonly subscriber: string;
  readonly signal?: AbortSignal;
}

export interface Feed {
  /** Throws FeedClosed('too-many') at once where a limit is reached. `return()` gives the place back, also while nothing happens. */
  follow(tenantId: TenantId, options: FollowOptions): AsyncIterableIterator<Event, void>;
  /** Ends every subscription; resolves when nothing reads any more. */
  close(): Promise<void>;
}

const eventsAtOnce = 200;

export function createFeed(parts: FeedParts): Feed {
  const { limits = feedLimits, times = readerTimes, database, log } = parts;
  const readers = new Map<TenantId, { readonly reader: TenantReader; readonly run: Promise<void> }>();
  const open = new Set<{ readonly subscriber: string; readonly close: () => void }>();
  const stopListening = parts.bus.listen('usher_events', () => {
    for (const { reader } of readers.values()) reader.wake();
  });

  /** Joins the reader of this tenant; the first one brings the position to read from. Returns how to leave. */
  function join(tenantId: TenantId, subscriber: Subscriber, position: string | null): () => void {
    let entry = readers.get(tenantId);
    if (entry) entry.reader.join(subscriber);
    else {
      const reader = new TenantReader(database.reads(tenantId), position, times, log);
      reader.join(subscriber);
      entry = { reader, run: reader.run(() => readers.delete(tenantId)) };
      readers.set(tenantId, entry);
    }
    const { reader } = entry;
    return () => {
      reader.leave(subscriber);
    };
  }

  function follow(tenantId: TenantId, options: FollowOptions): AsyncIterableIterator<Event, void> {
    const mine = [...open].filter((each) => each.subscriber === options.subscriber).length;
    if (mine >= limits.perSubscriber || open.size >= limits.perProcess) throw new FeedClosed('too-many', options.after);

    const filter = { types: readableTypes(options.role, options.types), userId: options.userId, targetId: options.targetId };
    const subscriber = new Subscriber(filter, limits.waitingEvents);
    const place = { subscriber: options.subscriber, close: () => subscriber.close() };
    let leave: () => void = () => undefined;
    const end = (): void => {
      open.delete(place);
      options.signal?.removeEventListener('abort', end);
      subscriber.close();
      leave();
    };
    const events = tell({
      reads: database.reads(tenantId),
      options,
      subscriber,
      join: (position) => {
        if (!subscriber.ended) leave = join(tenantId, subscriber, position);
      },
      end,
    });
    open.add(place);
    if (options.signal?.aborted) end();
    else options.signal?.addEventListener('abort', end);
    return {
      next: () => events.next(),
      // A generator that waits takes no return() before it wakes, and one that never began runs no finally: so end it from outside first.
      return: () => {
        end();
        return events.return();
      },
      throw: (error: unknown) => {
        end();
        return events.throw(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    follow,
    async close() {
      stopListening();
      const running = [...readers.values()];
      for (const each of open) each.close();
      for (const { reader } of running) reader.closeAll();
      await Promise.all(running.map(({ run }) => run));
    },
  };
}

interface Telling {
  readonly reads: ReturnType<Database['reads']>;
  readonly options: FollowOptions;
  readonly subscriber: Subscriber;
  readonly join: (position: string | null) => void;
  readonly end: () => void;
}

/**
 * Pages to the end, joins the reader, pages to the end once more (what the reader had read before we joined), then takes what the reader
 * offers and drops what was paged already: so nothing is told twice or left out, whoever was ahead.
 */
async function* tell(telling: Telling): AsyncGenerator<Event, void> {
  const { options, subscriber, end } = telling;
  const progress = { position: options.after, told: options.after };
  try {
    for await (const event of pageToTheEnd(telling, progress)) yield told(progress, event);
    telling.join(progress.position);
    for await (const event of pageToTheEnd(telling, progress)) yield told(progress, event);
    for (;;) {
      const event = await subscriber.take();
      if (event === 'closed') return;
      if (event === 'too-slow') throw new FeedClosed('too-slow', progress.told);
      if (isLater(event.position, progress.position)) yield told(progress, event);
    }
  } finally {
    end();
  }
}

interface Progress {
  /** Everything up to here was read. */
  position: string | null;
  /** The last event that was told. */
  told: string | null;
}

async function* pageToTheEnd({ reads, options, subscriber }: Telling, progress: Progress): AsyncGenerator<Event, void> {
  const types = readableTypes(options.role, options.types);
  const { userId, targetId } = options;
  const filter = { types, ...(userId === undefined ? {} : { userId }), ...(targetId === undefined ? {} : { targetId }) };
  for (;;) {
    const page = await reads.events({ after: progress.position, first: eventsAtOnce, ...filter });
    for (const event of page.items) {
      if (subscriber.ended) return;
      yield event;
    }
    progress.position = page.endPosition ?? progress.position;
    if (!page.hasNextPage) return;
  }
}

function told(progress: Progress, event: Event): Event {
  progress.told = event.position;
  return event;
}
