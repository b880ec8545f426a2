import { describe, expect, test } from 'vitest';
import { problemWithName } from '../../src/domain/text.ts';

describe('a name', () => {
  test.each([
    ['of one letter', 'a'],
    ['in two scripts with a space', 'Ann 田中'],
    ['from right to left', 'محمد'],
    ['in Hebrew with points', 'שָׁלוֹם'],
    ['in Persian with the joiner that its spelling needs', 'می\u200Cخواهم'],
    ['in Sinhala with the joiner that its spelling needs', 'ශ්\u200Dරී'],
    ['with combining marks', 'A\u030Angstro\u0308m'],
    ['with a picture of one', '❤\uFE0F Team'],
    ['with a picture of several', '\u{1F469}\u{1F3FD}\u200D\u{1F4BB} and \u2764\uFE0F\u200D\u{1F525}'],
    ['with a key', 'Room 1\uFE0F\u20E3'],
  ])('may be %s', (_, name) => {
    expect(problemWithName(name, 255)).toBeNull();
  });

  test.each([
    ['nothing', '', 'Say a name.'],
    ['more than there is place for', 'a'.repeat(256), 'At most 255 characters.'],
    ['a space behind it', 'ann ', 'spaces around'],
    ['a line break', 'an\nn', 'control characters'],
    ['half of a character', 'an\uD800n', 'control characters'],
    ...[...range(0x202a, 0x202e), ...range(0x2066, 0x2069), 0x200e, 0x200f, 0x061c].map(unseen),
    // Spaces of no width, joiners, hyphens that do not show, invisible operators.
    ...[0x200b, 0x200c, 0x200d, 0x2060, 0x2063, 0xfeff, 0x00ad, 0x034f].map(unseen),
    // Fillers, selectors of variants, separators, tags.
    ...[0x115f, 0x3164, 0xffa0, 0x180e, 0xfe0f, 0xe0100, 0x2028, 0x2029, 0x2800, 0xfff9, 0xe0041].map(unseen),
    ['a joiner behind a letter that joins', 'محمد\u200D', 'take out U+200D.'],
    ['a picture’s selector behind a digit', 'ann1\uFE0F', 'take out U+FE0F.'],
  ])('has not %s', (_, name, message) => {
    expect(problemWithName(name, 255)).toContain(message);
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function unseen(code: number): [string, string, string] {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return [name, `an${String.fromCodePoint(code)}n`, `take out ${name}.`];
}
