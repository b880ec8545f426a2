import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SamlFault } from '../../src/auth/saml/faults.ts';
import type { IdentityProvider, ServiceProvider } from '../../src/domain/vocabulary.ts';
import { cpuMs } from '../support/cpu.ts';
import { createBrowser, formOf, type Browser, type Page } from '../support/browser.ts';
import { startLoginApp, type LoginApp } from '../support/login-app.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider, type Wrong } from '../support/saml-identity-provider.ts';
import { algorithms, toBase64 } from '../support/saml-response.ts';
import { makeOwnCertificate } from '../../src/auth/own-certificate.ts';

let idp: SamlIdentityProvider;
let app: LoginApp;
let provider: IdentityProvider;
let payroll: ServiceProvider;
let stranger: { readonly certificate: string; readonly privateKey: string };
const startUrl = (): string => `${app.url}/login/${payroll.id}/${provider.id}`;
const callback = (): string => `${app.url}/saml/${provider.id}/callback`;

beforeAll(async () => {
  idp = await startSamlIdentityProvider();
  app = await startLoginApp();
  stranger = await makeOwnCertificate('Stranger', new Date());
  provider = await app.addIdentityProvider({ issuer: idp.entityId, entryPoint: idp.entryPoint, certificates: [idp.certificate] });
  payroll = app.addServiceProvider({});
});
afterAll(async () => {
  await app.close();
  await idp.close();
});
beforeEach(() => {
  app.completed.length = 0;
  app.refused.length = 0;
  app.log.length = 0;
  app.changeIdentityProvider(provider.id, { authenticator: { requireEncryption: false } });
});

async function answeredWith(wrong: Wrong, browser: Browser = createBrowser()): Promise<Page> {
  idp.next({ person: 'alice', wrong });
  return browser.signIn(startUrl());
}

/** Refused with the fixed page, recorded without a person, and the log knows why. */
function expectRefused(page: Page, fault: SamlFault): void {
  expect(app.completed).toEqual([]);
  expect(app.log.map((line) => line.fields['fault'])).toEqual([fault]);
  expect(page.status).toBe(403);
  expect(page.text).toContain('could not be verified');
  expect(page.text).toMatch(/<code>[\w-]+<\/code>/);
  expect(page.text).not.toMatch(/alice|signature|digest|Destination/i);
}

describe('a response is refused', () => {
  const sha1 = { signatureAlgorithm: algorithms.rsaSha1, digestAlgorithm: algorithms.sha1 };
  test.each<[string, Wrong, SamlFault]>([
    ['with another Destination', { destination: 'https://elsewhere.example.test/callback' }, 'destination'],
    [
      'with another Destination, though the whole is signed',
      { sign: 'response', destination: 'https://elsewhere.example.test/' },
      'destination',
    ],
    ['without a Destination', { destination: null }, 'destination'],
    ['for another Recipient', { recipient: 'https://elsewhere.example.test/callback' }, 'recipient'],
    ['without a Recipient', { recipient: null }, 'recipient'],
    ['for another audience', { audience: 'https://elsewhere.example.test/metadata' }, 'audience'],
    ['without an audience', { audience: null }, 'audience'],
    ['from another issuer', { responseIssuer: 'https://other.example.test/' }, 'issuer'],
    ['with an assertion of another issuer', { assertionIssuer: 'https://other.example.test/' }, 'issuer'],
    ['of a failing status, though the assertion is well signed', { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }, 'status'],
    [
      'of a failing status, though the whole is well signed',
      { sign: 'both', status: 'urn:oasis:names:tc:SAML:2.0:status:Requester' },
      'status',
    ],
    ['whose assertion is signed with SHA-1', { ...sha1 }, 'weak-algorithm'],
    ['that is signed with SHA-1', { sign: 'response', ...sha1 }, 'weak-algorithm'],
    ['with a SHA-1 digest below a SHA-256 signature', { digestAlgorithm: algorithms.sha1 }, 'weak-algorithm'],
    ['that nobody signed', { sign: 'none' }, 'unsigned'],
    ['whose assertion answers another request', { subjectInResponseTo: '_0000000000000000000000000000000000000000' }, 'not-asked-for'],
    ['whose assertion answers no request', { subjectInResponseTo: null }, 'not-asked-for'],
    ['that expired more than a minute ago', { conditionsMs: [-300_000, -61_000] }, 'time'],
    ['that is valid only in more than a minute', { conditionsMs: [62_000, 300_000] }, 'time'],
    ['that was issued in the future', { issuedMs: 62_000 }, 'time'],
    ['whose confirmation expired', { confirmedMs: -61_000 }, 'time'],
    [
      'with a transient subject',
      { nameIdXml: '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">x</saml:NameID>' },
      'transient-subject',
    ],
    ['without a subject', { nameIdXml: '' }, 'subject'],
    [
      'with a comment in the subject',
      { nameIdXml: '<saml:NameID>admin@here.test<!---->.evil.test</saml:NameID>' },
      'comment-or-instruction',
    ],
    [
      'with a comment put in after signing',
      { nameId: 'admin@here.test.evil.test', xml: (xml) => xml.replace('admin@here.test', 'admin@here.test<!-- -->') },
      'comment-or-instruction',
    ],
    ['with a processing instruction', { xml: (xml) => xml.replace('<saml:Subject>', '<?x y?><saml:Subject>') }, 'comment-or-instruction'],
    ['with a document type', { xml: (xml) => `<!DOCTYPE x [<!ENTITY e "alice">]>${xml}` }, 'doctype'],
    ['with a document type in small letters', { xml: (xml) => `<!doctype x>${xml}` }, 'doctype'],
    ['with an entity', { xml: (xml) => xml.replace('alice-0001', '&admin;') }, 'not-xml'],
    ['that is cut off', { xml: (xml) => xml.slice(0, -20) }, 'not-xml'],
    ['with an attribute changed after signing', { xml: (xml) => xml.replace('alice@example.test', 'admin@example.test') }, 'signature'],
    ['with the subject changed after signing', { sign: 'both', xml: (xml) => xml.replace('alice-0001', 'admin-0001') }, 'signature'],
    [
      'whose response signature is broken beside a good one of the assertion',
      {
        sign: 'both',
        xml: (xml) =>
          xml.replace('2.0:status:Success"/>', '2.0:status:Success" />').replace(' IssueInstant="', ' Consent="x" IssueInstant="'),
      },
      'signature',
    ],
    [
      'that is no response',
      { sign: 'none', xml: () => '<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0"/>' },
      'not-a-response',
    ],
  ])('%s', async (_name, wrong, fault) => {
    expectRefused(await answeredWith(wrong), fault);
  });

  test('that is signed with a key of somebody else, whose certificate it brings along', async () => {
    const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${stranger.certificate.replace(/-----[^-]+-----|\s/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
    const wrong = { key: stranger.privateKey, xml: (xml: string) => xml.replace('</ds:Signature>', `${keyInfo}</ds:Signature>`) };
    expectRefused(await answeredWith(wrong), 'signature');
  });

  test('whose signature is a keyed hash with the public certificate as its key', async () => {
    const xml = (signed: string): string => signed.replace(algorithms.rsaSha256, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1');
    expectRefused(await answeredWith({ xml }), 'weak-algorithm');
  });

  test.each([30_000, -30_000])('not for half a minute between the clocks: %i', async (ms) => {
    const wrong: Wrong = { issuedMs: ms, conditionsMs: ms > 0 ? [ms, 300_000] : [-300_000, ms], confirmedMs: ms > 0 ? 300_000 : ms };
    expect((await answeredWith(wrong)).status).toBe(200);
    expect(app.completed).toHaveLength(1);
  });
});

describe('an encrypted assertion is refused', () => {
  const encryptTo = (): string => provider.authenticator!.ownCertificate!;
  test('where encryption is asked for and it is plain', async () => {
    app.changeIdentityProvider(provider.id, { authenticator: { requireEncryption: true } });
    expectRefused(await answeredWith({ sign: 'both' }), 'not-encrypted');
  });
  test('when nobody signed it: anybody can encrypt to a public key', async () => {
    expectRefused(await answeredWith({ sign: 'none', encryptTo: encryptTo() }), 'signature');
  });
  test('with a SHA-1 signature inside a response that is signed well', async () => {
    const wrong: Wrong = { sign: 'response', encryptTo: encryptTo(), signedAssertionXml: sha1Inside };
    expectRefused(await answeredWith(wrong), 'weak-algorithm');
  });
  test('with a document type inside', async () => {
    const wrong: Wrong = { sign: 'response', encryptTo: encryptTo(), signedAssertionXml: (xml) => `<!DOCTYPE x>${xml}` };
    expectRefused(await answeredWith(wrong), 'doctype');
  });
  test('with a comment inside', async () => {
    const wrong: Wrong = {
      sign: 'response',
      encryptTo: encryptTo(),
      signedAssertionXml: (xml) => xml.replace('alice-0001', 'alice-<!---->0001'),
    };
    expectRefused(await answeredWith(wrong), 'comment-or-instruction');
  });
  test('with a cipher that can be altered, unless the response around it is signed', async () => {
    const cipher = 'http://www.w3.org/2001/04/xmlenc#aes128-cbc';
    expectRefused(await answeredWith({ cipher, encryptTo: encryptTo() }), 'weak-algorithm');
    expect((await answeredWith({ cipher, sign: 'both', encryptTo: encryptTo() })).status).toBe(200);
  });
  test('with triple DES or PKCS #1 1.5', async () => {
    const tripleDes = 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc';
    expectRefused(await answeredWith({ sign: 'both', cipher: tripleDes, encryptTo: encryptTo() }), 'weak-algorithm');
    app.log.length = 0;
    expectRefused(
      await answeredWith({ sign: 'both', keyTransport: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5', encryptTo: encryptTo() }),
      'weak-algorithm',
    );
  });
  test('encrypted to somebody else', async () => {
    expectRefused(await answeredWith({ sign: 'response', encryptTo: stranger.certificate }), 'signature');
  });
});

/** Signature wrapping: the signed assertion is kept for the verifier, another one is put where a reader might look. */
describe('a wrapped signature is refused', () => {
  const parts = (xml: string): { readonly assertion: string; readonly evil: string; readonly signature: string } => {
    const assertion = /<saml:Assertion .*?<\/saml:Assertion>/s.exec(xml)![0];
    const signature = /<ds:Signature .*?<\/ds:Signature>/s.exec(assertion)![0];
    const evil = assertion.replace(signature, '').replace('alice-0001', 'admin-0001');
    return { assertion, evil, signature };
  };
  const withId = (xml: string, id: string): string => xml.replace(/ ID="[^"]+"/, ` ID="${id}"`);
  const variants: readonly [string, (xml: string) => string, SamlFault][] = [
    [
      'a second assertion before the signed one',
      (xml) => put(xml, ({ assertion, evil }) => withId(evil, '_evil') + assertion),
      'not-one-assertion',
    ],
    [
      'a second assertion behind the signed one',
      (xml) => put(xml, ({ assertion, evil }) => assertion + withId(evil, '_evil')),
      'not-one-assertion',
    ],
    ['two assertions of one id', (xml) => put(xml, ({ assertion, evil }) => evil + assertion), 'duplicate-id'],
    [
      'the signed assertion inside the forged one',
      (xml) => put(xml, ({ assertion, evil }) => withId(evil, '_evil').replace('</saml:Subject>', `</saml:Subject>${assertion}`)),
      'not-one-assertion',
    ],
    [
      'the signed assertion inside an Object of the forged one’s signature',
      (xml) =>
        put(xml, ({ assertion, evil, signature }) =>
          withId(evil, '_evil').replace(
            '</saml:Issuer>',
            `</saml:Issuer>${signature.replace('</ds:Signature>', `<ds:Object>${assertion}</ds:Object></ds:Signature>`)}`,
          ),
        ),
      'not-one-assertion',
    ],
    [
      'the signed assertion inside Extensions of the response',
      (xml) =>
        put(xml, ({ evil }) => withId(evil, '_evil')).replace(
          '<samlp:Status>',
          `<samlp:Extensions>${parts(xml).assertion}</samlp:Extensions><samlp:Status>`,
        ),
      'not-one-assertion',
    ],
    [
      'a forged assertion with the signature of the other, referring to it',
      (xml) => put(xml, ({ evil, signature }) => withId(evil, '_evil').replace('</saml:Issuer>', `</saml:Issuer>${signature}`)),
      'signature-form',
    ],
    ['a signature without a reference to an id', (xml) => xml.replace(/URI="#[^"]+"/, 'URI=""'), 'signature-form'],
    [
      'two references in one signature',
      (xml) => xml.replace(/<ds:Reference .*?<\/ds:Reference>/s, (reference) => reference + reference),
      'signature-form',
    ],
    [
      'two signatures on one assertion',
      (xml) => xml.replace(/<ds:Signature .*?<\/ds:Signature>/s, (signature) => signature + signature),
      'signature-form',
    ],
    [
      'a signature somewhere else',
      (xml) =>
        put(xml, ({ assertion, signature }) => assertion.replace(signature, '').replace('</saml:Subject>', `${signature}</saml:Subject>`)),
      'misplaced-signature',
    ],
    ['an XPath transform', (xml) => xml.replace(algorithms.enveloped, 'http://www.w3.org/TR/1999/REC-xpath-19991116'), 'signature-form'],
    [
      'an assertion in another namespace',
      (xml) =>
        put(
          xml,
          ({ assertion, evil }) =>
            withId(evil, '_evil').replaceAll('saml:', 'x:').replace('xmlns:saml', 'xmlns:x').replace('SAML:2.0:assertion', 'x') + assertion,
        ),
      'not-one-assertion',
    ],
  ];
  const put = (xml: string, make: (found: ReturnType<typeof parts>) => string): string =>
    xml.replace(parts(xml).assertion, () => make(parts(xml)));

  test.each(variants)('%s', async (_name, xml, fault) => {
    expectRefused(await answeredWith({ xml }), fault);
  });

  test('the signed response inside a forged one', async () => {
    const xml = (signed: string): string => {
      const evil = signed
        .replace(/<ds:Signature .*?<\/ds:Signature>/s, '')
        .replace('alice-0001', 'admin-0001')
        .replace(/ ID="[^"]+"/, ' ID="_evil"');
      return evil.replace('<samlp:Status>', `<samlp:Extensions>${signed}</samlp:Extensions><samlp:Status>`);
    };
    const page = await answeredWith({ sign: 'response', xml });
    expect(app.completed).toEqual([]);
    expect(page.status).toBe(403);
  });
});

/** The library takes seconds for some of these, and nobody else is answered meanwhile: it must not get them. */
describe('a response that is too much for the library is refused before it', () => {
  const stuffed = (inner: string): Wrong => ({
    xml: (xml) => xml.replace('</samlp:Response>', `<samlp:Extensions>${inner}</samlp:Extensions></samlp:Response>`),
  });
  test.each([
    ['a crowd of children of one element', '<a/>'.repeat(2_600)],
    ['a crowd of texts', 'a<b/>'.repeat(1_500)],
    ['attributes all over', '<a b="" c="" d=""/>'.repeat(1_800)],
    ['levels whose ends are written as text', `<![CDATA[${'</a>'.repeat(1_000)}]]>${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}`],
  ])('%s', async (_name, inner) => {
    expectRefused(await answeredWith(stuffed(inner)), 'too-deep');
  });
});

describe('text that is none is refused', () => {
  test.each(['&#0;', '&#x0;', '&#x00;', '&#1;', '&#31;', '&#xD800;', '&#56320;', '&#xFFFE;', '&#x110000;'])('%s', async (reference) => {
    expectRefused(await answeredWith({ nameIdXml: `<saml:NameID>alice${reference}</saml:NameID>` }), 'not-xml');
  });
  test('a subject of more than a thousand characters', async () => {
    expectRefused(await answeredWith({ nameId: 'a'.repeat(1_025) }), 'subject');
  });
});

describe('a response belongs to one browser, once', () => {
  test('posted a second time it opens nothing', async () => {
    const browser = createBrowser();
    const begunAt = Date.now();
    idp.next({ person: 'alice' });
    const form = await browser.get(startUrl());
    const kept = new Map(browser.cookies('127.0.0.1'));
    expect((await browser.submit(form)).status).toBe(200);
    expect((await browser.submit(form)).text).toContain('Please begin here');

    // Even with the cookie kept: the assertion was used.
    const again = createBrowser();
    for (const [name, value] of kept) again.setCookie('127.0.0.1', name, value);
    const page = await again.submit(form);
    expect(page.text).toContain('This sign-in was used before.');
    const [first, second] = app.completed.map(({ signIn }) => (signIn.kind === 'federated' ? signIn : null));
    expect(second?.assertionId).toBe(first?.assertionId);
    // It stays refused for as long as the cookie would let it in.
    expect(first!.expiresAt.getTime() - begunAt).toBeGreaterThan(300_000);
  });

  test('in another browser there is nothing but a way to begin', async () => {
    idp.next({ person: 'alice' });
    const form = await createBrowser().get(startUrl());
    const victim = await createBrowser().submit(form);
    expect(victim.status).toBe(403);
    expect(victim.text).toContain('Please begin here');
    expect(victim.text).toContain(`href="${app.url}/login/${payroll.id}"`);
    expect(app.completed).toEqual([]);
  });

  test('one that nobody asked for is not let in', async () => {
    const page = await answeredWith({ inResponseTo: null, subjectInResponseTo: null });
    expect(page.text).toContain('Please begin here');
    expect(app.completed).toEqual([]);
  });

  test('after a quarter of an hour the request is forgotten', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    const form = await browser.get(startUrl());
    app.clock.offsetMs = 15 * 60_000 + 1_000;
    const page = await browser.submit(form);
    app.clock.offsetMs = 0;
    expect(page.text).toContain('Please begin here');
  });

  test('a cookie that was tampered with, or is one of another request, remembers nothing', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    const first = await browser.get(startUrl());
    idp.next({ person: 'alice' });
    await browser.get(startUrl());
    const [one, two] = [...browser.cookies('127.0.0.1')].filter(([name]) => name.startsWith('usher-login-'));
    browser.setCookie('127.0.0.1', one![0], two![1]);
    expect((await browser.submit(first)).text).toContain('Please begin here');
  });

  test('an answer to another identity provider’s address is not taken', async () => {
    const other = await app.addIdentityProvider({ issuer: idp.entityId, entryPoint: idp.entryPoint, certificates: [idp.certificate] });
    const browser = createBrowser();
    idp.next({ person: 'alice' });
    const form = formOf(await browser.get(startUrl()));
    const page = await browser.post(`${app.url}/saml/${other.id}/callback`, form.fields, { from: idp.url });
    expect(page.text).toContain('Please begin here');
    expect(app.completed).toEqual([]);
  });
});

describe('proofs that fail', () => {
  test('are looked at only so often from one address, while those that hold are not counted', async () => {
    const narrow = await startLoginApp({ proofs: 2 });
    try {
      const { id } = await narrow.addIdentityProvider({
        issuer: idp.entityId,
        entryPoint: idp.entryPoint,
        certificates: [idp.certificate],
      });
      const start = `${narrow.url}/login/${narrow.addServiceProvider({}).id}/${id}`;
      const statuses: number[] = [];
      for (const sign of ['assertion', 'assertion', 'assertion', 'none', 'assertion', 'none', 'assertion'] as const) {
        idp.next({ person: 'alice', wrong: { sign } });
        const page = await createBrowser().signIn(start);
        statuses.push(page.status);
        if (page.status === 429) expect(page.text).toContain('Too many tries');
      }
      expect(statuses).toEqual([200, 200, 200, 403, 200, 403, 429]);
      expect(narrow.refused).toHaveLength(2);
    } finally {
      await narrow.close();
    }
  });

  test('are looked at only so often for one request, even with the cookie kept', async () => {
    const browser = createBrowser();
    idp.next({ person: 'alice', wrong: { sign: 'none' } });
    const form = await browser.get(startUrl());
    const kept = new Map(browser.cookies('127.0.0.1'));
    for (let tries = 0; tries < 5; tries++) {
      const again = createBrowser();
      for (const [name, value] of kept) again.setCookie('127.0.0.1', name, value);
      const page = await again.submit(form);
      expect(page.text).toContain(tries < 3 ? 'could not be verified' : 'Please begin here');
    }
    expect(app.refused).toHaveLength(3);
  });
});

describe('what is posted', () => {
  const post = (body: string | URLSearchParams, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(callback(), { method: 'POST', body, headers });
  test('above a megabyte is answered with the fixed page', async () => {
    const response = await post(new URLSearchParams({ SAMLResponse: 'A'.repeat(1_100_000) }));
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/<code>[0-9A-F-]+<\/code>/);
  });
  test.each([
    ['nothing', new URLSearchParams()],
    [
      'two responses',
      new URLSearchParams([
        ['SAMLResponse', 'YQ=='],
        ['SAMLResponse', 'YQ=='],
      ]),
    ],
    ['no base64', new URLSearchParams({ SAMLResponse: '<xml/>' })],
    ['bytes that are no UTF-8', new URLSearchParams({ SAMLResponse: Buffer.from([0xff, 0xfe, 0x3c]).toString('base64') })],
    ['JSON', '{"SAMLResponse":"YQ=="}'],
    [
      'a logout request',
      new URLSearchParams({ SAMLRequest: toBase64('<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>') }),
    ],
  ])('%s is refused', async (_name, body) => {
    expect((await post(body)).status).toBe(403);
  });
  test('in the query is not looked at', async () => {
    const response = await fetch(`${startUrl()}?SAMLResponse=x&SAMLRequest=y`, { redirect: 'manual' });
    expect(response.headers.get('location')).toContain(idp.entryPoint);
  });
  test.each([
    ['a hundred thousand levels', '<a>'.repeat(150_000)],
    ['levels that look closed', '<a b="/>">'.repeat(70_000)],
    ['a crowd of elements', `<r>${'<a/>'.repeat(120_000)}</r>`],
    ['a crowd of attributes', `<r ${Array.from({ length: 60_000 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['a crowd of children of one element', `<r>${'<a/>'.repeat(2_600)}</r>`],
    ['a crowd of texts', `<r>${'a<b/>'.repeat(1_500)}</r>`],
    ['attributes all over', `<r>${'<a b="" c="" d=""/>'.repeat(1_800)}</r>`],
    ['levels whose ends are written as text', `<r><![CDATA[${'</a>'.repeat(1_000)}]]>${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}</r>`],
    ['sections without end', '<![CDATA['.repeat(80_000)],
    ['quotes without end', `<a b='${'<a b="'.repeat(100_000)}`],
  ])('%s costs no more than a moment', async (_name, xml) => {
    const body = new URLSearchParams({ SAMLResponse: toBase64(xml) });
    const cost = await cpuMs(async () => expect((await post(body)).status).toBe(403));
    expect(cost).toBeLessThan(1_000);
  });
});

/** The IdP's own key, but the weak algorithm, on the assertion within. */
function sha1Inside(xml: string): string {
  const id = / ID="([^"]+)"/.exec(xml)![1]!;
  const signature =
    `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${algorithms.exclusive}"/>` +
    `<ds:SignatureMethod Algorithm="${algorithms.rsaSha1}"/><ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${algorithms.enveloped}"/></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${algorithms.sha1}"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`;
  return xml.replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
}
