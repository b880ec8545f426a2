/**
 * A Passport strategy from an identity provider's row. Made for each request: Passport writes on it, and which signatures are asked for
 * depends on the response. It verifies signatures and decrypts; what else Usher demands is in ../saml.
 */
import {
  SAML,
  Strategy,
  ValidateInResponseTo,
  type CacheProvider,
  type PassportSamlConfig,
  type Profile,
  type VerifyWithoutRequest,
} from '@node-saml/passport-saml';
import { z } from 'zod';
import type { SamlAuthenticator } from '../../domain/vocabulary.ts';
import type { SamlAddresses } from '../saml/addresses.ts';
import { clockSkewMs } from '../saml/assertion.ts';
import type { SamlSession } from '../session-data.ts';

export interface SamlParties {
  readonly authenticator: SamlAuthenticator;
  readonly addresses: SamlAddresses;
}

/** Asks the identity provider: the request's id is ours to choose, so that the cookie that remembers it can be set before. */
export function askingStrategy(parties: SamlParties, requestId: string, signingKey: string | null): Strategy {
  return strategyOf({
    ...optionsOf(parties),
    generateUniqueId: () => requestId,
    ...(signingKey === null ? {} : { privateKey: signingKey }),
  });
}

export interface Verification {
  readonly requestId: string;
  readonly startedAt: Date;
  readonly responseSigned: boolean;
  readonly assertionSigned: boolean;
  readonly decryptionKey: string | null;
}

/** Verifies a response: every signature that is there must be true, and one must be there (the library asks for it by itself). */
export function verifyingStrategy(parties: SamlParties, verification: Verification): Strategy {
  return strategyOf({
    ...optionsOf(parties),
    wantAuthnResponseSigned: verification.responseSigned,
    wantAssertionsSigned: verification.assertionSigned,
    validateInResponseTo: ValidateInResponseTo.always,
    cacheProvider: onlyRequest(verification),
    acceptedClockSkewMs: clockSkewMs,
    ...(verification.decryptionKey === null ? {} : { decryptionPvk: verification.decryptionKey }),
  });
}

/** Where to send the browser so that the identity provider ends its session too; null where it has no such address. */
export async function logoutUrlOf(
  parties: SamlParties,
  session: SamlSession,
  requestId: string,
  signingKey: string | null,
): Promise<string | null> {
  const { logoutUrl } = parties.authenticator;
  if (logoutUrl === null) return null;
  const options = { ...optionsOf(parties), logoutUrl, generateUniqueId: () => requestId };
  const saml = new SAML(signingKey === null ? options : { ...options, privateKey: signingKey });
  const profile: Profile = {
    issuer: parties.authenticator.issuer,
    nameID: session.nameId,
    nameIDFormat: session.nameIdFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    ...(session.nameQualifier === null ? {} : { nameQualifier: session.nameQualifier }),
    ...(session.spNameQualifier === null ? {} : { spNameQualifier: session.spNameQualifier }),
    ...(session.sessionIndex === null ? {} : { sessionIndex: session.sessionIndex }),
  };
  return saml.getLogoutUrlAsync(profile, '', {});
}

/** The verified assertion, canonicalised, from what the strategy found; null where it found something else. */
export function assertionXmlOf(profile: unknown): string | null {
  const parsed = verifiedProfile.safeParse(profile);
  return parsed.success ? parsed.data.assertionXml : null;
}

function optionsOf({ authenticator, addresses }: SamlParties): PassportSamlConfig {
  return {
    issuer: addresses.entityId,
    audience: addresses.entityId,
    callbackUrl: addresses.acs,
    entryPoint: authenticator.entryPoint,
    idpCert: [...authenticator.certificates],
    idpIssuer: authenticator.issuer,
    // The library's own defaults are SHA-1 here.
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    // Whatever the identity provider identifies and authenticates people by: its administrator decides, not a default of ours.
    identifierFormat: null,
    disableRequestedAuthnContext: true,
  };
}

function strategyOf(options: PassportSamlConfig): Strategy {
  const found: VerifyWithoutRequest = (profile, done) => {
    done(null, { assertionXml: profile?.getAssertionXml?.() });
  };
  // A logout message never reaches a strategy: see VisibleRequest.
  const loggedOut: VerifyWithoutRequest = (_profile, done) => {
    done(null);
  };
  return new Strategy(options, found, loggedOut);
}

const verifiedProfile = z.object({ assertionXml: z.string() });

/** The library's memory of requests: the one that this browser's cookie remembers. */
function onlyRequest(verification: Verification): CacheProvider {
  const value = verification.startedAt.toISOString();
  const valueOf = (id: string | null): string | null => (id === verification.requestId ? value : null);
  return {
    saveAsync: () => Promise.resolve(null),
    getAsync: (id) => Promise.resolve(valueOf(id)),
    removeAsync: () => Promise.resolve(null),
  };
}
