/**
 * Regular expressions in the syntax of XML Schema with what fn:matches adds to it (^, $, reluctant quantifiers), on RE2, which never
 * backtracks. Back references are the one thing that it cannot do; they are refused, and so is what would make a program too large.
 */
import { RE2JS } from 're2js';
import { translate } from './translate.ts';

export interface Pattern {
  /** Whether any part of the text matches: an expression that means the whole of it says ^ and $. */
  readonly matches: (text: string) => boolean;
  /** Instructions of the compiled program. */
  readonly size: number;
  /** Steps that compiling it was worth. */
  readonly cost: number;
}

export type CompiledPattern =
  { readonly kind: 'pattern'; readonly pattern: Pattern } | { readonly kind: 'refused'; readonly message: string };

/** Steps that one is worth that cannot be used, for that may only be known once it is compiled. */
export const refusalCost = 20_000;

const longestPattern = 1_000;
const largestProgram = 5_000;
const longestTranslation = 60_000;

export function compilePattern(source: string): CompiledPattern {
  if (source.length > longestPattern) return refused(`It has more than ${longestPattern} characters.`);
  const translated = translate(source);
  if (translated.kind === 'refused') return translated;
  if (translated.text.length > longestTranslation) return refused('It is too large.');
  try {
    const engine = RE2JS.compile(translated.text);
    const size = engine.programSize();
    if (size > largestProgram) return refused('It is too large.');
    const cost = 50 + source.length + (translated.text.length >> 3) + 4 * size;
    return { kind: 'pattern', pattern: { matches: (text) => engine.test(text), size, cost } };
  } catch {
    return refused('It is not a regular expression, or too large.');
  }
}

function refused(message: string): CompiledPattern {
  return { kind: 'refused', message };
}
