/** How many requests a caller may send a minute; the rest is answered 429 with Retry-After. Counted in this process: two processes allow twice as many. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimits {
  /** Each API token and each administrator. */
  readonly known: number;
  /** Each address that sends neither, or a bad token. */
  readonly unknown: number;
  /** Self-registrations from each address; 10 where it is absent. */
  readonly registrations?: number;
  /** Passwords that each address may try, of people and again of administrators; 60 where it is absent. Each costs the work of a hash. */
  readonly passwords?: number;
  /** SAML responses from each address that do not prove who somebody is; 300 where it is absent. An office behind one address has many people, but few of them fail. */
  readonly proofs?: number;
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
    take: ({ kind, key }) => consume(limiters[kind], key),
  };
}

/** null: go on. Otherwise after how many seconds to come back. */
export async function consume(limiter: RateLimiterMemory, key: string): Promise<number | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (error) {
    // The library throws its answer where the points are used up.
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    throw error;
  }
}
