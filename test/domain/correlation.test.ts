import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correlate, type Found } from '../../src/domain/correlation.ts';

const stranger: Found = { ours: false, linkedToAnother: false };
const ours: Found = { ours: true, linkedToAnother: false };
const somebodyElses: Found = { ours: false, linkedToAnother: true };

describe('accounts that match a user', () => {
  test.each(['link', 'refuse'] as const)('none: one is made (adoption %s)', (adoption) => {
    expect(correlate([], adoption)).toEqual({ kind: 'create' });
  });

  test('one: it is adopted where the target allows that', () => {
    expect(correlate([stranger], 'link')).toEqual({ kind: 'link', index: 0, origin: 'adopted' });
  });

  test('one: it stops where the target does not adopt', () => {
    expect(correlate([stranger], 'refuse')).toMatchObject({ kind: 'stop', message: expect.stringMatching(/not to adopt/) });
  });

  test('one that an earlier attempt of ours made: it is linked, whatever adoption says', () => {
    expect(correlate([ours], 'refuse')).toEqual({ kind: 'link', index: 0, origin: 'created' });
  });

  test('one of another user: it is never taken over', () => {
    expect(correlate([somebodyElses], 'link')).toMatchObject({ kind: 'stop', message: expect.stringMatching(/another user/) });
  });

  test('one that says it is ours but is linked to another user: it is never taken over', () => {
    expect(correlate([{ ours: true, linkedToAnother: true }], 'link').kind).toBe('stop');
  });

  test('several: nobody guesses', () => {
    expect(correlate([stranger, stranger], 'link')).toMatchObject({ kind: 'stop', message: expect.stringMatching(/Several/) });
  });

  test('several of which one is ours: that one', () => {
    expect(correlate([stranger, somebodyElses, ours], 'refuse')).toEqual({ kind: 'link', index: 2, origin: 'created' });
  });
});

test('whatever is found, an account of another user is never linked and nothing is made beside a match', () => {
  const anyFound = fc.array(fc.record({ ours: fc.boolean(), linkedToAnother: fc.boolean() }), { maxLength: 4 });
  fc.assert(
    fc.property(anyFound, fc.constantFrom('link' as const, 'refuse' as const), (found, adoption) => {
      const decision = correlate(found, adoption);
      if (decision.kind === 'link') expect(found[decision.index]?.linkedToAnother).toBe(false);
      if (decision.kind === 'create') expect(found).toEqual([]);
    }),
  );
});
