/** Data types: which texts are values, and how they are written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataTypeOf, dataTypes } from '../../src/xacml/values/data-types.ts';
import { civilFromDays, daysFromCivil } from '../../src/xacml/values/moment.ts';
import { valueCases } from './value-cases.ts';

describe.each(valueCases)('$type', ({ type: id, good, bad }) => {
  const type = dataTypeOf(id)!;

  test('reads what is a value and writes it canonically', () => {
    for (const [text, canonical] of good) {
      const value = type.parse(text);
      expect(value === null ? `${text} is refused` : type.canonical(value)).toBe(canonical);
      expect(type.key(type.parse(type.write(value!))!, () => 0)).toEqual(type.key(value!, () => 0));
    }
  });

  test('refuses what is none', () => {
    expect(bad.filter((text) => type.parse(text) !== null)).toEqual([]);
  });
});

test('whatever is read as a value is written as a text that reads as the same value', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...Array.from('0123456789-+:.TZPDYMHS/@=,[]#%eEINFa"\\ ')) }));
  fc.assert(
    fc.property(fc.constantFrom(...dataTypes), texts, (type, text) => {
      const value = type.parse(text);
      if (value === null) return;
      for (const written of [type.write(value), type.canonical(value)]) {
        const again = type.parse(written);
        expect(again === null ? written : type.key(again, () => 90)).toEqual(type.key(value, () => 90));
      }
    }),
    { numRuns: 800 },
  );
});

test('days and dates are each other, in every year that is kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: -365_000_000, max: 364_000_000 }), (days) => {
      const { year, month, dayOfMonth } = civilFromDays(days);
      expect(daysFromCivil(year, month, dayOfMonth)).toBe(days);
    }),
  );
  expect(civilFromDays(0)).toEqual({ year: 1970, month: 1, dayOfMonth: 1 });
});
