import type { IdentityProviderId, TenantId } from '../../domain/vocabulary.ts';
import type { Step, Visit } from '../step.ts';
import { idFrom } from '../url-id.ts';
import { nothingHere } from './refuse.ts';

/** The tenant of the identity provider in the URL, where no service provider and no login tells it. */
export const findTenant: Step<Visit, { readonly tenantId: TenantId }> = async ({ req }, deps) => {
  const id = idFrom<IdentityProviderId>(req.params['identityProviderId']);
  const tenantId = id && (await deps.database.tenants.ofIdentityProvider(id));
  return tenantId ? { tenantId } : nothingHere(deps);
};
