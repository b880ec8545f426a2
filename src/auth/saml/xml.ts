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

/**
 * Signature code walks the tree by recursion, and asks of any two nodes which comes first by walking along their siblings: what a hostile
 * megabyte makes of that is a stack that overflows, or seconds in which nobody else is answered. A response has some twenty levels and, for
 * a person in a thousand groups, some two thousand tags.
 */
const deepest = 60;
const mostTags = 6_000;
/** Of one element, texts among them. */
const mostChildren = 2_500;
const mostAttributes = 5_000;
/** Attributes of one element are compared with each other. */
const longestTag = 10_000;

export type ParsedXml = { readonly kind: 'xml'; readonly root: Element } | Faulty;

export function parseXml(text: string): ParsedXml {
  // Before parsing: no parser of ours, or of a library after us, shall meet a document type, whatever it would do with it.
  if (/<!(?!\[CDATA\[|--)/.test(text)) return fault('doctype');
  // A comment ends a text for some readers ("admin@here.test<!---->.evil.test") and is nothing to others; signatures do not cover it.
  if (text.includes('<!--') || /<\?(?!xml\s)/.test(text)) return fault('comment-or-instruction');
  if (hasNoCharacter(text)) return fault('not-xml');
  const markup = withoutCharacterData(text);
  if (markup === null) return fault('not-xml');
  if (isTooMuch(markup)) return fault('too-deep');
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

/** What is no character of XML 1.0 (2.2), as it is or by its number: parsers let some of them through, and the database cannot keep them. */
function hasNoCharacter(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) || !text.isWellFormed()) return true;
  return [...text.matchAll(/&#(?:x([0-9a-f]+)|(\d+))/gi)].some(([, hex, decimal]) => {
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    if (code < 0x20) return ![0x9, 0xa, 0xd].includes(code);
    return (code >= 0xd800 && code < 0xe000) || code === 0xfffe || code === 0xffff || code > 0x10ffff;
  });
}

/** Without its CDATA sections, in which what looks like a tag is none; null where one does not end. */
function withoutCharacterData(text: string): string | null {
  const [first = '', ...sections] = text.split('<![CDATA[');
  const rests = sections.map((section) => {
    const end = section.indexOf(']]>');
    return end < 0 ? null : section.slice(end + 3);
  });
  return rests.includes(null) ? null : [first, ...rests].join('');
}

// Quoted values are skipped as a whole: a ">" in one ends no tag.
const tagForm = /<[/?]?[^<>"']*(?:(?:"[^"<]*"|'[^'<]*')[^<>"']*)*>?/g;

function isTooMuch(markup: string): boolean {
  /** How many children each open element has so far. */
  const open = [0];
  let [tags, attributes, end] = [0, 0, 0];
  const isOneTooMany = (): boolean => {
    const count = (open.pop() ?? 0) + 1;
    open.push(count);
    return count > mostChildren;
  };
  for (const { 0: tag, index } of markup.matchAll(tagForm)) {
    attributes += tag.match(/=\s*["']/g)?.length ?? 0;
    if (++tags > mostTags || attributes > mostAttributes || tag.length > longestTag) return true;
    if (index > end && isOneTooMany()) return true;
    end = index + tag.length;
    if (tag.startsWith('</')) open.pop();
    else if (isOneTooMany()) return true;
    else if (!tag.endsWith('/>') && !tag.startsWith('<?')) open.push(0);
    if (open.length > deepest) return true;
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
