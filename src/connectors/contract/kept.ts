import type { ConnectorError } from './connector.ts';
import { HttpError } from './http.ts';
import { oneFlight } from './one-flight.ts';

/** What a token endpoint gave, and until when (milliseconds since 1970; Infinity: until it is refused). */
export interface Fetched<T> {
  readonly value: T;
  readonly until: number;
}
export interface Kept<T> {
  current(signal: AbortSignal): Promise<T>;
  /** The target refused this one; the next call fetches another. A newer one that somebody fetched meanwhile stays. */
  forget(value: T): void;
}

const fetchLimitMs = 15_000;

/** Kept until it ends or is refused, and fetched once for everybody who waits for it. `failureOf` says what no whole answer means. */
export function keep<T>(
  fetch: (signal: AbortSignal) => Promise<Fetched<T>>,
  now: () => number,
  failureOf: (error: HttpError) => ConnectorError,
): Kept<T> {
  let kept: Fetched<T> | null = null;
  const fetchOnce = oneFlight(async (signal) => {
    kept = await fetch(signal);
    return kept.value;
  }, fetchLimitMs);
  return {
    current: async (signal) => {
      if (kept && now() < kept.until) return kept.value;
      try {
        return await fetchOnce(signal);
      } catch (error) {
        throw error instanceof HttpError ? failureOf(error) : error;
      }
    },
    forget: (value) => {
      if (kept?.value === value) kept = null;
    },
  };
}
