/**
 * Runs leased operations in this process: places per target, settlements many at once, and a drain that sees everything under way.
 * It fetches nothing: worker.ts does, and a login hands over what it leased itself.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { logWith } from '../commands/log-with.ts';
import { attemptFields, runOperation } from '../commands/run-operation.ts';
import type { Bus, House, LeasedOperation, Runner, Settled, Settlement } from '../commands/ports.ts';
import type { OperationId, TargetId } from '../domain/vocabulary.ts';

export interface LocalRunner extends Runner {
  /** As `run`, when its turn comes: no more than so many of these call at the same time, whatever was leased ahead. */
  runInTurn(leased: LeasedOperation, freeSlot: () => void): Promise<void>;
  /** How long attempts took lately. */
  readonly averageMs: number;
  /** Targets whose places in this process are all taken. */
  fullTargets(): readonly TargetId[];
  /** Resolves when nothing is under way, or after `ms`. Operations of a process that ends before keep their lease until it lapses. */
  drain(ms: number): Promise<void>;
  readonly underWay: number;
}

/** Settlements written in one transaction at most. */
const batchSize = 128;

/** What the first attempts are thought to take, until they are known. */
const expectedMs = 250;

/** `atOnce`: attempts in turn that call at the same time in this process. */
export function createRunner(house: () => House, bus: Bus, atOnce: number): LocalRunner {
  const turns = createTurns(atOnce);
  let averageMs = expectedMs;
  const places = new Map<TargetId, { used: number; limit: number }>();
  const running = new Set<Promise<void>>();
  const waiters = new Map<OperationId, Set<() => void>>();
  const settle = batched((batch) => house().database.operations.settle(batch));

  const wake = (ids: readonly OperationId[]): void => {
    for (const id of ids) for (const resolve of waiters.get(id) ?? []) resolve();
  };
  bus.listen('usher_settled', (payload) => {
    wake(payload === '' ? [...waiters.keys()] : (payload.split(',') as OperationId[]));
  });

  const call = async (leased: LeasedOperation, freeSlot: () => void, endTurn: () => void): Promise<void> => {
    const { operation, target } = leased;
    const log = logWith(house().log, attemptFields(leased));
    try {
      const settlement = await runOperation(house(), leased);
      freeSlot();
      endTurn();
      const milliseconds = settlement.attempt.endedAt.getTime() - settlement.attempt.startedAt.getTime();
      averageMs += (milliseconds - averageMs) * 0.1;
      const settled = await settle(settlement);
      const { outcome } = settlement;
      house().metrics.attemptSettled(target.id, settled === 'refused' ? 'refused' : outcome.kind, milliseconds);
      log.info(
        {
          outcome: outcome.kind,
          action: outcome.kind === 'succeeded' ? outcome.action : null,
          failure: outcome.kind === 'succeeded' ? null : outcome.failure.kind,
          milliseconds,
          settled,
        },
        'attempt settled',
      );
    } catch (error) {
      // The database did not take it. The lease lapses, the sweep finds the operation, and whoever runs it looks before it creates.
      log.error({ error: error instanceof Error ? error : new Error(String(error)) }, 'an attempt could not be settled');
    } finally {
      freeSlot();
      endTurn();
      wake([operation.id]);
    }
  };
  const seen = (attempt: Promise<void>): Promise<void> => {
    const promise = attempt.finally(() => running.delete(promise));
    running.add(promise);
    return promise;
  };

  return {
    takeSlot(target) {
      const place = places.get(target.id) ?? { used: 0, limit: target.maxConcurrentCalls };
      place.limit = target.maxConcurrentCalls;
      if (place.used >= place.limit) return null;
      place.used++;
      places.set(target.id, place);
      return once(() => {
        place.used--;
        if (place.used === 0) places.delete(target.id);
      });
    },
    // A person waits: a login's own operations wait for nobody's turn.
    run: (leased, freeSlot) => seen(call(leased, freeSlot, () => undefined)),
    runInTurn: (leased, freeSlot) => seen(turns.next().then((endTurn) => call(leased, freeSlot, endTurn))),
    get averageMs() {
      return averageMs;
    },
    whenSettled(operationIds, ms) {
      return new Promise((resolve) => {
        const finish = once(() => {
          clearTimeout(timer);
          for (const id of operationIds) {
            const set = waiters.get(id);
            set?.delete(finish);
            if (set?.size === 0) waiters.delete(id);
          }
          resolve();
        });
        // Half a second at most between looks: a notification may be lost with its connection.
        const timer = setTimeout(finish, Math.min(ms, 500));
        for (const id of operationIds) waiters.set(id, (waiters.get(id) ?? new Set()).add(finish));
      });
    },
    fullTargets: () => [...places].filter(([, place]) => place.used >= place.limit).map(([id]) => id),
    async drain(ms) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
      while (running.size > 0 && !(await Promise.race([Promise.all(running).then(() => false), late.then(() => true)])));
      clearTimeout(timer);
    },
    get underWay() {
      return running.size;
    },
  };
}

/** Lets so many in at once; the others in the order in which they came. */
function createTurns(atOnce: number): { next(): Promise<() => void> } {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  const end = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return {
    next: () =>
      new Promise((resolve) => {
        const begin = (): void => resolve(once(end));
        if (free === 0) {
          waiting.push(begin);
          return;
        }
        free--;
        begin();
      }),
  };
}

/** While one batch is being written the next gathers: at rest nothing waits, under load a transaction carries many. */
function batched(write: (batch: readonly Settlement[]) => Promise<readonly Settled[]>): (settlement: Settlement) => Promise<Settled> {
  interface Waiting {
    readonly settlement: Settlement;
    readonly resolve: (settled: Settled) => void;
    readonly reject: (error: unknown) => void;
  }
  const queue: Waiting[] = [];
  let writing = false;
  const flush = async (): Promise<void> => {
    writing = true;
    while (queue.length > 0) {
      // Answers that have arrived already are heard first. An embedded database answers within one turn of the event loop: without this
      // every batch would be of one.
      await turn();
      const batch = queue.splice(0, batchSize);
      try {
        const results = await write(batch.map((waiting) => waiting.settlement));
        batch.forEach((waiting, i) => waiting.resolve(results[i] ?? 'refused'));
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    writing = false;
  };
  return (settlement) =>
    new Promise((resolve, reject) => {
      queue.push({ settlement, resolve, reject });
      // flush() rejects nobody but those in the batch.
      if (!writing) flush().catch(reject);
    });
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}
