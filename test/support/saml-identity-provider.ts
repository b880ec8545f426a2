/**
 * A small SAML 2.0 identity provider that really signs, for tests, the demo and the benchmarks. It reads our metadata at the address that the
 * request's Issuer is, as a federation would. Start with startSamlIdentityProvider; alone: `tsx test/support/saml-identity-provider.ts --port 0`.
 */
import { createVerify, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import express, { urlencoded, type Request, type Response } from 'express';
import { makeOwnCertificate } from '../../src/auth/own-certificate.ts';
import { buildResponse, escapeXml, toBase64, type SamlPerson, type Wrong } from './saml-response.ts';

export type { SamlPerson, Wrong } from './saml-response.ts';

export interface SamlIdentityProviderOptions {
  readonly port?: number;
  readonly people?: readonly SamlPerson[];
  /** Which signatures; default: the assertion's. */
  readonly sign?: 'response' | 'assertion' | 'both';
  /** Encrypt assertions to the key in our metadata. */
  readonly encrypt?: boolean;
  /** Keys and certificate of another one, to stand in for it. */
  readonly keys?: { readonly certificate: string; readonly privateKey: string };
}

/** Who signs in next without a form, and what is wrong with the answer. */
export interface NextAnswer {
  readonly person?: string | SamlPerson;
  readonly wrong?: Wrong;
}

export interface SamlIdentityProvider {
  readonly url: string;
  readonly entityId: string;
  /** Add `?user=NAME` for a sign-in without a form. */
  readonly entryPoint: string;
  readonly logoutUrl: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly people: Map<string, SamlPerson>;
  /** Requests as they came, with whether they were signed. */
  readonly requests: readonly ReceivedRequest[];
  readonly logouts: readonly ReceivedRequest[];
  /** Answers in this order; without one, whoever `?user=` or the form names. */
  next(answer: NextAnswer): void;
  close(): Promise<void>;
}

export interface ReceivedRequest {
  readonly id: string;
  readonly issuer: string;
  readonly acs: string;
  readonly xml: string;
  readonly signed: boolean;
}

export const somePeople: readonly SamlPerson[] = [
  {
    name: 'alice',
    nameId: 'alice-0001',
    attributes: { mail: 'alice@example.test', givenName: 'Alice', sn: 'Archer', groups: ['staff', 'design'] },
  },
  { name: 'bob', nameId: 'bob-0002', attributes: { mail: 'bob@example.test', givenName: 'Bob', sn: 'Baker', groups: 'staff' } },
  { name: 'carol', nameId: 'carol-0003', attributes: { mail: 'carol@example.test', givenName: 'Carol', sn: 'Clark', groups: [] } },
];

export async function startSamlIdentityProvider(options: SamlIdentityProviderOptions = {}): Promise<SamlIdentityProvider> {
  const keys = options.keys ?? (await makeOwnCertificate('Test identity provider', new Date()));
  const people = new Map((options.people ?? somePeople).map((person) => [person.name, person]));
  const requests: ReceivedRequest[] = [];
  const logouts: ReceivedRequest[] = [];
  const script: NextAnswer[] = [];
  const readMetadata = createMetadataReader();
  const app = express();

  const answer = async (res: Response, request: ReceivedRequest, person: SamlPerson, wrong: Wrong = {}): Promise<void> => {
    const metadata = await readMetadata(request.issuer);
    if (metadata.acs !== request.acs) throw new Error('The request asks for an address that the metadata does not have.');
    const xml = await buildResponse({
      issuer: provider.entityId,
      acs: request.acs,
      audience: request.issuer,
      inResponseTo: request.id,
      person,
      key: keys.privateKey,
      now: new Date(),
      wrong: {
        sign: options.sign ?? 'assertion',
        ...(options.encrypt && metadata.encryption ? { encryptTo: metadata.encryption } : {}),
        ...wrong,
      },
    });
    res.type('html').send(autoPostPage(request.acs, toBase64(xml)));
  };

  const signOn = async (req: Request, res: Response): Promise<void> => {
    const request = await receive(req, readMetadata);
    requests.push(request);
    const scripted = script.shift();
    const named = scripted?.person ?? queryText(req, 'user');
    const person = typeof named === 'object' ? named : people.get(named ?? '');
    if (person) return answer(res, request, person, scripted?.wrong);
    res.type('html').send(loginForm(queryText(req, 'SAMLRequest') ?? '', named !== undefined));
  };

  app.get('/sso', (req, res) => signOn(req, res));
  // The form carries the request, which was judged when it came.
  app.post('/sso/login', urlencoded({ extended: false }), async (req, res) => {
    const { user, SAMLRequest } = req.body as Record<string, string>;
    const person = people.get(user ?? '');
    if (person) return answer(res, parseRequest(SAMLRequest ?? '', false), person);
    res.type('html').send(loginForm(SAMLRequest ?? '', true));
  });
  app.get('/slo', async (req, res) => {
    const request = await receive(req, readMetadata);
    logouts.push(request);
    const { logout } = await readMetadata(request.issuer);
    const xml =
      `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_${randomBytes(16).toString('hex')}" Version="2.0" ` +
      `IssueInstant="${new Date().toISOString()}" Destination="${escapeXml(logout)}" InResponseTo="${request.id}">` +
      `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`;
    res.redirect(302, `${logout}?SAMLResponse=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`);
  });
  app.get('/metadata', (_req, res) => res.type('application/samlmetadata+xml').send(ownMetadata(provider)));

  const server = app.listen(options.port ?? 0, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: SamlIdentityProvider = {
    url,
    entityId: `${url}/metadata`,
    entryPoint: `${url}/sso`,
    logoutUrl: `${url}/slo`,
    certificate: keys.certificate,
    privateKey: keys.privateKey,
    people,
    requests,
    logouts,
    next: (one) => void script.push(one),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

interface TheirMetadata {
  readonly acs: string;
  readonly logout: string;
  readonly signing: string | null;
  readonly encryption: string | null;
  readonly signsRequests: boolean;
}
type MetadataReader = (entityId: string) => Promise<TheirMetadata>;

/** Keeps what it read: the keys of a service provider do not change within a test. */
function createMetadataReader(): MetadataReader {
  const known = new Map<string, Promise<TheirMetadata>>();
  return (entityId) => {
    const reading = known.get(entityId) ?? readMetadata(entityId);
    known.set(entityId, reading);
    return reading;
  };
}

async function readMetadata(entityId: string): Promise<TheirMetadata> {
  const response = await fetch(entityId);
  if (!response.ok) throw new Error(`No metadata at ${entityId}: ${response.status}`);
  const xml = await response.text();
  const certificate = (use: string): string | null => {
    const found = new RegExp(`use="${use}".*?<ds:X509Certificate>([^<]+)<`, 's').exec(xml)?.[1];
    return found ? `-----BEGIN CERTIFICATE-----\n${found.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n` : null;
  };
  return {
    acs: /<md:AssertionConsumerService[^>]*Location="([^"]+)"/.exec(xml)?.[1] ?? '',
    logout: /<md:SingleLogoutService[^>]*HTTP-Redirect"[^>]*Location="([^"]+)"/.exec(xml)?.[1] ?? '',
    signing: certificate('signing'),
    encryption: certificate('encryption'),
    signsRequests: xml.includes('AuthnRequestsSigned="true"'),
  };
}

/** Reads a redirect-bound request and verifies its signature (SAML Bindings 3.4.4.1); an unsigned one is refused where the metadata promises signed ones. */
async function receive(req: Request, readTheirs: MetadataReader): Promise<ReceivedRequest> {
  const signature = queryText(req, 'Signature');
  const request = parseRequest(queryText(req, 'SAMLRequest') ?? '', signature !== undefined);
  const theirs = await readTheirs(request.issuer);
  if (signature === undefined) {
    if (theirs.signsRequests) throw new Error('The request should be signed.');
    return request;
  }
  const raw = new Map((req.originalUrl.split('?')[1] ?? '').split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair]));
  if (decodeURIComponent(raw.get('SigAlg') ?? '') !== 'SigAlg=http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
    throw new Error('The request is signed weakly.');
  const signed = ['SAMLRequest', 'RelayState', 'SigAlg'].flatMap((name) => raw.get(name) ?? []).join('&');
  if (!theirs.signing || !createVerify('RSA-SHA256').update(signed).verify(theirs.signing, signature, 'base64'))
    throw new Error('The signature of the request does not hold.');
  return request;
}

function parseRequest(encoded: string, signed: boolean): ReceivedRequest {
  const xml = inflateRawSync(Buffer.from(encoded, 'base64')).toString();
  const find = (pattern: RegExp): string => pattern.exec(xml)?.[1] ?? '';
  return {
    id: find(/ ID="([^"]+)"/),
    issuer: find(/<saml:Issuer[^>]*>([^<]+)</),
    acs: find(/AssertionConsumerServiceURL="([^"]+)"/),
    xml,
    signed,
  };
}

function queryText(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' ? value : undefined;
}

function autoPostPage(acs: string, response: string): string {
  return `<!doctype html><body onload="document.forms[0].submit()"><form method="post" action="${escapeXml(acs)}"><input type="hidden" name="SAMLResponse" value="${response}"><button>Go on</button></form>`;
}

function loginForm(request: string, unknown: boolean): string {
  return `<!doctype html><title>Test identity provider</title>${unknown ? '<p>Nobody here has that name.</p>' : ''}<form method="post" action="/sso/login"><input type="hidden" name="SAMLRequest" value="${escapeXml(request)}"><label>Name <input name="user"></label><button>Sign in</button></form>`;
}

function ownMetadata(provider: SamlIdentityProvider): string {
  const base64 = provider.certificate.replace(/-----[^-]+-----|\s/g, '');
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${provider.entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${provider.logoutUrl}"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${provider.entryPoint}"/></md:IDPSSODescriptor></md:EntityDescriptor>`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--port');
  const { url, entityId, entryPoint, logoutUrl, certificate } = await startSamlIdentityProvider({
    port: at < 0 ? 0 : Number(process.argv[at + 1]),
  });
  console.log(JSON.stringify({ url, entityId, entryPoint, logoutUrl, certificate }));
}
