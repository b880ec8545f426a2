import { expect, test } from 'vitest';
import { exceedsGuard } from '../../src/domain/removal-guard.ts';

const usual = { guardCount: 100, guardPercent: 10, guardPercentFrom: 10 };

test.each([
  ['one of one', 1, 1, false],
  ['ten of ten: a small target is no reason', 10, 10, false],
  ['eleven of eleven', 11, 11, true],
  ['eleven of a hundred and ten: ten percent are allowed', 11, 110, false],
  ['eleven of a hundred and nine', 11, 109, true],
  ['a hundred of ten thousand', 100, 10_000, false],
  ['a hundred and one of ten thousand', 101, 10_000, true],
])('%s', (_, endings, accounts, expected) => {
  expect(exceedsGuard(usual, endings, accounts)).toBe(expected);
});

test('a guard of none and no percentage holds everything', () => {
  expect(exceedsGuard({ guardCount: 0, guardPercent: 100, guardPercentFrom: 10 }, 1, 1_000)).toBe(true);
});
