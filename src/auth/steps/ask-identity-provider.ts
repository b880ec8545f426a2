import { randomBytes } from 'node:crypto';
import { ends, type LastStep } from '../step.ts';
import { runStrategy } from '../strategies/run-strategy.ts';
import { askingStrategy } from '../strategies/saml.ts';
import type { WithDestination } from './choose-destination.ts';
import type { WithIdentityProvider } from './load-identity-provider.ts';
import type { WithServiceProvider } from './load-service-provider.ts';

/** Sends the browser to its identity provider with a request of ours, and gives it the cookie that lets the answer in. */
export const askIdentityProvider: LastStep<WithServiceProvider & WithIdentityProvider & WithDestination> = async (visit, deps) => {
  const { req, res, tenantId, serviceProvider, identityProvider, parties, returnTo } = visit;
  const requestId = newRequestId();
  const key = parties.authenticator.signRequests ? await deps.ownPrivateKey(tenantId, identityProvider.id) : null;
  // Configuring it makes the key: a request that should be signed does not leave without.
  if (parties.authenticator.signRequests && key === null) throw new Error('An identity provider with signed requests has no key of ours.');

  const now = deps.clock.now();
  deps.cookies.rememberPending(
    req,
    res,
    {
      requestId,
      tenantId,
      serviceProviderId: serviceProvider.id,
      identityProviderId: identityProvider.id,
      returnTo,
      browserSecret: deps.chance.secret(),
      startedAt: now.getTime(),
    },
    now,
  );
  res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  const asked = await runStrategy(askingStrategy(parties, requestId, key), req, res, { query: {}, body: {} });
  if (asked.kind !== 'sent') throw new Error('The request to the identity provider could not be made.');
  return ends({ kind: 'sent' });
};

/** An XML id begins with a letter or an underscore; 160 bits, as SAML Core 1.3.4 asks. */
export function newRequestId(): string {
  return `_${randomBytes(20).toString('hex')}`;
}
