/** The URLs an administrator copies into applications and identity providers, and that the sign-in routes answer at. One place, so that they agree. */
import type { IdentityProviderId, ServiceProviderId } from './vocabulary.ts';

/** Paths below the public URL. */
export const signInPaths = {
  login: (id: ServiceProviderId | ':serviceProviderId') => `/login/${id}`,
  samlMetadata: (id: IdentityProviderId | ':identityProviderId') => `/saml/${id}/metadata`,
  samlCallback: (id: IdentityProviderId | ':identityProviderId') => `/saml/${id}/callback`,
  samlLogout: (id: IdentityProviderId | ':identityProviderId') => `/saml/${id}/logout`,
} as const;

export interface SamlUrls {
  /** What the identity provider knows us as; the metadata URL, as is usual. */
  readonly entityId: string;
  readonly callbackUrl: string;
  readonly metadataUrl: string;
  readonly logoutUrl: string;
}

export function samlUrls(publicUrl: string, id: IdentityProviderId): SamlUrls {
  const metadataUrl = below(publicUrl, signInPaths.samlMetadata(id));
  return {
    entityId: metadataUrl,
    callbackUrl: below(publicUrl, signInPaths.samlCallback(id)),
    metadataUrl,
    logoutUrl: below(publicUrl, signInPaths.samlLogout(id)),
  };
}

/** Where an application sends a person who shall sign in. */
export function loginUrl(publicUrl: string, id: ServiceProviderId): string {
  return below(publicUrl, signInPaths.login(id));
}

const below = (publicUrl: string, path: string): string => publicUrl.replace(/\/+$/, '') + path;
