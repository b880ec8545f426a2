import type { IdentityProvider, IdentityProviderId, TenantId } from '../../domain/vocabulary.ts';
import { samlAddresses } from '../saml/addresses.ts';
import type { Step, Visit } from '../step.ts';
import type { SamlParties } from '../strategies/saml.ts';
import { idFrom } from '../url-id.ts';
import { nothingHere } from './refuse.ts';

export interface WithIdentityProvider extends Visit {
  readonly identityProvider: IdentityProvider;
  readonly parties: SamlParties;
}

/** The identity provider named in the URL, in the tenant that is known by now, if it signs people in at all. */
export const loadIdentityProvider: Step<
  Visit & { readonly tenantId: TenantId },
  Pick<WithIdentityProvider, 'identityProvider' | 'parties'>
> = async ({ req, tenantId }, deps) => {
  const id = idFrom<IdentityProviderId>(req.params['identityProviderId']);
  const identityProvider = id && (await deps.database.reads(tenantId).byId('identityProvider', id));
  if (!identityProvider?.authenticator) return nothingHere(deps);
  const parties = { authenticator: identityProvider.authenticator, addresses: samlAddresses(deps.publicUrl, identityProvider.id) };
  return { identityProvider, parties };
};
