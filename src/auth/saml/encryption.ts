/**
 * What an encrypted assertion holds, read once more after the library verified it: the library decrypts with algorithms that are broken, parses
 * any document type inside, and does not look at the signature within when the response is signed.
 */
import { promisify } from 'node:util';
import { XMLSerializer, type Element } from '@xmldom/xmldom';
import { decrypt } from 'xml-encryption';
import { fault, type Faulty } from './faults.ts';
import { judgeSignatureOf, signaturesAreInPlace } from './signature-form.ts';
import { allElements, attributeOf, isElement, onlyChild, parseXml } from './xml.ts';

const authenticatedCiphers: ReadonlySet<string> = new Set([
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
]);
const unauthenticatedCiphers: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
]);
/** Not rsa-1_5: whoever may ask often enough decrypts with it (Bleichenbacher). */
const keyTransport = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';

/** Judged before decrypting. CBC leaks what it hides to whoever may alter it and ask, so there the response around it must be signed. */
export function judgeEncryption(encrypted: Element, responseSigned: boolean): Faulty | null {
  const all = allElements(encrypted);
  const data = onlyChild(encrypted, 'encryption', 'EncryptedData');
  const keys = all.filter((element) => isElement(element, 'encryption', 'EncryptedKey'));
  const [key] = keys;
  // One of each, or two readers may take two different ones.
  const counts = ['EncryptedData', 'EncryptedKey'].map((name) => all.filter((element) => element.localName === name).length);
  const values = all.filter((element) => element.localName === 'CipherValue').length;
  if (!data || !key || counts.some((count) => count !== 1) || values !== 2) return fault('encryption-form');
  const cipher = algorithmOf(data);
  if (algorithmOf(key) !== keyTransport) return fault('weak-algorithm');
  if (authenticatedCiphers.has(cipher)) return null;
  return unauthenticatedCiphers.has(cipher) && responseSigned ? null : fault('weak-algorithm');
}

/** The assertion inside, judged like one that came plain; null where all is well. */
export async function judgeDecrypted(encrypted: Element, privateKey: string, responseSigned: boolean): Promise<Faulty | null> {
  const xml = new XMLSerializer().serializeToString(encrypted);
  // "Insecure" are CBC ciphers there, of which judgeEncryption let through what the response's signature covers.
  const options = { key: privateKey, disallowDecryptionWithInsecureAlgorithm: false, warnInsecureAlgorithm: false };
  const parsed = parseXml(await promisify(decrypt)(xml, options));
  if (parsed.kind === 'fault') return parsed;
  const { root } = parsed;
  const more = allElements(root).some(
    (element) => element !== root && (element.localName === 'Assertion' || element.localName === 'EncryptedAssertion'),
  );
  if (!isElement(root, 'assertion', 'Assertion') || more) return fault('not-one-assertion');
  if (!signaturesAreInPlace(root, [root])) return fault('misplaced-signature');
  const signature = judgeSignatureOf(root);
  if (typeof signature === 'object') return signature;
  return responseSigned || signature === 'signed' ? null : fault('unsigned');
}

function algorithmOf(element: Element): string {
  const method = onlyChild(element, 'encryption', 'EncryptionMethod');
  return (method && attributeOf(method, 'Algorithm')) ?? '';
}
