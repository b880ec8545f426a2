/** From the regular expressions of XML Schema to those of RE2: one pass over the text, each construct either said in RE2's words or refused. */
import { block, category, complement, nameCharacter, nameStart, space, subtract, union, writeClass, type Ranges } from './code-points.ts';

export type Translated = { readonly kind: 'translated'; readonly text: string } | { readonly kind: 'refused'; readonly message: string };

/** Counted repetitions are unrolled, and one in another multiplies: what an expression may come to, in atoms. Beyond it compiling takes seconds. */
const mostAtoms = 5_000;
const mostRepeated = 1_000;

export function translate(source: string): Translated {
  try {
    const cursor: Cursor = { characters: Array.from(source), at: 0, atoms: 0, depth: 0 };
    const text = alternatives(cursor);
    if (cursor.at < cursor.characters.length) refuse('there is a ")" without its "("');
    return { kind: 'translated', text };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    throw error;
  }
}

class Refusal extends Error {}

function refuse(what: string): never {
  throw new Refusal(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
}

interface Cursor {
  readonly characters: readonly string[];
  at: number;
  /** Atoms so far, those that are repeated as many times as they can be: how large the program gets. */
  atoms: number;
  depth: number;
}

function alternatives(cursor: Cursor): string {
  if (++cursor.depth > 50) refuse('groups are nested too deep');
  let text = '';
  for (;;) {
    const character = peek(cursor);
    if (character === undefined || character === ')') break;
    if (character === '|') {
      cursor.at += 1;
      text += '|';
    } else text += piece(cursor);
  }
  cursor.depth -= 1;
  return text;
}

function piece(cursor: Cursor): string {
  const character = next(cursor);
  if (character === '^') return '\\A';
  if (character === '$') return '\\z';
  const before = cursor.atoms;
  cursor.atoms += 1;
  return `${atom(character, cursor)}${quantifier(cursor, before)}`;
}

function atom(character: string, cursor: Cursor): string {
  switch (character) {
    case '(':
      return group(cursor);
    case '[':
      return writeClass(readClass(cursor));
    case '.':
      return '[^\\n\\r]';
    case '\\':
      return escape(cursor);
    case '?':
    case '*':
    case '+':
    case '{':
    case '}':
    case ']':
      return refuse(`"${character}" stands where nothing can be repeated or closed; write \\${character} for the character`);
    default:
      return literal(character);
  }
}

function group(cursor: Cursor): string {
  if (peek(cursor) === '?') {
    cursor.at += 1;
    if (next(cursor) !== ':') refuse('groups that begin with "(?" do not exist in XML Schema');
  }
  const inside = alternatives(cursor);
  if (peek(cursor) !== ')') refuse('a "(" is not closed');
  cursor.at += 1;
  return `(?:${inside})`;
}

/** `before`: how many atoms there were before what it repeats. */
function quantifier(cursor: Cursor, before: number): string {
  const character = peek(cursor);
  if (character === '{') return counted(cursor, before);
  if (character !== '?' && character !== '*' && character !== '+') return '';
  cursor.at += 1;
  return character + reluctant(cursor);
}

function counted(cursor: Cursor, before: number): string {
  const rest = cursor.characters.slice(cursor.at, cursor.at + 16).join('');
  const found = /^\{(\d{1,6})(,(\d{1,6})?)?\}/.exec(rest);
  if (!found) return refuse('a "{" is not the count of a repetition; write \\{ for the character');
  const [least, most] = [Number(found[1]), Number(found[3] ?? found[1])];
  if (most < least) refuse('a repetition ends before it begins');
  cursor.atoms = before + (cursor.atoms - before) * Math.max(1, most);
  if (most > mostRepeated || cursor.atoms > mostAtoms) refuse('it repeats too much');
  cursor.at += found[0].length;
  return found[0] + reluctant(cursor);
}

function reluctant(cursor: Cursor): string {
  if (peek(cursor) !== '?') return '';
  cursor.at += 1;
  return '?';
}

function escape(cursor: Cursor): string {
  const character = peek(cursor) ?? refuse('it ends with a backslash');
  if (/\d/.test(character)) refuse('back references are not supported');
  const simple = simpleEscape(character);
  if (simple !== null) {
    cursor.at += 1;
    return literal(simple);
  }
  // A category by its name where RE2 has the same one: shorter than its ranges.
  const named = /^p\{([A-Z][a-z]?)\}/i.exec(cursor.characters.slice(cursor.at, cursor.at + 6).join(''));
  const set = multipleEscape(cursor);
  return named && named[1] !== 'C' && named[1] !== 'Cn' ? `\\${named[0]}` : writeClass(set);
}

/** The character that an escape stands for; null: it is no escape of one character. */
function simpleEscape(character: string): string | null {
  if (character === 'n') return '\n';
  if (character === 'r') return '\r';
  if (character === 't') return '\t';
  return /[\\|.?*+(){}\-[\]^$/]/.test(character) ? character : null;
}

/** Consumes an escape of a set of characters. */
function multipleEscape(cursor: Cursor): Ranges {
  const character = next(cursor);
  const sets: Readonly<Record<string, () => Ranges>> = {
    s: () => space,
    i: () => nameStart,
    c: () => nameCharacter,
    d: () => categoryOf('Nd'),
    w: () => complement(union(categoryOf('P'), categoryOf('Z'), categoryOf('C'))),
    p: () => property(cursor),
  };
  const set = (sets[character.toLowerCase()] ?? refuse(`there is no escape \\${character}`))();
  return character === character.toLowerCase() ? set : complement(set);
}

function property(cursor: Cursor): Ranges {
  const rest = cursor.characters.slice(cursor.at, cursor.at + 60).join('');
  const found = /^\{([A-Za-z\d-]+)\}/.exec(rest) ?? refuse('\\p needs a category: \\p{L}');
  cursor.at += found[0].length;
  const name = found[1] ?? '';
  return (name.startsWith('Is') ? block(name.slice(2)) : category(name)) ?? refuse(`the category or block "${name}" is not known`);
}

function categoryOf(name: string): Ranges {
  return category(name) ?? [];
}

/** After the "[". */
function readClass(cursor: Cursor): Ranges {
  if (++cursor.depth > 50) refuse('classes are nested too deep');
  const negative = peek(cursor) === '^';
  if (negative) cursor.at += 1;
  const parts: Ranges[] = [];
  let less: Ranges = [];
  for (;;) {
    const character = next(cursor, 'a "[" is not closed');
    if (character === ']') break;
    if (character === '-' && peek(cursor) === '[') {
      cursor.at += 1;
      less = readClass(cursor);
      if (next(cursor, 'a "[" is not closed') !== ']') refuse('nothing may follow a subtraction but "]"');
      break;
    }
    if (character === '[') refuse('write \\[ for the character');
    parts.push(member(character, cursor));
  }
  if (parts.length === 0) refuse('a class is empty');
  cursor.depth -= 1;
  const all = union(...parts);
  return subtract(negative ? complement(all) : all, less);
}

/** One character, a range of them, or an escape for a set. */
function member(character: string, cursor: Cursor): Ranges {
  const from = single(character, cursor);
  if (typeof from !== 'number') return from;
  const after = cursor.characters[cursor.at + 1];
  // A hyphen before the end or before a subtraction is itself.
  if (peek(cursor) !== '-' || after === ']' || after === '[' || after === undefined) return [[from, from]];
  cursor.at += 1;
  const to = single(next(cursor), cursor);
  if (typeof to !== 'number') return refuse('a range ends with an escape for many characters');
  if (to < from) refuse('a range ends before it begins');
  return [[from, to]];
}

function single(character: string, cursor: Cursor): number | Ranges {
  if (character !== '\\') return pointOf(character);
  const simple = simpleEscape(peek(cursor) ?? refuse('it ends with a backslash'));
  if (simple === null) return multipleEscape(cursor);
  cursor.at += 1;
  return pointOf(simple);
}

function peek(cursor: Cursor): string | undefined {
  return cursor.characters[cursor.at];
}

function next(cursor: Cursor, otherwise = 'it ends too early'): string {
  const character = cursor.characters[cursor.at++];
  return character ?? refuse(otherwise);
}

function literal(character: string): string {
  return /[A-Za-z\d]/.test(character) ? character : `\\x{${pointOf(character).toString(16)}}`;
}

function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
