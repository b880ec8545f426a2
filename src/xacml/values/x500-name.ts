/** A distinguished name: the text as it was written, and its parts in the form they are compared in (RFC 2253, RFC 3280 4.1.2.4). */
import type { DataType } from './data-type.ts';
import { collapse } from './plain.ts';
import type { X500Name } from './value.ts';

export const x500Name: DataType<X500Name> = {
  id: 'urn:oasis:names:tc:xacml:1.0:data-type:x500Name',
  name: 'x500Name',
  parse: (text) => {
    if (text.length > 4_000) return null;
    const name = trimmed(text);
    const parts = readName(name);
    return parts ? { text: name, parts, key: JSON.stringify(parts) } : null;
  },
  write: ({ text }) => text,
  canonical: ({ text }) => text,
  key: ({ key }) => key,
};

/** Whether the whole first name is the end of the second, so that the second stands below it. */
export function endsWithName(end: X500Name, name: X500Name): boolean {
  const skipped = name.parts.length - end.parts.length;
  return skipped >= 0 && end.parts.every((part, i) => part === name.parts[skipped + i]);
}

function readName(text: string): string[] | null {
  if (text === '') return [];
  const parts: string[] = [];
  for (const rdn of splitOutside(text, /[,;]/)) {
    const pairs: string[] = [];
    for (const pair of splitOutside(rdn, /\+/)) {
      const found = /^\s*([A-Za-z][\w-]*|(?:OID\.)?\d+(?:\.\d+)*)\s*=(.*)$/is.exec(pair);
      const value = found ? readValue(trimmed(found[2] ?? '')) : null;
      if (!found || value === null) return null;
      pairs.push(`${typeName(found[1] ?? '')}=${collapse(value).toLowerCase()}`);
    }
    parts.push(pairs.sort().join('+'));
  }
  return parts;
}

/** Parts between separators that are neither escaped nor in quotation marks. */
function splitOutside(text: string, separator: RegExp): string[] {
  const found: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && separator.test(character)) {
      found.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...found, text.slice(start)];
}

/** Without white space at the ends, but for a last space that is escaped. */
function trimmed(text: string): string {
  const short = text.trim();
  return /(^|[^\\])(\\\\)*\\$/.test(short) && text.trimStart().length > short.length ? `${short} ` : short;
}

function readValue(text: string): string | null {
  if (text.startsWith('#')) return /^#([\dA-Fa-f]{2})+$/.test(text) ? text : null;
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  if (!quoted && /(^|[^\\])(\\\\)*"/.test(text)) return null;
  const body = quoted?.[1] ?? text;
  if (/(^|[^\\])(\\\\)*\\$/.test(body)) return null;
  // A run of escaped octets is UTF-8; anything else that is escaped stands for itself.
  return body.replace(/(?:\\[\dA-Fa-f]{2})+|\\(.)/gs, (escaped: string, character: string | undefined) => {
    if (character !== undefined) return character;
    try {
      return decodeURIComponent(escaped.replaceAll('\\', '%'));
    } catch {
      // Not UTF-8: it is only ever compared, so the octets may stand for themselves.
      return escaped.toLowerCase();
    }
  });
}

function typeName(text: string): string {
  const upper = text.toUpperCase().replace(/^OID\./, '');
  return sameTypes[upper] ?? upper;
}

const sameTypes: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GIVENNAME',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
  E: 'EMAILADDRESS',
  S: 'ST',
  TITLE: 'T',
};
