import type { IdentityProviderId, ServiceProviderId } from '../../domain/vocabulary.ts';
import type { Step, Visit } from '../step.ts';
import { idFrom } from '../url-id.ts';
import { withParties, type WithIdentityProvider } from './load-identity-provider.ts';
import type { WithServiceProvider } from './load-service-provider.ts';
import { nothingHere } from './refuse.ts';

type WithBoth = Omit<WithServiceProvider & WithIdentityProvider, keyof Visit>;

/** Service provider and identity provider of the URL in one question, for the route that every sign-in begins with. */
export const loadBothParties: Step<Visit, WithBoth> = async ({ req }, deps) => {
  const id = idFrom<ServiceProviderId>(req.params['serviceProviderId']);
  const found = id && (await deps.database.tenants.signInParties(id, idFrom<IdentityProviderId>(req.params['identityProviderId'])));
  const sides = found?.identityProvider && withParties(found.identityProvider, deps);
  if (!found?.serviceProvider || !sides) return nothingHere(deps);
  return { tenantId: found.serviceProvider.tenantId, serviceProvider: found.serviceProvider, ...sides };
};
