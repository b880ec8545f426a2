/**
 * Is this signature of the one shape that SAML allows (SAML Core 5.4), and strong? Whether it is true is the library's to say:
 * it alone verifies, and only what it verified is read. This refuses what verifies and should not count.
 */
import type { Element } from '@xmldom/xmldom';
import { fault, type Faulty } from './faults.ts';
import { allElements, attributeOf, childrenOf, isElement, onlyChild } from './xml.ts';

/** Of those the library can verify. */
const strongSignatures: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
]);
const strongDigests: ReadonlySet<string> = new Set(['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512']);
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const canonicalizations: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
]);

/** Judges the signature that is a child of this element, if there is one. */
export function judgeSignatureOf(signed: Element): 'unsigned' | 'signed' | Faulty {
  const [signature, second] = childrenOf(signed, 'signature', 'Signature');
  if (!signature) return 'unsigned';
  const info = onlyChild(signature, 'signature', 'SignedInfo');
  const reference = info && onlyChild(info, 'signature', 'Reference');
  // An Object could carry the signed original away from where it is read.
  if (second || !info || !reference || childrenOf(signature, 'signature', 'Object').length > 0) return fault('signature-form');

  const id = attributeOf(signed, 'ID');
  if (id === null || attributeOf(reference, 'URI') !== `#${id}`) return fault('signature-form');
  const method = algorithmOf(onlyChild(info, 'signature', 'SignatureMethod'));
  const digest = algorithmOf(onlyChild(reference, 'signature', 'DigestMethod'));
  if (!strongSignatures.has(method) || !strongDigests.has(digest)) return fault('weak-algorithm');
  if (!canonicalizations.has(algorithmOf(onlyChild(info, 'signature', 'CanonicalizationMethod')))) return fault('signature-form');
  return hasPlainTransforms(reference) ? 'signed' : fault('signature-form');
}

/** True where every signature of the document is a child of its root or of one of these elements: none hides where nobody judges it. */
export function signaturesAreInPlace(root: Element, signed: readonly Element[]): boolean {
  return allElements(root)
    .filter((element) => isElement(element, 'signature', 'Signature'))
    .every((signature) => signed.some((element) => signature.parentNode === element));
}

/** Enveloped signature and canonicalisation: anything else (XPath, XSLT) could sign less than is there. */
function hasPlainTransforms(reference: Element): boolean {
  const transforms = onlyChild(reference, 'signature', 'Transforms');
  const algorithms = transforms ? childrenOf(transforms, 'signature', 'Transform').map(algorithmOf) : [];
  return (
    algorithms.length > 0 &&
    algorithms.length <= 2 &&
    algorithms.every((algorithm) => algorithm === enveloped || canonicalizations.has(algorithm)) &&
    algorithms.filter((algorithm) => algorithm === enveloped).length === 1
  );
}

function algorithmOf(element: Element | null): string {
  return (element && attributeOf(element, 'Algorithm')) ?? '';
}
