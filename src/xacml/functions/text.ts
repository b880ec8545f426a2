/** Texts: made from values and read as values, joined, cut, searched. */
import { Fault, processingError } from '../fault.ts';
import { limits } from '../limits.ts';
import type { DataType } from '../values/data-type.ts';
import { dataTypes } from '../values/data-types.ts';
import { anyUri, base64Binary, boolean, hexBinary, integer, string } from '../values/plain.ts';
import { define, defineVariadic, functionUrn, one, type FirstOrderFunction } from './definition.ts';

/** Binary values have no conversions in the standard. */
const convertible = dataTypes.filter((type) => ![string.name, hexBinary.name, base64Binary.name].includes(type.name));

export const textFunctions: readonly FirstOrderFunction[] = [
  define(functionUrn('1.0', 'string-normalize-space'), [one(string)], one(string), ([text]) =>
    text.replace(/^[ \t\r\n]+/, '').replace(/(?<![ \t\r\n])[ \t\r\n]+$/, ''),
  ),
  define(functionUrn('1.0', 'string-normalize-to-lower-case'), [one(string)], one(string), ([text]) => lowerCase(text)),
  defineVariadic(functionUrn('2.0', 'string-concatenate'), 2, one(string), one(string), (texts) => boundedText(texts.join(''))),
  uriStringConcatenate(),
  ...convertible.flatMap(conversions),
  ...[string, anyUri].flatMap(searches),
];

/** Of 2.0, and planned to be dropped (A.4): texts behind an anyURI. What comes of it has to be one again. */
function uriStringConcatenate(): FirstOrderFunction {
  const id = functionUrn('2.0', 'uri-string-concatenate');
  const { call } = defineVariadic(id, 2, one(string), one(anyUri), (texts) => {
    const joined = boundedText(texts.join(''));
    if (typeof joined !== 'string') return joined;
    return anyUri.parse(joined) ?? new Fault('syntax-error', 'The text is no anyURI.');
  });
  return { kind: 'first-order', id, parameters: [one(anyUri), one(string)], rest: one(string), returns: one(anyUri), call };
}

export function lowerCase(text: string): string {
  return text.toLowerCase();
}

function conversions(type: DataType): readonly FirstOrderFunction[] {
  return [
    define(
      functionUrn('3.0', `${type.name}-from-string`),
      [one(string)],
      one(type),
      ([text]) => type.parse(text) ?? new Fault('syntax-error', `The text is no ${type.name}.`),
    ),
    define(functionUrn('3.0', `string-from-${type.name}`), [one(type)], one(string), ([value]) => type.canonical(value)),
  ];
}

function searches(type: DataType<string>): readonly FirstOrderFunction[] {
  const search = (name: string, holds: (text: string, part: string) => boolean): FirstOrderFunction =>
    define(functionUrn('3.0', `${type.name}-${name}`), [one(string), one(type)], one(boolean), ([part, text]) => holds(text, part));
  return [
    search('starts-with', (text, part) => text.startsWith(part)),
    search('ends-with', (text, part) => text.endsWith(part)),
    search('contains', (text, part) => text.includes(part)),
    define(functionUrn('3.0', `${type.name}-substring`), [one(type), one(integer), one(integer)], one(string), ([text, from, to]) =>
      substring(text, from, to),
    ),
  ];
}

/** Positions count characters, from 0; -1 as the end is the end of the text. */
function substring(text: string, from: bigint, to: bigint): string | Fault {
  const characters = Array.from(text);
  const length = BigInt(characters.length);
  const end = to === -1n ? length : to;
  if (from < 0n || from > length || end < from || end > length) return processingError('The positions are outside of the text.');
  return characters.slice(Number(from), Number(end)).join('');
}

function boundedText(text: string): string | Fault {
  return text.length > limits.text ? processingError(`A text has more than ${limits.text} characters.`) : text;
}
