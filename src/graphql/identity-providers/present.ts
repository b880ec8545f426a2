/** Certificates as people read them. */
import { X509Certificate } from 'node:crypto';
import type { Authenticator } from '../../domain/vocabulary.ts';
import type { Fields } from '../results.ts';
import type { CertificateType, SamlAuthenticatorType } from './types.ts';

export function presentAuthenticator(authenticator: Authenticator): Fields<SamlAuthenticatorType> {
  const { issuer, entryPoint, logoutUrl, certificates, subjectAttribute, signRequests, requireEncryption, ownCertificate } = authenticator;
  return {
    ...{ issuer, entryPoint, logoutUrl, subjectAttribute, signRequests, requireEncryption },
    certificates: certificates.map(presentCertificate),
    ownCertificate: ownCertificate === null ? null : presentCertificate(ownCertificate),
  };
}

function presentCertificate(pem: string): Fields<CertificateType> {
  const certificate = new X509Certificate(pem);
  return { pem, subject: certificate.subject, validTo: certificate.validToDate, fingerprint: certificate.fingerprint256 };
}
