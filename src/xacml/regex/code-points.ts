/** Sets of characters as sorted, disjoint ranges of code points: what classes are subtracted and complemented with. */

export type Range = readonly [from: number, to: number];
export type Ranges = readonly Range[];

const last = 0x10ffff;

export function union(...sets: readonly Ranges[]): Ranges {
  const sorted = sets.flat().sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const before = merged.at(-1);
    if (before && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(set: Ranges): Ranges {
  const gaps: Range[] = [];
  let next = 0;
  for (const [from, to] of union(set)) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  return next <= last ? [...gaps, [next, last]] : gaps;
}

export function subtract(set: Ranges, less: Ranges): Ranges {
  return complement(union(complement(set), less));
}

/** A class of RE2 with exactly these characters. */
export function writeClass(set: Ranges): string {
  // No character at all: the complement of everything.
  if (set.length === 0) return '[^\\x{0}-\\x{10FFFF}]';
  const hex = (point: number): string => `\\x{${point.toString(16)}}`;
  return `[${set.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`)).join('')}]`;
}

export const space: Ranges = [
  [0x9, 0xa],
  [0xd, 0xd],
  [0x20, 0x20],
];

/** Name start characters of XML: \i. */
export const nameStart: Ranges = [
  [0x3a, 0x3a],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
];
/** Name characters of XML: \c. */
export const nameCharacter: Ranges = union(nameStart, [
  [0x2d, 0x2e],
  [0x30, 0x39],
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
]);

const properties = /^(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/;
const known = new Map<string, Ranges>();

/** The characters of a general category; null: there is none of this name. Found by asking of each character, once. */
export function category(name: string): Ranges | null {
  if (!properties.test(name)) return null;
  const found = known.get(name) ?? search(new RegExp(`\\p{${name}}+`, 'gu'));
  known.set(name, found);
  return found;
}

function search(pattern: RegExp): Ranges {
  const found: Range[] = [];
  const chunk = 0x1000;
  for (let start = 0; start <= last; start += chunk) {
    // Halves of surrogate pairs are no characters.
    if (start >= 0xd800 && start < 0xe000) continue;
    const points = Array.from({ length: chunk }, (_, i) => start + i).filter((point) => point < 0xd800 || point > 0xdfff);
    const text = String.fromCodePoint(...points);
    const wide = start >= 0x10000 ? 2 : 1;
    for (const match of text.matchAll(pattern)) {
      const from = (points[0] ?? start) + match.index / wide;
      found.push([from, from + match[0].length / wide - 1]);
    }
  }
  return union(found);
}

/** The blocks of Unicode that policies have been seen to name; others are refused by name. */
const blocks: Readonly<Record<string, Range>> = {
  BasicLatin: [0x0, 0x7f],
  'Latin-1Supplement': [0x80, 0xff],
  'LatinExtended-A': [0x100, 0x17f],
  'LatinExtended-B': [0x180, 0x24f],
  IPAExtensions: [0x250, 0x2af],
  CombiningDiacriticalMarks: [0x300, 0x36f],
  Greek: [0x370, 0x3ff],
  GreekandCoptic: [0x370, 0x3ff],
  Cyrillic: [0x400, 0x4ff],
  Armenian: [0x530, 0x58f],
  Hebrew: [0x590, 0x5ff],
  Arabic: [0x600, 0x6ff],
  Devanagari: [0x900, 0x97f],
  Thai: [0xe00, 0xe7f],
  LatinExtendedAdditional: [0x1e00, 0x1eff],
  GreekExtended: [0x1f00, 0x1fff],
  GeneralPunctuation: [0x2000, 0x206f],
  CurrencySymbols: [0x20a0, 0x20cf],
  Hiragana: [0x3040, 0x309f],
  Katakana: [0x30a0, 0x30ff],
  CJKUnifiedIdeographs: [0x4e00, 0x9fff],
  HangulSyllables: [0xac00, 0xd7a3],
};

export function block(name: string): Ranges | null {
  const range = blocks[name];
  return range && Object.hasOwn(blocks, name) ? [range] : null;
}
