/**
 * The response as it came, before anybody verified it: refuses what Usher refuses whatever the signature says. Nothing read here is believed;
 * what a person is comes from the verified assertion alone (assertion.ts). Start with readResponse.
 */
import type { Element } from '@xmldom/xmldom';
import { fault, type Faulty } from './faults.ts';
import { judgeSignatureOf, signaturesAreInPlace } from './signature-form.ts';
import { allElements, attributeOf, childrenOf, elementsIn, isElement, onlyChild, parseXml, textOf } from './xml.ts';

export interface SamlResponse {
  readonly kind: 'response';
  /** Base64 as it was posted: what the library verifies. */
  readonly posted: string;
  readonly root: Element;
  /** The request it claims to answer; null: one that nobody made. */
  readonly inResponseTo: string | null;
}

/** What the response must say to be for us. */
export interface ExpectedResponse {
  readonly issuer: string;
  /** Our assertion consumer service. */
  readonly acs: string;
  readonly requireEncryption: boolean;
}

/** How the library shall verify: each signature that is there must be true. */
export interface ResponseForm {
  readonly kind: 'form';
  readonly responseSigned: boolean;
  readonly assertion:
    | { readonly kind: 'plain'; readonly element: Element; readonly signed: boolean }
    | { readonly kind: 'encrypted'; readonly element: Element };
}

export function readResponse(posted: unknown): SamlResponse | Faulty {
  if (typeof posted !== 'string' || posted === '') return fault('not-one-response');
  const xml = decode(posted);
  if (xml === null) return fault('not-base64');
  const parsed = parseXml(xml);
  if (parsed.kind === 'fault') return parsed;
  const { root } = parsed;
  if (!isElement(root, 'protocol', 'Response') || attributeOf(root, 'Version') !== '2.0') return fault('not-a-response');
  return { kind: 'response', posted, root, inResponseTo: attributeOf(root, 'InResponseTo') };
}

export function judgeResponse(response: SamlResponse, expected: ExpectedResponse): ResponseForm | Faulty {
  const { root } = response;
  if (hasDuplicateIds(root)) return fault('duplicate-id');
  if (attributeOf(root, 'Destination') !== expected.acs) return fault('destination');
  const issuers = childrenOf(root, 'assertion', 'Issuer');
  if (issuers.length > 1 || issuers.some((issuer) => textOf(issuer) !== expected.issuer)) return fault('issuer');
  if (!isSuccess(root)) return fault('status');

  const assertion = onlyAssertion(root);
  if (!assertion) return fault('not-one-assertion');
  const encrypted = isElement(assertion, 'assertion', 'EncryptedAssertion');
  if (!encrypted && expected.requireEncryption) return fault('not-encrypted');
  // A signature inside an encrypted assertion is judged once it is decrypted.
  if (!signaturesAreInPlace(root, encrypted ? [root] : [root, assertion])) return fault('misplaced-signature');
  const ofResponse = judgeSignatureOf(root);
  if (typeof ofResponse === 'object') return ofResponse;
  const responseSigned = ofResponse === 'signed';
  if (encrypted) return { kind: 'form', responseSigned, assertion: { kind: 'encrypted', element: assertion } };

  const ofAssertion = judgeSignatureOf(assertion);
  if (typeof ofAssertion === 'object') return ofAssertion;
  const signed = ofAssertion === 'signed';
  return responseSigned || signed
    ? { kind: 'form', responseSigned, assertion: { kind: 'plain', element: assertion, signed } }
    : fault('unsigned');
}

/** Strictly: a lenient decoder skips what is no base64, and so reads other bytes than the next one. */
function decode(posted: string): string | null {
  const compact = posted.replace(/[\r\n\t ]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'));
  } catch {
    return null;
  }
}

/** Two elements of one id: the signature of the one, the content of the other. Whatever the attribute is called, for some readers take any. */
function hasDuplicateIds(root: Element): boolean {
  const seen = new Set<string>();
  for (const element of allElements(root)) {
    for (const name of ['ID', 'Id', 'id']) {
      const id = element.getAttribute(name);
      if (!id) continue;
      if (seen.has(id)) return true;
      seen.add(id);
    }
  }
  return false;
}

/** The top-level status alone decides (SAML Core 3.2.2.2): an assertion beside a failure counts for nothing. */
function isSuccess(root: Element): boolean {
  const status = onlyChild(root, 'protocol', 'Status');
  const code = status && onlyChild(status, 'protocol', 'StatusCode');
  return code !== null && attributeOf(code, 'Value') === 'urn:oasis:names:tc:SAML:2.0:status:Success';
}

/** Exactly one in the whole document, directly below the response: a second one, wherever it hides, is there to be mistaken for it. */
function onlyAssertion(root: Element): Element | null {
  const looksLikeOne = (element: Element): boolean => element.localName === 'Assertion' || element.localName === 'EncryptedAssertion';
  const [found, second] = allElements(root).filter(looksLikeOne);
  if (!found || second || !elementsIn(root).includes(found)) return null;
  return isElement(found, 'assertion', 'Assertion') || isElement(found, 'assertion', 'EncryptedAssertion') ? found : null;
}
