/**
 * From a posted response to a verified sign-in: what Usher asks of it, then the library's signatures, then the assertion as the library
 * verified it. Start here to see the order.
 */
import type { VerifiedSignIn } from '../../commands/login-outcome.ts';
import type { IdentityProvider, SamlAuthenticator } from '../../domain/vocabulary.ts';
import { pendingForMs, type PendingLogin } from '../login-cookies.ts';
import type { SamlSession } from '../session-data.ts';
import type { SamlParties, Verification } from '../strategies/saml.ts';
import { clockSkewMs, readAssertion, type Assertion, type ExpectedAssertion } from './assertion.ts';
import { judgeDecrypted, judgeEncryption } from './encryption.ts';
import { fault, type Faulty } from './faults.ts';
import { judgeResponse, type ResponseForm, type SamlResponse } from './response.ts';
import { parseXml } from './xml.ts';

export interface VerifyRequest {
  readonly response: SamlResponse;
  readonly parties: SamlParties;
  readonly identityProviderId: IdentityProvider['id'];
  readonly login: PendingLogin;
  readonly now: Date;
  /** Our private key, where it is needed. */
  ownPrivateKey(): Promise<string | null>;
  /** The library: the verified assertion's XML, or null where a signature does not hold. */
  verifySignatures(verification: Verification): Promise<string | null>;
}

export interface VerifiedResponse {
  readonly kind: 'verified';
  readonly signIn: Extract<VerifiedSignIn, { kind: 'federated' }>;
  readonly samlSession: SamlSession | null;
}

export async function verifyResponse(request: VerifyRequest): Promise<VerifiedResponse | Faulty> {
  const { response, parties, login, now } = request;
  const { authenticator, addresses } = parties;
  const { issuer, requireEncryption } = authenticator;
  const form = judgeResponse(response, { issuer, acs: addresses.acs, requireEncryption });
  if (form.kind === 'fault') return form;
  const expected = { issuer, acs: addresses.acs, audience: addresses.entityId, requestId: login.requestId, now };
  const early = judgeUnverified(form, expected);
  if (early) return early;

  const key = form.assertion.kind === 'encrypted' ? await request.ownPrivateKey() : null;
  if (form.assertion.kind === 'encrypted' && key === null) return fault('no-key');
  const verifiedXml = await request.verifySignatures({
    requestId: login.requestId,
    startedAt: new Date(login.startedAt),
    responseSigned: form.responseSigned,
    assertionSigned: form.assertion.kind === 'plain' && form.assertion.signed,
    decryptionKey: key,
  });
  if (verifiedXml === null) return fault('signature');
  const inside = key === null ? null : await judgeDecrypted(form.assertion.element, key, form.responseSigned);
  if (inside) return inside;

  const parsed = parseXml(verifiedXml);
  const assertion = parsed.kind === 'fault' ? parsed : readAssertion(parsed.root, expected);
  return assertion.kind === 'fault' ? assertion : signInFrom(assertion, request);
}

/** Nothing is believed from it yet. Looking early only names the fault: afterwards the library would just say no. */
function judgeUnverified(form: ResponseForm, expected: ExpectedAssertion): Faulty | null {
  if (form.assertion.kind === 'encrypted') return judgeEncryption(form.assertion.element, form.responseSigned);
  const assertion = readAssertion(form.assertion.element, expected);
  return assertion.kind === 'fault' ? assertion : null;
}

function signInFrom(assertion: Assertion, request: VerifyRequest): VerifiedResponse | Faulty {
  const { identityProviderId, login, parties } = request;
  const subject = subjectOf(assertion, parties.authenticator);
  if (typeof subject !== 'string') return subject;
  // It answers a request that this browser's cookie remembers: with the cookie's end it is of no more use to anybody.
  const until = Math.min(assertion.usableUntil.getTime(), login.startedAt + pendingForMs + clockSkewMs);
  return {
    kind: 'verified',
    signIn: {
      kind: 'federated',
      identityProviderId,
      issuer: parties.authenticator.issuer,
      subject,
      attributes: assertion.attributes,
      assertionId: assertion.id,
      expiresAt: new Date(until),
    },
    samlSession: samlSessionOf(assertion, identityProviderId),
  };
}

/** Longer ones are no names, and no index keeps them. */
const longestSubject = 1_024;

/** A transient NameID is another one at every sign-in: each would make a new person. */
function subjectOf({ nameId, attributes }: Assertion, { subjectAttribute }: SamlAuthenticator): string | Faulty {
  if (subjectAttribute !== null) {
    const values = Object.hasOwn(attributes, subjectAttribute) ? (attributes[subjectAttribute] ?? []) : [];
    const [value, second] = values;
    return typeof value === 'string' && second === undefined && value.length <= longestSubject ? value : fault('subject');
  }
  if (!nameId || nameId.value.length > longestSubject) return fault('subject');
  return nameId.format === 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' ? fault('transient-subject') : nameId.value;
}

/** Kept in a cookie while a login is held, so it must be small. */
const longestLogoutHandle = 1_000;

function samlSessionOf({ nameId, sessionIndex }: Assertion, identityProviderId: IdentityProvider['id']): SamlSession | null {
  if (!nameId) return null;
  const { value, format, nameQualifier, spNameQualifier } = nameId;
  const session: SamlSession = { identityProviderId, nameId: value, nameIdFormat: format, nameQualifier, spNameQualifier, sessionIndex };
  return JSON.stringify(session).length <= longestLogoutHandle ? session : null;
}
