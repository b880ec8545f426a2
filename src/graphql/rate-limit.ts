/** How many requests a caller may send a minute; the rest is answered 429 with Retry-After. Counted in this process: two processes allow twice as many. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimits {
  /** Each API token and each administrator. */
  readonly known: number;
  /** Each address that sends neither, or a bad token. */
  readonly unknown: number;
  /** Self-registrations from each address; 10 where it is absent. */
  readonly registrations?: number;
  /** Local passwords that people of each address may try; 60 where it is absent. Each costs the work of a hash. */
  readonly passwords?: number;
}
export interface RateLimiter {
  /** null: go on. Otherwise after how many seconds to come back. */
  take(caller: { readonly kind: 'known' | 'unknown' | 'registering' | 'password'; readonly key: string }): Promise<number | null>;
}

export function createRateLimiter(limits: RateLimits): RateLimiter {
  const limiters = {
    known: new RateLimiterMemory({ points: limits.known, duration: 60 }),
    unknown: new RateLimiterMemory({ points: limits.unknown, duration: 60 }),
    registering: new RateLimiterMemory({ points: limits.registrations ?? 10, duration: 60 }),
    password: new RateLimiterMemory({ points: limits.passwords ?? 60, duration: 60 }),
  };
  return {
    async take({ kind, key }) {
      try {
        await limiters[kind].consume(key);
        return null;
      } catch (error) {
        // The library throws its answer where the points are used up.
        if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw error;
      }
    },
  };
}
