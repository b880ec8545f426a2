/**
 * The engine one step at a time: operations are leased, run and settled by the same commands that a worker uses, but in the order that a
 * seed chooses, with changes in between, and by a clock that is moved. A process may die between any two steps.
 */
import { runOperation } from '../../src/commands/run-operation.ts';
import { reevaluate } from '../../src/commands/reevaluate.ts';
import { resumeProvisioningConnector } from '../../src/commands/resume-provisioning-connector.ts';
import type { Caller } from '../../src/commands/caller.ts';
import type { House, LeasedOperation, Settlement } from '../../src/commands/ports.ts';
import type { Operation, TargetId, UserId } from '../../src/domain/vocabulary.ts';

/** Under way in a process: leased, and after its run with what is to be written. */
interface UnderWay {
  readonly leased: LeasedOperation;
  settlement: Settlement | null;
}
export interface Engine {
  /** Leases what is due, at most so many. */
  lease(atMost: number): Promise<void>;
  /** Calls the target for one that was leased. */
  run(): Promise<void>;
  /** Writes what came of one that has run. */
  settle(): Promise<void>;
  /** Leases one, runs it and writes what came of it. */
  attempt(): Promise<void>;
  /** The process of one dies: nothing of it is written, its lease lapses. */
  die(): void;
  reevaluate(): Promise<void>;
  /** Goes on until nothing is left to do, moving the clock to whatever comes next. */
  rest(): Promise<void>;
}
export interface EngineParts {
  readonly house: House;
  readonly caller: Caller;
  readonly targetId: TargetId;
  readonly clock: MovableClock;
  readonly random: () => number;
  readonly tell: (userId: UserId, what: string) => void;
}
export interface MovableClock {
  now(): Date;
  advance(ms: number): void;
}

export function movableClock(start = Date.parse('2026-03-02T08:00:00Z')): MovableClock {
  let at = start;
  return { now: () => new Date(at), advance: (ms) => void (at += ms) };
}

const unfinished = ['pending', 'running', 'held'] as const;
const tooManyRounds = 400;

export function createEngine({ house, caller, targetId, clock, random, tell }: EngineParts): Engine {
  const { database } = house;
  const underWay: UnderWay[] = [];
  const one = (which: (each: UnderWay) => boolean): UnderWay | undefined => {
    const some = underWay.filter(which);
    return some[Math.floor(random() * some.length)];
  };
  const forget = (each: UnderWay): void => void underWay.splice(underWay.indexOf(each), 1);
  const waiting = (): Promise<readonly Operation[]> => database.reads(caller.tenantId).find('operation', { targetId, state: unfinished });

  async function lease(atMost: number): Promise<number> {
    const ids = (await waiting()).map((operation) => ({ id: operation.id, rank: random() }));
    const chosen = ids.sort((a, b) => a.rank - b.rank).slice(0, atMost);
    const now = clock.now();
    const until = new Date(now.getTime() + house.settings.attemptTimeoutMs + house.settings.leaseMarginMs);
    const leased = await database.operations.lease(
      chosen.map(({ id }) => id),
      `worker ${underWay.length}`,
      until,
      now,
    );
    for (const each of leased)
      if (each.open) underWay.push({ leased: each, settlement: null });
      else await database.operations.release(each.operation, new Date(now.getTime() + 1_000));
    return leased.filter((each) => each.open).length;
  }

  async function run(each: UnderWay | undefined): Promise<void> {
    if (each) each.settlement = await runOperation(house, each.leased);
  }

  async function settle(each: UnderWay | undefined): Promise<void> {
    if (!each?.settlement) return;
    forget(each);
    const [settled] = await database.operations.settle([each.settlement]);
    const { outcome, operation } = each.settlement;
    const what = outcome.kind === 'succeeded' ? outcome.action : `${outcome.kind}: ${outcome.message}`;
    tell(operation.userId, `${operation.kind} by ${operation.trigger} -> ${settled === 'refused' ? 'refused to settle' : what}`);
  }

  /** When the next of these may run. */
  async function moveOn(operations: readonly Operation[]): Promise<void> {
    const now = clock.now().getTime();
    const [condition] = await database.reads(caller.tenantId).find('targetCondition', { targetId });
    if (condition?.suspendedAt) await resumeProvisioningConnector(house, caller, targetId);
    const closedUntil = Math.max(now, condition?.pausedUntil?.getTime() ?? 0, condition?.circuitOpenUntil?.getTime() ?? 0);
    const dates = operations.map((each) => (each.state === 'running' ? (each.leaseUntil?.getTime() ?? now) : each.dueAt.getTime()));
    clock.advance(Math.max(1, Math.max(closedUntil, Math.min(...dates)) - now));
  }

  const runOne = (): Promise<void> => run(one((each) => each.settlement === null));
  const settleOne = (): Promise<void> => settle(one((each) => each.settlement !== null));

  return {
    lease: async (atMost) => {
      await lease(atMost);
    },
    run: runOne,
    settle: settleOne,
    async attempt() {
      await lease(1);
      await runOne();
      await settleOne();
    },
    die: () => {
      const dead = one(() => true);
      if (!dead) return;
      tell(dead.leased.operation.userId, dead.settlement ? 'dies after its call' : 'dies before its call');
      forget(dead);
    },
    reevaluate: () => reevaluate(house, () => false),
    // Groups that are provisioned with their members have a lease and a run of their own: see group-steps.ts.
    async rest() {
      for (let round = 0; round < tooManyRounds; round++) {
        await reevaluate(house, () => false);
        for (const each of [...underWay]) {
          if (!each.settlement) await run(each);
          await settle(each);
        }
        const left = await waiting();
        if (left.length === 0) return;
        if (left.some((operation) => operation.state === 'held')) throw new Error('The guard held what no sequence lets it hold.');
        if ((await lease(left.length)) === 0) await moveOn(left);
      }
      throw new Error(`The engine does not come to rest: ${JSON.stringify(await waiting())}`);
    },
  };
}
