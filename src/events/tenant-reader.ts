/**
 * Reads the feed of one tenant once for all its subscribers in this process, while there are any. Woken by the bus; asks again soon while
 * an earlier event may still commit, and every few seconds in case a notification was lost.
 */
import type { Log, Reads } from '../commands/ports.ts';
import type { Subscriber } from './subscriber.ts';

export interface ReaderTimes {
  /** Longest time between two looks. */
  readonly pollMs: number;
  /** First wait while a look was unsettled; doubles up to fifty times that. */
  readonly unsettledMs: number;
}

const eventsAtOnce = 500;

export class TenantReader {
  readonly #reads: Reads;
  readonly #times: ReaderTimes;
  readonly #log: Log;
  readonly #subscribers = new Set<Subscriber>();
  #position: string | null;
  #stirred = false;
  #wakeUp: (() => void) | null = null;

  constructor(reads: Reads, position: string | null, times: ReaderTimes, log: Log) {
    this.#reads = reads;
    this.#position = position;
    this.#times = times;
    this.#log = log;
  }

  /** From now on the subscriber is offered everything later than what was read so far. */
  join(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
  }

  leave(subscriber: Subscriber): void {
    if (this.#subscribers.delete(subscriber) && this.#subscribers.size === 0) this.wake();
  }

  wake(): void {
    this.#stirred = true;
    this.#wakeUp?.();
  }

  closeAll(): void {
    for (const subscriber of this.#subscribers) subscriber.close();
    this.#subscribers.clear();
    this.wake();
  }

  /** Ends with the last subscriber; `ended` runs before anybody else can join. */
  async run(ended: () => void): Promise<void> {
    let unsettledFor = 0;
    while (this.#subscribers.size > 0) {
      this.#stirred = false;
      const seen = await this.#look();
      if (seen === 'more') continue;
      unsettledFor = seen === 'unsettled' ? unsettledFor + 1 : 0;
      const soon = this.#times.unsettledMs * Math.min(50, 2 ** unsettledFor);
      await this.#rest(seen === 'unsettled' ? Math.min(soon, this.#times.pollMs) : this.#times.pollMs);
    }
    ended();
  }

  async #look(): Promise<'more' | 'unsettled' | 'end'> {
    try {
      const page = await this.#reads.events({ after: this.#position, first: eventsAtOnce });
      for (const event of page.items) for (const subscriber of this.#subscribers) subscriber.offer(event);
      this.#position = page.endPosition ?? this.#position;
      if (page.hasNextPage) return 'more';
      return page.unsettled ? 'unsettled' : 'end';
    } catch (error) {
      // A database that is away comes back: nothing is lost, for the position stays.
      this.#log.warn(
        { err: error instanceof Error ? error : new Error(String(error)) },
        'The event feed could not be read; it is read again soon.',
      );
      return 'end';
    }
  }

  async #rest(ms: number): Promise<void> {
    if (this.#stirred || this.#subscribers.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = null;
  }
}
