/** Our side of a federation as XML (SAML Metadata 2.4.4): what an administrator of the identity provider reads in. */
import { escapeMarkup } from '../pages/html.ts';
import type { SamlAddresses } from './addresses.ts';

export interface OwnMetadata {
  readonly addresses: SamlAddresses;
  readonly signRequests: boolean;
  /** PEM; null: requests are unsigned and assertions plain. */
  readonly ownCertificate: string | null;
}

export function metadataXml(metadata: OwnMetadata): string {
  const { addresses, ownCertificate } = metadata;
  const entityId = escapeMarkup(addresses.entityId);
  const logout = escapeMarkup(addresses.logout);
  const key = ownCertificate === null ? '' : keyDescriptor('signing', ownCertificate) + keyDescriptor('encryption', ownCertificate);
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}">
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="${String(metadata.signRequests && ownCertificate !== null)}" WantAssertionsSigned="true">${key}
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${logout}"/>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${logout}"/>
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${escapeMarkup(addresses.acs)}" index="1" isDefault="true"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
`;
}

/** Ciphers that authenticate come first; what an identity provider picks must be among those encryption.ts accepts. */
const ciphers = [
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
];

function keyDescriptor(use: 'signing' | 'encryption', certificate: string): string {
  const base64 = certificate.replace(/-----[^-]+-----|\s/g, '');
  const methods = use === 'encryption' ? ciphers.map((one) => `<md:EncryptionMethod Algorithm="${one}"/>`).join('') : '';
  return `
    <md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${escapeMarkup(base64)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${methods}</md:KeyDescriptor>`;
}
