/** Regular expressions of XML Schema: what each construct matches, and what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../src/xacml/regex/pattern.ts';

const table: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] = [
  ['b', ['abc'], ['ac']],
  ['^b$', ['b'], ['ab', 'b\n', '']],
  ['^a.c$', ['abc', 'a😀c'], ['a\nc', 'ac']],
  ['^(ab|c)*$', ['', 'abcab'], ['a']],
  ['^(?:a|b)+?$', ['ab'], ['']],
  ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^a{2}$', ['aa'], ['aaa']],
  ['^a{2,}$', ['aaaaa'], ['a']],
  ['^\\d+$', ['123', '٣'], ['x']],
  ['^\\D$', ['x'], ['1']],
  ['^\\s\\S$', [' x', '\tx'], ['xx', '\u00a0x']],
  ['^\\w+$', ['aß1€'], ['a-b', 'a b', 'a.']],
  ['^\\W+$', ['-. '], ['a', '€']],
  ['^[\\W]$', ['-'], ['a']],
  ['^\\i\\c*$', ['a-b.c', ':x', '_1'], ['1a', '-a', '']],
  ['^\\I$', ['1', '-'], ['a', ':']],
  ['^\\C$', [' ', '/'], ['a', '-']],
  ['^[\\i-[:]][\\c-[:]]*$', ['name-1'], ['ns:name']],
  ['^\\p{Lu}\\P{Lu}$', ['Aa', 'Ä1'], ['aA']],
  ['^\\p{L}+$', ['äπ'], ['1']],
  ['^\\p{C}$', ['\u0001', '\u0378'], ['a']],
  ['^\\p{IsBasicLatin}+$', ['abc'], ['ä']],
  ['^\\P{IsGreek}$', ['a'], ['α']],
  ['^[a-c]$', ['a', 'c'], ['d', '-']],
  ['^[^a-c]$', ['d', '\n'], ['a']],
  ['^[a-]$', ['-', 'a'], ['b']],
  ['^[-a]$', ['-', 'a'], ['b']],
  ['^[a-z-[aeiou]]+$', ['xyz'], ['a', '-']],
  ['^[^a-z-[0-9]]$', ['X', '-'], ['a', '5']],
  ['^[a-z-[b-y-[m]]]$', ['a', 'm', 'z'], ['b', 'y']],
  ['^[\\p{L}-[\\p{Lu}]]$', ['a', 'ß'], ['A', '1']],
  ['^[\\d\\-\\]\\[\\\\]$', ['1', '-', ']', '[', '\\'], ['a', '^']],
  ['^[^\\d\\s]$', ['a'], ['1', ' ']],
  ['\\^\\$\\.\\|\\?\\*\\+\\(\\)\\{\\}\\[\\]\\-\\\\', ['^$.|?*+(){}[]-\\'], ['x']],
  ['\\n\\r\\t', ['\n\r\t'], ['nrt']],
  ['^[a-a-[a]]?$', [''], ['a']],
  ['😀', ['a😀'], ['a']],
  ['^[😀-😂]$', ['😁'], ['x']],
  ['', ['', 'x'], []],
  ['^[A-Z]{2}\\d{2}[A-Z\\d]{4}\\d{7}[A-Z\\d]{0,16}$', ['GB82WEST1234569'], ['GB82WEST123456']],
  ['.*@abc\\.com$', ['x@abc.com'], ['x@abcxcom', 'x@abc.com.org']],
];

test.each(table)('%s matches as it should', (pattern, matching, other) => {
  const compiled = compilePattern(pattern);
  if (compiled.kind === 'refused') throw new Error(compiled.message);
  expect(matching.filter((text) => !compiled.pattern.matches(text))).toEqual([]);
  expect(other.filter((text) => compiled.pattern.matches(text))).toEqual([]);
});

describe('refused, in words, is', () => {
  test.each([
    ['(a)\\1', /^Back references/],
    ['a{3,2}', /ends before it begins/],
    ['a{1001}', /repeats too much/],
    ['((a{50}){50}){50}', /repeats too much/],
    [`(${'abc'.repeat(300)}){900}`, /repeats too much/],
    ['a{', /"\{" is not the count/],
    ['[b-a]', /ends before it begins/],
    ['[a', /is not closed/],
    ['[]', /class is empty/],
    ['[a-[b]c]', /nothing may follow a subtraction/i],
    ['(a', /is not closed/],
    ['a)', /without its "\("/],
    ['*a', /stands where nothing can be repeated/],
    ['a**', /stands where nothing can be repeated/],
    ['(?=a)', /do not exist in XML Schema/],
    ['\\b', /no escape \\b/],
    ['\\p{Xx}', /"Xx" is not known/],
    ['\\p{IsKlingon}', /"IsKlingon" is not known/],
    ['\\pL', /needs a category/],
    ['a\\', /ends with a backslash/],
    ['x'.repeat(1001), /more than 1000 characters/],
    ['('.repeat(200), /nested too deep/],
  ])('%s', (pattern, message) => {
    const compiled = compilePattern(pattern);
    expect(compiled.kind === 'refused' ? compiled.message : 'accepted').toMatch(message);
  });
});

test('no text makes the translator fail, or a pattern that it accepts take long', () => {
  const patterns = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...Array.from('ab01-[](){}\\^$*+?.,|dDsSwWicpPLu')), maxLength: 40 }),
  );
  fc.assert(
    fc.property(patterns, (source) => {
      const compiled = compilePattern(source);
      if (compiled.kind === 'pattern') expect(typeof compiled.pattern.matches('ab01'.repeat(50))).toBe('boolean');
      else expect(compiled.message).toMatch(/\.$/);
    }),
    { numRuns: 150 },
  );
});

test('where two engines know the same syntax, they agree', () => {
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '(', ')', '|', '[ab]', '[^a]', '^', '$'), maxLength: 8 });
  fc.assert(
    fc.property(patterns, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }), (source, text) => {
      const compiled = compilePattern(source);
      let native: RegExp | null = null;
      try {
        native = new RegExp(source, 'u');
      } catch {
        // What the language refuses, or we do, is not compared.
      }
      if (compiled.kind === 'pattern' && native) expect(compiled.pattern.matches(text)).toBe(native.test(text));
    }),
    { numRuns: 500 },
  );
});
