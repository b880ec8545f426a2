import type { IdentityProvider, ServiceProvider, TenantId } from '../../domain/vocabulary.ts';
import type { LoginDeps } from '../login-deps.ts';
import { chooserPage } from '../pages/chooser-page.ts';
import { ends, type LastStep } from '../step.ts';
import type { WithDestination } from './choose-destination.ts';
import type { WithServiceProvider } from './load-service-provider.ts';

export const showChooser: LastStep<WithServiceProvider & WithDestination> = async ({ tenantId, serviceProvider, returnTo }, deps) => {
  const identityProviders = await signInWays(deps, tenantId, serviceProvider);
  return ends(chooserPage({ publicUrl: deps.publicUrl, serviceProvider, identityProviders, returnTo, passwordWasWrong: false }));
};

/** Identity providers that would let somebody in, in the order the service provider lists them. */
export async function signInWays(
  deps: LoginDeps,
  tenantId: TenantId,
  serviceProvider: ServiceProvider,
): Promise<readonly IdentityProvider[]> {
  const ids = serviceProvider.signInIdentityProviderIds;
  if (ids.length === 0) return [];
  const found = await deps.database.reads(tenantId).find('identityProvider', { id: ids, enabled: true });
  return ids.flatMap((id) => found.filter((one) => one.id === id && one.authenticator !== null));
}
