import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/domain/failure.ts';
import { longestProbingMs, maxAttempts, nextStep, nextStepOfProbe, type NextStep } from '../../src/domain/retry.ts';

const transient: Failure = { kind: 'transient', mayHaveApplied: true };
const afterMs = (step: NextStep) => (step.operation === 'again' ? step.afterMs : null);

describe('after a failure of kind', () => {
  const cases: readonly { name: string; failure: Failure; step: NextStep }[] = [
    {
      name: 'transient the operation tries again and the target is counted as failing',
      failure: transient,
      step: { operation: 'again', afterMs: 2_000, countsAttempt: true, target: 'failed' },
    },
    {
      name: 'missing that nothing explains, the same',
      failure: { kind: 'missing' },
      step: { operation: 'again', afterMs: 2_000, countsAttempt: true, target: 'failed' },
    },
    {
      name: 'throttled the target pauses for the time it named and no attempt is spent',
      failure: { kind: 'throttled', retryAfterMs: 30_000 },
      step: { operation: 'again', afterMs: 33_000, countsAttempt: false, target: 'pause' },
    },
    {
      name: 'unauthorized the target is suspended and no attempt is spent',
      failure: { kind: 'unauthorized' },
      step: { operation: 'again', afterMs: 0, countsAttempt: false, target: 'suspend' },
    },
    {
      name: 'conflict the operation gives up; the target works',
      failure: { kind: 'conflict' },
      step: { operation: 'give-up', target: 'works' },
    },
    {
      name: 'rejected the operation gives up; the target works',
      failure: { kind: 'rejected', attribute: 'mail' },
      step: { operation: 'give-up', target: 'works' },
    },
  ];
  test.each(cases)('$name', ({ failure, step }) => {
    expect(nextStep(failure, 0, 1)).toEqual(step);
  });
});

describe('transient failures', () => {
  test.each([
    [0, 2_000],
    [1, 4_000],
    [2, 8_000],
    [6, 128_000],
  ])('after %d attempts wait at most %d ms, and at least half of it', (attempts, longest) => {
    expect(afterMs(nextStep(transient, attempts, 1))).toBe(longest);
    expect(afterMs(nextStep(transient, attempts, 0))).toBe(longest / 2);
  });

  test('are spread over the upper half by chance', () => {
    expect(afterMs(nextStep(transient, 0, 0.5))).toBe(1_500);
  });

  test('end with the eighth attempt', () => {
    expect(nextStep(transient, maxAttempts - 2, 0).operation).toBe('again');
    expect(nextStep(transient, maxAttempts - 1, 0)).toEqual({ operation: 'give-up', target: 'failed' });
    expect(maxAttempts).toBe(8);
  });

  test('of an operation that was retried by hand beyond the limit give up as well', () => {
    expect(nextStep(transient, 40, 0).operation).toBe('give-up');
  });
});

describe('an attempt that probes whether the target is back', () => {
  test('spends no attempt and gives nothing up, for as long as a day', () => {
    const again = { operation: 'again', countsAttempt: false, target: 'failed' };
    expect(nextStepOfProbe(transient, maxAttempts - 1, 1, 0)).toEqual({ ...again, afterMs: 256_000 });
    expect(nextStepOfProbe({ kind: 'missing' }, 40, 1, longestProbingMs - 1)).toEqual({ ...again, afterMs: 900_000 });
    expect(nextStepOfProbe(transient, maxAttempts - 1, 1, longestProbingMs)).toEqual({ operation: 'give-up', target: 'failed' });
    expect(nextStepOfProbe(transient, 0, 1, longestProbingMs)).toMatchObject({ operation: 'again', countsAttempt: true });
  });

  test.each<Failure>([{ kind: 'rejected' }, { kind: 'conflict' }, { kind: 'unauthorized' }, { kind: 'throttled', retryAfterMs: 5_000 }])(
    'is judged like any other where the target answered: $kind',
    (failure) => expect(nextStepOfProbe(failure, 3, 0.5, 0)).toEqual(nextStep(failure, 3, 0.5)),
  );
});

describe('a target that throttles', () => {
  test.each([
    ['names no time at all', 0, 1_000],
    ['names a time that has passed', -5_000, 1_000],
    ['names a year', 31_536_000_000, 3_600_000],
  ])('and %s pauses within sane bounds', (_, retryAfterMs, pause) => {
    expect(afterMs(nextStep({ kind: 'throttled', retryAfterMs }, 0, 0))).toBe(pause);
  });

  test('is never asked before the time it named', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (retryAfterMs, random) => {
        expect(afterMs(nextStep({ kind: 'throttled', retryAfterMs }, 3, random))).toBeGreaterThanOrEqual(retryAfterMs);
      }),
    );
  });

  test('never uses attempts up', () => {
    expect(nextStep({ kind: 'throttled', retryAfterMs: 1 }, maxAttempts, 0)).toMatchObject({ operation: 'again', countsAttempt: false });
  });
});

test('whatever fails, the next try is a whole number of milliseconds ahead and within seventy minutes', () => {
  const anyFailure: fc.Arbitrary<Failure> = fc.oneof(
    fc.constantFrom<Failure>(transient, { kind: 'missing' }, { kind: 'unauthorized' }, { kind: 'conflict' }, { kind: 'rejected' }),
    fc.record({ kind: fc.constant('throttled' as const), retryAfterMs: fc.integer() }),
  );
  fc.assert(
    fc.property(anyFailure, fc.nat(20), fc.double({ min: 0, max: 1, noNaN: true }), (failure, attempts, random) => {
      const wait = afterMs(nextStep(failure, attempts, random)) ?? 0;
      expect(Number.isInteger(wait) && wait >= 0 && wait <= 70 * 60_000).toBe(true);
    }),
  );
});

test('every kind of failure either counts an attempt, holds the target back or ends: nothing retries in a loop', () => {
  fc.assert(
    fc.property(fc.constantFrom<Failure['kind']>('transient', 'throttled', 'conflict', 'missing', 'unauthorized', 'rejected'), (kind) => {
      const step = nextStep(failureOf(kind), 0, 0);
      expect(step.operation === 'give-up' || step.countsAttempt || step.target !== 'failed').toBe(true);
      if (step.operation === 'again' && step.target !== 'suspend') expect(step.afterMs).toBeGreaterThan(0);
    }),
  );
});

function failureOf(kind: Failure['kind']): Failure {
  switch (kind) {
    case 'transient':
      return transient;
    case 'throttled':
      return { kind, retryAfterMs: 0 };
    case 'conflict':
    case 'missing':
    case 'unauthorized':
    case 'rejected':
      return { kind };
  }
}
