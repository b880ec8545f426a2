/** What keeps promises after a crash, and what keeps tables small: lost entries, held logins without a browser, old events and logins. */
import { checkSavedConnectors } from '../commands/check-saved-connectors.ts';
import { finishConnectorRemovals } from '../commands/finish-connector-removals.ts';
import { forgetLoginAttempts } from '../commands/forget-login-attempts.ts';
import { forgetOld } from '../commands/forget-old.ts';
import type { House } from '../commands/ports.ts';
import { reevaluate } from '../commands/reevaluate.ts';
import { requestDueDeletions } from '../commands/request-due-deletions.ts';
import { settleAbandonedLogins } from '../commands/resume-login.ts';
import type { StartedQueue } from './queue.ts';
import { everyMs } from './timing.ts';
import { every, type Repeating } from './worker.ts';

/** What may be forgotten after a time. */
export interface Forgetting {
  forgetUsedBefore(date: Date): Promise<number>;
  forgetClaims(): Promise<number>;
}

export function startHousekeeping(
  house: House,
  queue: StartedQueue,
  forgetting: Forgetting,
  settings: { readonly eventRetentionDays: number },
): Repeating {
  const longest = house.settings.attemptTimeoutMs + house.settings.leaseMarginMs;
  const tasks = [
    every(everyMs.sweep, house, async () => {
      await queue.releaseStale(longest + 1_000);
      const found = await house.database.operations.sweep(house.clock.now());
      if (found > 0) house.log.warn({ operations: found }, 'operations without a live queue entry were given a new one');
    }),
    every(everyMs.abandonedLogins, house, () => settleAbandonedLogins(house)),
    every(everyMs.reevaluations, house, (isStopping) => reevaluate(house, isStopping)),
    every(everyMs.connectorChecks, house, (isStopping) => checkSavedConnectors(house, isStopping)),
    every(everyMs.deletions, house, async () => {
      const asked = await requestDueDeletions(house);
      if (asked > 0) house.log.info({ accounts: asked }, 'accounts whose grace period is over are being deleted');
    }),
    every(everyMs.connectorRemovals, house, async () => {
      const gone = await finishConnectorRemovals(house);
      if (gone > 0) house.log.info({ targets: gone }, 'targets whose last account has ended were removed');
    }),
    every(everyMs.retention, house, async () => {
      const now = house.clock.now();
      await forgetting.forgetUsedBefore(now);
      await forgetting.forgetClaims();
      const longAgo = new Date(now.getTime() - settings.eventRetentionDays * 24 * 60 * 60_000);
      await forgetEvents(house, longAgo);
      await forgetLoginAttempts(house, longAgo);
      // They hold values of people.
      await forgetOld(house, 'ruleDecision', longAgo);
    }),
  ];
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

/** A thousand at a time, so that no statement holds the database for long. */
async function forgetEvents(house: House, before: Date): Promise<void> {
  const atOnce = 1_000;
  while ((await house.database.deleteEvents(before, atOnce)) === atOnce);
}
