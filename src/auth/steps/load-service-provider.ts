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
  const tenantId = id && (await deps.database.tenants.ofServiceProvider(id));
  const serviceProvider = tenantId && (await deps.database.reads(tenantId).byId('serviceProvider', id));
  return serviceProvider ? { tenantId, serviceProvider } : nothingHere(deps);
};
