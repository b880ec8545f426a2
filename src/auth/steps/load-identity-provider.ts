import type { IdentityProvider, IdentityProviderId, TenantId } from '../../domain/vocabulary.ts';
import type { LoginDeps } from '../login-deps.ts';
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
  return (identityProvider && withParties(identityProvider, deps)) ?? nothingHere(deps);
};

/** null: it signs nobody in. */
export function withParties(
  identityProvider: IdentityProvider,
  { publicUrl }: LoginDeps,
): Pick<WithIdentityProvider, 'identityProvider' | 'parties'> | null {
  const { authenticator, id } = identityProvider;
  return authenticator && { identityProvider, parties: { authenticator, addresses: samlAddresses(publicUrl, id) } };
}
