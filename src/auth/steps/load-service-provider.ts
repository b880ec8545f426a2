import type { ServiceProvider, ServiceProviderId, TenantId } from '../../domain/vocabulary.ts';
import type { Step, Visit } from '../step.ts';
import { idFrom } from '../url-id.ts';
import { nothingHere } from './refuse.ts';

export interface WithServiceProvider extends Visit {
  readonly tenantId: TenantId;
  readonly serviceProvider: ServiceProvider;
}

/** The service provider named in the URL, and so the tenant: a login URL names no tenant. */
export const loadServiceProvider: Step<Visit, Pick<WithServiceProvider, 'tenantId' | 'serviceProvider'>> = async ({ req }, deps) => {
  const id = idFrom<ServiceProviderId>(req.params['serviceProviderId']);
  const serviceProvider = id && (await deps.database.tenants.signInParties(id, null)).serviceProvider;
  return serviceProvider ? { tenantId: serviceProvider.tenantId, serviceProvider } : nothingHere(deps);
};
