import type { Step } from '../step.ts';
import type { WithIdentityProvider } from './load-identity-provider.ts';
import type { WithServiceProvider } from './load-service-provider.ts';
import { refusedBefore } from './refuse.ts';

/** People of this service provider sign in with this identity provider, and it is switched on. */
export const allowSignIn: Step<WithServiceProvider & WithIdentityProvider, object> = ({ serviceProvider, identityProvider }, deps) => {
  if (identityProvider.enabled && serviceProvider.signInIdentityProviderIds.includes(identityProvider.id)) return {};
  return refusedBefore(deps, {
    reason: 'identity-provider-disabled',
    serviceProviderId: serviceProvider.id,
    identityProviderId: identityProvider.id,
  });
};
