/** Builds SAML responses, right ones and every kind of wrong one, and really signs and encrypts them. No server: see saml-identity-provider.ts. */
import { createPublicKey, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { SignedXml } from 'xml-crypto';
import { encrypt, type EncryptionAlgorithm, type KeyEncryptionAlgorithm } from 'xml-encryption';

export interface SamlPerson {
  /** What is typed into the login form. */
  readonly name: string;
  readonly nameId: string;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

export interface ResponseSpec {
  readonly issuer: string;
  readonly acs: string;
  readonly audience: string;
  /** null: nobody asked (IdP-initiated). */
  readonly inResponseTo: string | null;
  readonly person: Pick<SamlPerson, 'nameId' | 'attributes'>;
  readonly key: string;
  readonly now: Date;
  readonly wrong?: Wrong;
}

/** What to do otherwise than the standard says, or than usual. Nothing set: a right response with a signed assertion. */
export interface Wrong {
  readonly sign?: 'response' | 'assertion' | 'both' | 'none';
  readonly signatureAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly canonicalization?: string;
  readonly key?: string;
  readonly status?: string;
  readonly destination?: string | null;
  readonly recipient?: string | null;
  readonly audience?: string | null;
  readonly responseIssuer?: string | null;
  readonly assertionIssuer?: string;
  readonly subjectInResponseTo?: string | null;
  readonly inResponseTo?: string | null;
  /** Milliseconds from now. */
  readonly issuedMs?: number;
  readonly conditionsMs?: readonly [from: number, until: number];
  readonly confirmedMs?: number;
  readonly nameId?: string;
  readonly nameIdXml?: string;
  readonly attributesXml?: string;
  readonly assertionId?: string;
  readonly encryptTo?: string;
  readonly cipher?: EncryptionAlgorithm;
  readonly keyTransport?: KeyEncryptionAlgorithm;
  /** Before anything is signed. */
  readonly assertionXml?: (xml: string) => string;
  /** After the assertion was signed, before it is encrypted. */
  readonly signedAssertionXml?: (xml: string) => string;
  /** After everything. */
  readonly xml?: (xml: string) => string;
}

export const algorithms = {
  rsaSha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  exclusiveWithComments: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
} as const;

/** The response's XML. */
export async function buildResponse(spec: ResponseSpec): Promise<string> {
  const wrong = spec.wrong ?? {};
  const sign = wrong.sign ?? 'assertion';
  const plain = (wrong.assertionXml ?? same)(assertionXml(spec, wrong));
  const signed = (wrong.signedAssertionXml ?? same)(
    sign === 'assertion' || sign === 'both' ? signXml(plain, 'Assertion', spec, wrong) : plain,
  );
  const carried = wrong.encryptTo === undefined ? signed : await encryptXml(signed, wrong.encryptTo, wrong);
  const response = responseXml(spec, wrong, carried);
  return (wrong.xml ?? same)(sign === 'response' || sign === 'both' ? signXml(response, 'Response', spec, wrong) : response);
}

export function toBase64(xml: string): string {
  return Buffer.from(xml, 'utf8').toString('base64');
}

const same = (xml: string): string => xml;
const newId = (): string => `_${randomBytes(16).toString('hex')}`;
const attribute = (name: string, value: string | null | undefined): string => (value == null ? '' : ` ${name}="${escapeXml(value)}"`);

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function responseXml(spec: ResponseSpec, wrong: Wrong, inside: string): string {
  const issuer = wrong.responseIssuer === undefined ? spec.issuer : wrong.responseIssuer;
  const inResponseTo = wrong.inResponseTo === undefined ? spec.inResponseTo : wrong.inResponseTo;
  const destination = wrong.destination === undefined ? spec.acs : wrong.destination;
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${newId()}" Version="2.0"` +
    ` IssueInstant="${spec.now.toISOString()}"${attribute('Destination', destination)}${attribute('InResponseTo', inResponseTo)}>` +
    (issuer === null ? '' : `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer>`) +
    `<samlp:Status><samlp:StatusCode Value="${wrong.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'}"/></samlp:Status>${inside}</samlp:Response>`
  );
}

function assertionXml(spec: ResponseSpec, wrong: Wrong): string {
  const at = (ms: number): string => new Date(spec.now.getTime() + ms).toISOString();
  const [from, until] = wrong.conditionsMs ?? [-5_000, 300_000];
  const recipient = wrong.recipient === undefined ? spec.acs : wrong.recipient;
  const inResponseTo = wrong.subjectInResponseTo === undefined ? spec.inResponseTo : wrong.subjectInResponseTo;
  const audience = wrong.audience === undefined ? spec.audience : wrong.audience;
  const issued = at(wrong.issuedMs ?? 0);
  const nameId =
    wrong.nameIdXml ??
    `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${escapeXml(wrong.nameId ?? spec.person.nameId)}</saml:NameID>`;
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${wrong.assertionId ?? newId()}" Version="2.0" IssueInstant="${issued}">` +
    `<saml:Issuer>${escapeXml(wrong.assertionIssuer ?? spec.issuer)}</saml:Issuer>` +
    `<saml:Subject>${nameId}<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
    `<saml:SubjectConfirmationData NotOnOrAfter="${at(wrong.confirmedMs ?? 300_000)}"${attribute('Recipient', recipient)}${attribute('InResponseTo', inResponseTo)}/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${at(from)}" NotOnOrAfter="${at(until)}">` +
    (audience === null
      ? ''
      : `<saml:AudienceRestriction><saml:Audience>${escapeXml(audience)}</saml:Audience></saml:AudienceRestriction>`) +
    `</saml:Conditions><saml:AuthnStatement AuthnInstant="${issued}" SessionIndex="${newId()}"><saml:AuthnContext>` +
    `<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    (wrong.attributesXml ?? attributesXml(spec.person.attributes)) +
    `</saml:Assertion>`
  );
}

function attributesXml(attributes: SamlPerson['attributes']): string {
  const items = Object.entries(attributes).map(([name, value]) => {
    const values = typeof value === 'string' ? [value] : value;
    const xml = values.map((one) => `<saml:AttributeValue>${escapeXml(one)}</saml:AttributeValue>`).join('');
    return `<saml:Attribute Name="${escapeXml(name)}">${xml}</saml:Attribute>`;
  });
  return items.length === 0 ? '' : `<saml:AttributeStatement>${items.join('')}</saml:AttributeStatement>`;
}

/** Signs the first element of this name, with the signature behind its Issuer where the schema wants it. */
function signXml(xml: string, name: 'Assertion' | 'Response', spec: ResponseSpec, wrong: Wrong): string {
  const element = `(//*[local-name(.)='${name}'])[1]`;
  const signer = new SignedXml({
    privateKey: wrong.key ?? spec.key,
    signatureAlgorithm: wrong.signatureAlgorithm ?? algorithms.rsaSha256,
    canonicalizationAlgorithm: algorithms.exclusive,
  });
  signer.addReference({
    xpath: element,
    digestAlgorithm: wrong.digestAlgorithm ?? algorithms.sha256,
    transforms: [algorithms.enveloped, wrong.canonicalization ?? algorithms.exclusive],
  });
  const issuer = `${element}/*[local-name(.)='Issuer']`;
  const location = xml.includes(':Issuer>')
    ? ({ reference: issuer, action: 'after' } as const)
    : ({ reference: element, action: 'prepend' } as const);
  signer.computeSignature(xml, { prefix: 'ds', location });
  return signer.getSignedXml();
}

async function encryptXml(xml: string, certificate: string, wrong: Wrong): Promise<string> {
  const options = {
    rsa_pub: createPublicKey(certificate).export({ type: 'spki', format: 'pem' }),
    pem: certificate,
    encryptionAlgorithm: wrong.cipher ?? ('http://www.w3.org/2009/xmlenc11#aes256-gcm' as const),
    keyEncryptionAlgorithm: wrong.keyTransport ?? ('http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p' as const),
    disallowEncryptionWithInsecureAlgorithm: false,
    warnInsecureAlgorithm: false,
  };
  const encrypted = await promisify(encrypt)(xml, options);
  return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${encrypted}</saml:EncryptedAssertion>`;
}
