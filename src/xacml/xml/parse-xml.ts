/**
 * XML from outside, made into a small tree or refused with a position. Strict, with namespaces, without DOCTYPE, so that there are no entities
 * but the five of XML itself, and bounded before anything is built.
 */
import { SaxesParser } from 'saxes';
import { problemAt, type Place, type Problem, type XmlAttribute, type XmlElement } from './element.ts';

export const xmlLimits = { characters: 4_000_000, depth: 100, nodes: 200_000 } as const;

export type ParsedXml = { readonly kind: 'document'; readonly root: XmlElement } | { readonly kind: 'problem'; readonly problem: Problem };

export function parseXml(text: string): ParsedXml {
  const whole: Place = { element: 'document', line: 1, column: 1 };
  if (text.length > xmlLimits.characters)
    return { kind: 'problem', problem: problemAt(whole, `The text has more than ${xmlLimits.characters} characters.`) };
  try {
    const root = buildTree(text);
    return root ? { kind: 'document', root } : { kind: 'problem', problem: problemAt(whole, 'There is no element in it.') };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'problem', problem: error.problem };
    throw error;
  }
}

/** Leaves the parser at the first fault: what follows one is guessing. */
class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Open {
  readonly name: string;
  readonly at: Place;
  readonly children: XmlElement[];
  readonly text: string[];
}

function buildTree(text: string): XmlElement | null {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const placeOf = positionsIn(text);
  const open: Open[] = [];
  let root: XmlElement | null = null;
  let nodes = 0;
  const refuse = (message: string): never => {
    // What has no name yet is told by what it is in.
    const at = open.findLast(({ at: { element } }) => element !== '')?.at.element ?? 'document';
    throw new Refused({ element: at, line: parser.line, column: Math.max(1, parser.columnIndex), message });
  };
  const count = (more: number): void => {
    nodes += more;
    if (nodes > xmlLimits.nodes) refuse(`There are more than ${xmlLimits.nodes} elements and attributes in it.`);
  };
  parser.on('error', (error) => refuse(`It is not well-formed: ${error.message.replace(/\.$/, '')}.`));
  parser.on('doctype', () => refuse('A DOCTYPE is not allowed.'));
  parser.on('opentagstart', (tag) => {
    const at = placeOf(parser.position, localName(tag.name));
    open.push({ name: tag.name, at, children: [], text: [] });
    if (open.length > xmlLimits.depth) refuse(`Elements are nested more than ${xmlLimits.depth} deep.`);
    count(1);
  });
  parser.on('attribute', () => count(1));
  const addText = (more: string): void => {
    open.at(-1)?.text.push(more);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', (tag) => {
    const done = open.pop();
    if (!done) return;
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: attributesOf(tag.attributes),
      children: done.children,
      text: done.text.join(''),
      at: done.at,
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(text).close();
  return root;
}

function attributesOf(
  found: Readonly<Record<string, { readonly local: string; readonly prefix: string; readonly uri: string; readonly value: string }>>,
): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  for (const { local, prefix, uri, value } of Object.values(found)) {
    // Declarations of namespaces have done their work.
    if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue;
    attributes.push({ name: local, namespace: uri, value });
  }
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Asked in the order of the text, so that each line break is looked for once. */
function positionsIn(text: string): (offset: number, element: string) => Place {
  let line = 1;
  let lineStart = 0;
  const breaks = text.matchAll(/\r\n?|\n/g);
  let lineEnd = breaks.next().value;
  return (offset, element) => {
    const start = text.lastIndexOf('<', offset - 1);
    while (lineEnd && lineEnd.index < start) {
      line += 1;
      lineStart = lineEnd.index + lineEnd[0].length;
      lineEnd = breaks.next().value;
    }
    return { element, line, column: start - lineStart + 1 };
  };
}
