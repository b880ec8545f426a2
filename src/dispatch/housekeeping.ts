/** What keeps promises after a crash: lost entries are written again, held logins without a browser decided, stale entries let go. */
import { settleAbandonedLogins } from '../commands/resume-login.ts';
import type { House } from '../commands/ports.ts';
import type { StartedQueue } from './queue.ts';
import { everyMs } from './timing.ts';
import { every, type Repeating } from './worker.ts';

export function startHousekeeping(house: House, queue: StartedQueue): Repeating {
  const longest = house.settings.attemptTimeoutMs + house.settings.leaseMarginMs;
  const tasks = [
    every(everyMs.sweep, house, async () => {
      await queue.releaseStale(longest + 1_000);
      const found = await house.database.operations.sweep(house.clock.now());
      if (found > 0) house.log.warn({ operations: found }, 'operations without a live queue entry were given a new one');
    }),
    every(everyMs.abandonedLogins, house, () => settleAbandonedLogins(house)),
  ];
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}
