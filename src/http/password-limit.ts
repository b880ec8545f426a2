/** How many local passwords one address may try: each costs the work of a hash, whoever it is for, and a lock guards one user only. */
import { Router, type RequestHandler } from 'express';
import { tooManyPage } from '../auth/pages/fixed-pages.ts';
import { sendReply } from '../auth/pages/send-reply.ts';
import { createRateLimiter, type RateLimits } from '../graphql/rate-limit.ts';
import { callerAddress } from './caller-address.ts';

export function limitPasswords(limits: RateLimits): RequestHandler {
  const limiter = createRateLimiter(limits);
  return Router().post('/login/:serviceProviderId/password', async (request, response, next) => {
    const wait = await limiter.take({ kind: 'password', key: callerAddress(request) });
    if (wait === null) next();
    else sendReply(response.set('retry-after', String(wait)), tooManyPage());
  });
}
