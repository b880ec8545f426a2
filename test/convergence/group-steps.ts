/** The engine of groups one step at a time: the counterpart of engine.ts for groups that are provisioned with their members. */
import type { GroupSettlement, LeasedGroup } from '../../src/commands/group-ports.ts';
import { resumeProvisioningConnector } from '../../src/commands/resume-provisioning-connector.ts';
import { runGroup } from '../../src/commands/run-group.ts';
import type { ProvisionedGroup } from '../../src/domain/vocabulary.ts';
import type { EngineParts } from './engine.ts';

interface UnderWay {
  readonly leased: LeasedGroup;
  settlement: GroupSettlement | null;
}
export interface GroupSteps {
  lease(): Promise<number>;
  /** Calls the target for one that was leased. */
  run(): Promise<void>;
  /** Writes what came of one that has run. */
  settle(): Promise<void>;
  /** The process of one dies: nothing more of it is written, its lease lapses. */
  die(): void;
  /** Finishes what is under way and runs what is due. Returns whether there was anything. */
  goOn(): Promise<boolean>;
  /** Those that are not done with. */
  unfinished(): Promise<readonly ProvisionedGroup[]>;
  /** Goes on until nothing is left to do, moving the clock to whatever comes next. */
  rest(): Promise<void>;
}
export type GroupStepParts = Pick<EngineParts, 'house' | 'caller' | 'targetId' | 'clock' | 'random'> & {
  readonly tell: (what: string) => void;
};

const tooManyRounds = 200;

export function createGroupSteps({ house, caller, targetId, clock, random, tell }: GroupStepParts): GroupSteps {
  const { provisionedGroups } = house.database;
  const underWay: UnderWay[] = [];
  const one = (which: (each: UnderWay) => boolean): UnderWay | undefined => {
    const some = underWay.filter(which);
    return some[Math.floor(random() * some.length)];
  };
  const forget = (each: UnderWay): void => void underWay.splice(underWay.indexOf(each), 1);

  async function run(each: UnderWay | undefined): Promise<void> {
    if (each) each.settlement = await runGroup(house, each.leased);
  }
  async function settle(each: UnderWay | undefined): Promise<void> {
    if (!each?.settlement) return;
    forget(each);
    const { outcome, leased } = each.settlement;
    const settled = await provisionedGroups.settle(each.settlement);
    const what = 'message' in outcome ? `${outcome.kind}: ${outcome.message}` : outcome.kind;
    tell(`group ${leased.name ?? 'that is gone'} -> ${settled === 'refused' ? 'refused to settle' : what}`);
  }

  const steps: GroupSteps = {
    async lease() {
      const now = clock.now();
      const until = new Date(now.getTime() + house.settings.attemptTimeoutMs + house.settings.leaseMarginMs);
      const leased = await provisionedGroups.lease({ owner: `groups ${underWay.length}`, now, until, atMost: 10, ignored: [] });
      const mine = leased.filter((each) => each.group.targetId === targetId);
      // Of worlds that are over.
      for (const each of leased) if (!mine.includes(each)) await provisionedGroups.release(each, new Date(now.getTime() + 24 * 3_600_000));
      for (const each of mine) underWay.push({ leased: each, settlement: null });
      return mine.length;
    },
    run: () => run(one((each) => each.settlement === null)),
    settle: () => settle(one((each) => each.settlement !== null)),
    die: () => {
      const dead = one(() => true);
      if (!dead) return;
      tell(`group ${dead.leased.name ?? 'that is gone'} -> its process dies ${dead.settlement ? 'after' : 'before'} its run`);
      forget(dead);
    },
    async goOn() {
      await steps.lease();
      const all = [...underWay];
      for (const each of all) {
        if (!each.settlement) await run(each);
        await settle(each);
      }
      return all.length > 0;
    },
    unfinished: () => house.database.reads(caller.tenantId).find('provisionedGroup', { targetId, state: ['pending', 'running'] }),
    async rest() {
      for (let round = 0; round < tooManyRounds; round++) {
        if (await steps.goOn()) continue;
        await provisionedGroups.sweep(clock.now());
        const left = await steps.unfinished();
        if (left.length === 0) return;
        const [condition] = await house.database.reads(caller.tenantId).find('targetCondition', { targetId });
        if (condition?.suspendedAt) await resumeProvisioningConnector(house, caller, targetId);
        const now = clock.now().getTime();
        const closedUntil = Math.max(condition?.pausedUntil?.getTime() ?? 0, condition?.circuitOpenUntil?.getTime() ?? 0);
        const next = Math.min(...left.map((group) => (group.state === 'running' ? now + 5_000 : group.dueAt.getTime())));
        clock.advance(Math.max(1, Math.max(closedUntil, next) - now));
      }
      throw new Error(`Groups do not come to rest: ${JSON.stringify(await steps.unfinished())}`);
    },
  };
  return steps;
}
