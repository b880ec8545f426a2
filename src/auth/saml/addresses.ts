/** Our addresses for one identity provider: each has its own, so that a response for the one is none for the other. */
import type { IdentityProviderId } from '../../domain/vocabulary.ts';

export interface SamlAddresses {
  /** Where our metadata is, too. */
  readonly entityId: string;
  /** Assertion consumer service: where responses are posted. */
  readonly acs: string;
  readonly logout: string;
}

export function samlAddresses(publicUrl: string, identityProviderId: IdentityProviderId): SamlAddresses {
  const base = `${publicUrl}/saml/${identityProviderId}`;
  return { entityId: `${base}/metadata`, acs: `${base}/callback`, logout: `${base}/logout` };
}
