import { metadataXml } from '../saml/metadata.ts';
import { ends, type LastStep } from '../step.ts';
import type { WithIdentityProvider } from './load-identity-provider.ts';

/** Our metadata for this identity provider. Public, as it is meant to be read by the other side. */
export const showMetadata: LastStep<WithIdentityProvider> = ({ parties: { authenticator, addresses } }) => {
  const { signRequests, ownCertificate } = authenticator;
  return ends({ kind: 'document', type: 'application/samlmetadata+xml', text: metadataXml({ addresses, signRequests, ownCertificate }) });
};
