/** What waits for one subscriber of the feed, and how it ends. Bounded: who reads too slowly is closed and comes back with its position. */
import type { Event } from '../domain/vocabulary.ts';

export interface EventFilter {
  readonly types: readonly string[];
  readonly userId?: string | undefined;
  readonly targetId?: string | undefined;
}

/** Why a subscription was ended from our side. Whoever comes back with `lastPosition` misses nothing. */
export class FeedClosed extends Error {
  readonly reason: 'too-slow' | 'too-many';
  /** Position of the last event this subscriber was told; null: none. */
  readonly lastPosition: string | null;
  constructor(reason: FeedClosed['reason'], lastPosition: string | null) {
    super(sentences[reason]);
    this.name = 'FeedClosed';
    this.reason = reason;
    this.lastPosition = lastPosition;
  }
}
const sentences: Readonly<Record<FeedClosed['reason'], string>> = {
  'too-slow': 'Too many events were waiting to be read. Subscribe again with the last position you got.',
  'too-many': 'Too many subscriptions are open. Close one and try again.',
};

export class Subscriber {
  readonly #filter: EventFilter;
  readonly #most: number;
  #waiting: Event[] = [];
  #end: 'open' | 'closed' | 'too-slow' = 'open';
  #wake: (() => void) | null = null;

  constructor(filter: EventFilter, most: number) {
    this.#filter = filter;
    this.#most = most;
  }

  get ended(): boolean {
    return this.#end !== 'open';
  }

  offer(event: Event): void {
    if (this.#end !== 'open' || !passes(event, this.#filter)) return;
    if (this.#waiting.length < this.#most) this.#waiting.push(event);
    else this.#finish('too-slow');
    this.#wake?.();
  }

  close(): void {
    if (this.#end === 'open') this.#finish('closed');
    this.#wake?.();
  }

  /** The next event that waits, as soon as there is one; how it ended otherwise. */
  async take(): Promise<Event | 'closed' | 'too-slow'> {
    for (;;) {
      if (this.#end !== 'open') return this.#end;
      const event = this.#waiting.shift();
      if (event) return event;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  #finish(end: 'closed' | 'too-slow'): void {
    this.#end = end;
    this.#waiting = [];
  }
}

function passes(event: Event, filter: EventFilter): boolean {
  if (!filter.types.includes(event.type)) return false;
  if (filter.userId !== undefined && event.userId !== filter.userId) return false;
  return filter.targetId === undefined || event.targetId === filter.targetId;
}
