/** How many SAML responses one address may send that prove nothing. Counted in this process, as all limits of rate. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { pendingForMs } from '../auth/login-cookies.ts';
import type { ProofLimit } from '../auth/proof-limit.ts';
import { consume, type RateLimits } from '../graphql/rate-limit.ts';
import { callerAddress } from './caller-address.ts';

/** A double click, or a page that was loaded again: nobody needs more answers to one request. */
const answersToOneRequest = 3;

/** Taken at the start and given back where the proof holds, so that many at once do not pass before the first has failed. */
export function createProofLimit(limits: Pick<RateLimits, 'proofs'>): ProofLimit {
  const addresses = new RateLimiterMemory({ points: limits.proofs ?? 300, duration: 60 });
  const requests = new RateLimiterMemory({ points: answersToOneRequest, duration: pendingForMs / 1000 });
  return {
    begin: (req) => consume(addresses, callerAddress(req)),
    held: async (req) => {
      await addresses.reward(callerAddress(req));
    },
    answered: async (requestId) => (await consume(requests, requestId)) === null,
  };
}
