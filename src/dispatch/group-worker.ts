/**
 * Runs groups at targets that are due: takes their leases, a few at once, and settles what each run comes to. Any number of processes may do
 * so; the lease decides. There is no queue entry for a group: its row says when it is due (docs/decisions: provisioned-groups-are-due-rows).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { LeasedGroup } from '../commands/group-ports.ts';
import type { House } from '../commands/ports.ts';
import { runGroup } from '../commands/run-group.ts';
import type { LocalRunner } from './runner.ts';
import { everyMs } from './timing.ts';
import { every, type Repeating } from './worker.ts';

/** Groups under way at once in this process. */
const atOnce = 8;

export function startGroupWorker(house: House, runner: LocalRunner, owner: string): Repeating {
  const { provisionedGroups } = house.database;
  const underWay = new Set<Promise<void>>();

  const start = async (leased: LeasedGroup): Promise<void> => {
    const { target } = leased;
    const freeSlot = runner.takeSlot(leased.probing ? { id: target.id, maxConcurrentCalls: 1 } : target);
    if (!freeSlot) return provisionedGroups.release(leased, new Date(house.clock.now().getTime() + everyMs.idle));
    const run = runAndSettle(house, leased, freeSlot).finally(() => underWay.delete(run));
    underWay.add(run);
  };

  const round = async (): Promise<number> => {
    const now = house.clock.now();
    const until = new Date(now.getTime() + house.settings.attemptTimeoutMs + house.settings.leaseMarginMs);
    const ignored = runner.fullTargets();
    const leased = await provisionedGroups.lease({ owner, now, until, atMost: atOnce - underWay.size, ignored });
    for (const each of leased) await start(each);
    return leased.length;
  };

  const loop = every(everyMs.groups, house, async (isStopping) => {
    while (!isStopping()) {
      if (underWay.size < atOnce && (await round()) === 0) return;
      // What has more to do than one run does is due again at once.
      await Promise.race([...underWay, pause(everyMs.groups, undefined, { ref: false })]);
    }
  });
  const sweep = every(everyMs.groupSweep, house, async () => {
    const found = await provisionedGroups.sweep(house.clock.now());
    if (found > 0) house.log.info({ groups: found }, 'groups at targets that counted as right were not, and are due');
  });
  return {
    async stop() {
      await Promise.all([loop.stop(), sweep.stop()]);
      await Promise.all(underWay);
    },
  };
}

/** Never rejects: what cannot be settled keeps its lease until that lapses, and whoever runs the group then finds what was begun. */
async function runAndSettle(house: House, leased: LeasedGroup, freeSlot: () => void): Promise<void> {
  const { group } = leased;
  const about = { provisionedGroupId: group.id, targetId: group.targetId };
  try {
    const settlement = await runGroup(house, leased);
    freeSlot();
    const settled = await house.database.provisionedGroups.settle(settlement);
    const { outcome, startedAt } = settlement;
    const failure = 'failure' in outcome ? outcome.failure.kind : null;
    const milliseconds = house.clock.now().getTime() - startedAt.getTime();
    house.log.info({ ...about, outcome: outcome.kind, failure, milliseconds, settled }, 'run of a group settled');
  } catch (error) {
    house.log.error(
      { ...about, error: error instanceof Error ? error : new Error(String(error)) },
      'a run of a group could not be settled',
    );
  } finally {
    freeSlot();
  }
}
