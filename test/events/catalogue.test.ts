import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cataloguePage } from '../../src/events/catalogue-page.ts';
import { isLater, isPosition } from '../../src/events/position.ts';
import { eventTypes, leastRoleFor, readableTypes } from '../../src/events/visibility.ts';

test('docs/events.md is what the catalogue says; run `npm run docs:events` when it is not', async () => {
  expect(await readFile(new URL('../../docs/events.md', import.meta.url), 'utf8')).toBe(cataloguePage());
});

test('what is about administrators and tokens is for administrators, and nothing else is', () => {
  const guarded = eventTypes.filter((type) => leastRoleFor(type) !== 'viewer');
  expect(guarded).toEqual(
    eventTypes.filter((type) => type.includes('administrator') || type.includes('api-token') || type.startsWith('tenant.')),
  );
  for (const role of ['viewer', 'operator'] as const) expect(readableTypes(role).filter((type) => guarded.includes(type))).toEqual([]);
  expect(readableTypes('owner')).toEqual(eventTypes);
  expect(readableTypes('viewer', ['api-token.created', 'user.removed', 'no.such'])).toEqual(['user.removed']);
});

test('positions are compared as numbers, transaction first', () => {
  const inOrder = ['9-10', '10-2', '10-10', '900719925474099300-1', '900719925474099301-1'];
  for (const [i, a] of inOrder.entries()) for (const [j, b] of inOrder.entries()) expect(isLater(a, b)).toBe(i > j);
  expect(isLater('1-1', null)).toBe(true);
  expect(['1-1', '0-0'].map(isPosition)).toEqual([true, true]);
  expect(['', '1', '1-', '-1', '1-1-1', '1e3-1', `${'9'.repeat(19)}-1`].filter(isPosition)).toEqual([]);
});
