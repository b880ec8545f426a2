/**
 * XML as SAML may use it: elements, attributes, text, and nothing else. What parsers disagree about is refused before anybody parses it twice.
 * It reads; it never verifies a signature.
 */
import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { fault, type Faulty } from './faults.ts';

export const namespaces = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
} as const;
export type Namespace = keyof typeof namespaces;

/** Signature code walks the tree by recursion: a response has some twenty levels, a hostile one as many as fit into a megabyte. */
const deepest = 60;
const mostTags = 20_000;
/** Attributes of one element are compared with each other. */
const longestTag = 10_000;

export type ParsedXml = { readonly kind: 'xml'; readonly root: Element } | Faulty;

export function parseXml(text: string): ParsedXml {
  // Before parsing: no parser of ours, or of a library after us, shall meet a document type, whatever it would do with it.
  if (/<!(?!\[CDATA\[|--)/.test(text)) return fault('doctype');
  // A comment ends a text for some readers ("admin@here.test<!---->.evil.test") and is nothing to others; signatures do not cover it.
  if (text.includes('<!--') || /<\?(?!xml\s)/.test(text)) return fault('comment-or-instruction');
  if (isTooDeep(text)) return fault('too-deep');
  const document = parse(text);
  return document?.documentElement ? { kind: 'xml', root: document.documentElement } : fault('not-xml');
}

function parse(text: string): Document | null {
  try {
    // Any doubt of the parser ends it, warnings as well: it would go on with a guess.
    return new DOMParser({
      onError: (_level, message) => {
        throw new Error(message);
      },
    }).parseFromString(text, 'text/xml');
  } catch {
    return null;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let tags = 0;
  // Quoted values are skipped as a whole: a ">" in one ends no tag.
  for (const [tag] of text.matchAll(/<\/?[^<>"']*(?:(?:"[^"<]*"|'[^'<]*')[^<>"']*)*>?/g)) {
    if (++tags > mostTags || tag.length > longestTag) return true;
    if (tag.startsWith('</')) depth--;
    else if (!tag.endsWith('/>') && ++depth > deepest) return true;
  }
  return false;
}

export function isElement(node: Node | null, namespace: Namespace, name: string): node is Element {
  return node?.nodeType === 1 && node.namespaceURI === namespaces[namespace] && node.localName === name;
}

/** Child elements of this name. */
export function childrenOf(parent: Element, namespace: Namespace, name: string): readonly Element[] {
  return elementsIn(parent).filter((child) => isElement(child, namespace, name));
}

/** The one child of this name; null where there is none or more than one. */
export function onlyChild(parent: Element, namespace: Namespace, name: string): Element | null {
  const [child, second] = childrenOf(parent, namespace, name);
  return child && !second ? child : null;
}

export function elementsIn(parent: Element): readonly Element[] {
  return [...parent.childNodes].filter((node): node is Element => node.nodeType === 1);
}

/** The element and everything below it, in document order. */
export function allElements(root: Element): readonly Element[] {
  return [root, ...elementsIn(root).flatMap(allElements)];
}

/** The attribute without a namespace; null where it is absent or empty. */
export function attributeOf(element: Element, name: string): string | null {
  return element.getAttributeNS(null, name) || null;
}

/** The whole text, in the way canonicalisation joins it, without the blanks that pretty printing adds. */
export function textOf(element: Element): string {
  return (element.textContent ?? '').trim();
}
