/** What happens after an attempt failed: with the operation, and with its target. Time and chance come in as numbers. */
import type { Failure } from './failure.ts';

export const maxAttempts = 8;
const firstDelayMs = 2_000;
const longestDelayMs = 15 * 60_000;
/** Some targets say "Retry-After: 0" while they throttle: believed, it would be a loop that spends no attempts. */
const shortestPauseMs = 1_000;
const longestPauseMs = 60 * 60_000;
/** From this many transient failures in a row a circuit opens. */
export const circuitThreshold = 5;
/** An outage of a day: after that its operations give up as they do at any other target. */
export const longestProbingMs = 24 * 60 * 60_000;

export type NextStep =
  | { readonly operation: 'again'; readonly afterMs: number; readonly countsAttempt: boolean; readonly target: 'failed' | 'suspend' }
  | { readonly operation: 'again'; readonly afterMs: number; readonly countsAttempt: false; readonly target: 'pause' }
  | { readonly operation: 'give-up'; readonly target: 'works' | 'failed' };

/**
 * `attempts`: those that counted before this one. `random`: from 0 to 1, spreads retries so that they don't come as one wave.
 * A `missing` that reaches this far is an account that the target gave and denies: weather.
 */
export function nextStep(failure: Failure, attempts: number, random: number): NextStep {
  switch (failure.kind) {
    case 'transient':
    case 'missing':
      return attempts + 1 >= maxAttempts
        ? { operation: 'give-up', target: 'failed' }
        : { operation: 'again', afterMs: backOff(attempts, random), countsAttempt: true, target: 'failed' };
    case 'throttled':
      return {
        operation: 'again',
        afterMs: Math.round(Math.min(Math.max(failure.retryAfterMs, shortestPauseMs), longestPauseMs) * (1 + random * 0.1)),
        countsAttempt: false,
        target: 'pause',
      };
    case 'unauthorized':
      // Due at once: the suspended target itself holds it back, and lets it go the moment somebody mends the configuration.
      return { operation: 'again', afterMs: 0, countsAttempt: false, target: 'suspend' };
    case 'conflict':
    case 'rejected':
      return { operation: 'give-up', target: 'works' };
  }
}

/**
 * The same for an attempt that probed whether the target is back. That it is not tells nothing about the operation, so no attempt is spent:
 * else the first few operations of an outage, which are all the probes, would be given up within minutes. Bounded by the operation's age,
 * and of a group, which has none, by how long it has been failing.
 */
export function nextStepOfProbe(failure: Failure, attempts: number, random: number, ageMs: number): NextStep {
  const isWeather = failure.kind === 'transient' || failure.kind === 'missing';
  if (!isWeather || ageMs >= longestProbingMs) return nextStep(failure, attempts, random);
  return { operation: 'again', afterMs: backOff(attempts, random), countsAttempt: false, target: 'failed' };
}

const showsWithinMs = 10 * 60_000;

/** What was made so short a while ago its target may not show yet, where it is slow to. */
export function isNew(madeAt: Date, now: Date): boolean {
  return now.getTime() - madeAt.getTime() < showsWithinMs;
}

const longestLookMs = 60_000;

/** When to look again for what was made so long ago and does not show: the longer it takes, the less often. It spends no attempt. */
export function untilShown(ageMs: number, random: number): number {
  return Math.round(Math.min(Math.max(ageMs / 2, firstDelayMs), longestLookMs) * (1 + random * 0.1));
}

/** 2 s doubling to 15 min, the upper half of it by chance. */
function backOff(attempts: number, random: number): number {
  const full = Math.min(firstDelayMs * 2 ** attempts, longestDelayMs);
  return Math.round(full * (0.5 + random * 0.5));
}
