/**
 * Fetches due entries for the places that are free, leases their operations and runs them. Any number of processes may do so at once:
 * the lease decides. It knows nothing of connectors and decides no retry. Start with startWorker.
 */
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { Bus, House, LeasedOperation } from '../commands/ports.ts';
import type { TargetId } from '../domain/vocabulary.ts';
import { drainTimeMs, everyMs } from './timing.ts';
import type { FetchedEntry, StartedQueue } from './queue.ts';
import type { LocalRunner } from './runner.ts';

export interface Worker {
  /** Fetches no more and waits for what is under way. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Attempts under way at once in this process. */
  readonly slots: number;
  readonly name: string;
}

/** Leased ahead of their turn: at most so many times the slots, and what is done within this time. A lease's margin is many times longer. */
const mostAhead = 3;
const aheadMs = 250;

export function startWorker(house: House, queue: StartedQueue, runner: LocalRunner, bus: Bus, options: WorkerOptions): Worker {
  let stopping = false;
  let closed: Awaited<ReturnType<House['database']['operations']['closedTargets']>> = { closed: [], probing: [] };
  const bell = createBell();
  const unlisten = bus.listen('usher_work', bell.ring);
  // A place at a target counts as taken until its entry is complete: only then is it worth fetching again.
  const finished = batchedCompletion(house, queue, bell.ring);

  const start = (entry: FetchedEntry, leased: LeasedOperation, freeSlot: () => void): void => {
    // It never rejects, and a drain waits for it.
    void runner.runInTurn(leased, freeSlot).then(() => finished(entry.id));
  };

  const round = async (): Promise<boolean> => {
    // While some call, others are being leased and settled: leased ahead is what will have its turn within a quarter of a second.
    const ahead = options.slots * Math.min(mostAhead, aheadMs / Math.max(runner.averageMs, 1));
    const free = Math.floor(options.slots + ahead) - runner.underWay;
    if (free <= 0) return false;
    const probing = new Set(closed.probing);
    const ignored = new Set<TargetId>([...closed.closed, ...runner.fullTargets()]);
    const entries = await queue.fetch(free, [...ignored]);
    if (entries.length === 0) return false;
    const now = house.clock.now();
    const until = new Date(now.getTime() + house.settings.attemptTimeoutMs + house.settings.leaseMarginMs);
    const leased = await house.database.operations.lease(
      entries.map((entry) => entry.operationId),
      options.name,
      until,
      now,
    );
    const byId = new Map(leased.map((each) => [each.operation.id, each]));
    const idle: string[] = [];
    let started = 0;
    for (const entry of entries) {
      const mine = byId.get(entry.operationId);
      byId.delete(entry.operationId);
      // Settled already, or somebody alive works on it: the entry has nothing to say.
      const freeSlot = mine?.open ? takePlace(mine, probing, runner) : null;
      if (mine && freeSlot) {
        start(entry, mine, freeSlot);
        started++;
        continue;
      }
      if (mine)
        await house.database.operations.release(mine.operation, new Date(now.getTime() + (mine.open ? everyMs.idle : everyMs.conditions)));
      idle.push(entry.id);
    }
    await queue.complete(idle);
    return started > 0;
  };

  const loop = guarded(house, async () => {
    while (!stopping) {
      bell.hush();
      const busy = await attempt(house, round);
      // Under load a short rest lets places gather, so that a round is worth its statements.
      await (busy === true ? pause(everyMs.busy) : bell.rest(everyMs.idle));
      // An embedded database and a bell that rings at once would keep the event loop from ever hearing an answer.
      await turn();
    }
  });
  const watch = every(everyMs.conditions, house, async () => {
    closed = await house.database.operations.closedTargets(house.clock.now());
  });
  return {
    async stop() {
      stopping = true;
      unlisten();
      bell.ring();
      await loop;
      await watch.stop();
      await runner.drain(drainTimeMs(house.settings));
      await finished.flush();
    },
  };
}

/** A half-open circuit takes one call at a time. */
function takePlace(leased: LeasedOperation, probing: ReadonlySet<TargetId>, runner: LocalRunner): (() => void) | null {
  const { target } = leased;
  return runner.takeSlot(probing.has(target.id) ? { id: target.id, maxConcurrentCalls: 1 } : target);
}

/** Entries that ended are marked so together, while the next attempts run. */
function batchedCompletion(house: House, queue: StartedQueue, completed: () => void): ((id: string) => void) & { flush(): Promise<void> } {
  let ids: string[] = [];
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    while (ids.length > 0) {
      await turn();
      const batch = ids;
      ids = [];
      // A lost completion costs one fetch of an entry that has nothing to say.
      await attempt(house, () => queue.complete(batch));
      completed();
    }
    writing = null;
  };
  const add = (id: string): void => {
    ids.push(id);
    writing ??= write();
  };
  return Object.assign(add, { flush: async () => writing ?? undefined });
}

export interface Repeating {
  stop(): Promise<void>;
}

/** Does it again and again with a rest between; an error is logged and the next round comes all the same. */
export function every(ms: number, house: Pick<House, 'log'>, work: (isStopping: () => boolean) => Promise<unknown>): Repeating {
  const stopping = new AbortController();
  const bell = createBell();
  const loop = guarded(house, async () => {
    while (!stopping.signal.aborted) {
      await attempt(house, () => work(() => stopping.signal.aborted));
      await bell.rest(ms);
    }
  });
  return {
    async stop() {
      stopping.abort();
      bell.ring();
      await loop;
    },
  };
}

async function attempt<T>(house: Pick<House, 'log'>, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    house.log.error(
      { error: error instanceof Error ? error : new Error(String(error)) },
      'a round of background work failed and will be repeated',
    );
    return null;
  }
}

function guarded(house: Pick<House, 'log'>, loop: () => Promise<void>): Promise<void> {
  return loop().catch((error: unknown) => {
    house.log.error({ error: error instanceof Error ? error : new Error(String(error)) }, 'background work ended');
  });
}

/** Wakes whoever rests. A ring that nobody rests for counts for the next rest, until `hush` says that it was heard. */
function createBell(): { ring: () => void; hush: () => void; rest: (ms: number) => Promise<void> } {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    hush() {
      rung = false;
    },
    rest: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), ms);
        wake = () => {
          clearTimeout(timer);
          wake = null;
          resolve();
        };
        if (rung) wake();
      }),
  };
}
