import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correlate, type Adopting, type Correlation, type Found } from '../../src/domain/correlation.ts';
import { adoptionChoices, adoptions } from '../../src/domain/vocabulary.ts';

const stranger: Found = { ours: false, linkedToAnother: false, verified: true, protectedAs: null, choice: null };
const ours: Found = { ...stranger, ours: true };
const somebodyElses: Found = { ...stranger, linkedToAnother: true };
const guarded: Found = { ...stranger, protectedAs: 'super administrator' };
const unlike: Found = { ...stranger, verified: false };
const decided = (choice: Found['choice'], found = stranger): Found => ({ ...found, choice });

const link: Adopting = { adoption: 'link', selfRegistered: false };
const ask: Adopting = { adoption: 'ask', selfRegistered: false };
const refuse: Adopting = { adoption: 'refuse', selfRegistered: false };
const registered: Adopting = { adoption: 'link', selfRegistered: true };

describe('accounts that match a user', () => {
  test.each<[string, readonly Found[], Adopting, Partial<Correlation> & Record<string, unknown>]>([
    ['none: one is made', [], link, { kind: 'create' }],
    ['none: one is made, also where the target asks', [], ask, { kind: 'create' }],
    ['none: one is made, also for somebody who registered themself', [], registered, { kind: 'create' }],
    ['one: it is adopted where the target allows that', [stranger], link, { kind: 'link', index: 0, origin: 'adopted' }],
    ['one: it waits where the target asks', [stranger], ask, { kind: 'ask', reason: 'set-to-ask', indexes: [0] }],
    ['one: it stops where the target does not adopt', [stranger], refuse, { kind: 'stop', message: expect.stringMatching(/not to adopt/) }],
    ['one: it waits for who only registered themself', [stranger], registered, { kind: 'ask', reason: 'self-registered', indexes: [0] }],
    ['one whose value the target did not confirm: it waits', [unlike], link, { kind: 'ask', reason: 'unverified', indexes: [0] }],
    ['one that an earlier attempt made: it is linked', [ours], refuse, { kind: 'link', index: 0, origin: 'created' }],
    ['one that an earlier attempt made for who registered themself', [ours], registered, { kind: 'link', index: 0, origin: 'created' }],
    [
      'one of another user: it is never taken over',
      [somebodyElses],
      link,
      { kind: 'stop', message: expect.stringMatching(/another user/) },
    ],
    ['one of another user: nobody is asked', [somebodyElses], ask, { kind: 'stop' }],
    ['one that says it is ours but is linked to another', [{ ...ours, linkedToAnother: true }], link, { kind: 'stop' }],
    ['one that is protected: it stops', [guarded], link, { kind: 'stop', message: expect.stringMatching(/super administrator/) }],
    ['one that is protected and ours: it stops', [{ ...guarded, ours: true }], link, { kind: 'stop' }],
    ['several: nobody guesses', [stranger, stranger], link, { kind: 'ask', reason: 'ambiguous', indexes: [0, 1] }],
    ['several: they wait where the target asks', [stranger, stranger], ask, { kind: 'ask', reason: 'ambiguous', indexes: [0, 1] }],
    [
      'several: it stops where the target does not adopt',
      [stranger, stranger],
      refuse,
      { kind: 'stop', message: expect.stringMatching(/Several/) },
    ],
    ['several: those that cannot be theirs are not shown', [stranger, somebodyElses, guarded], link, { kind: 'ask', indexes: [0] }],
    ['several of which one is ours: that one', [stranger, somebodyElses, ours], refuse, { kind: 'link', index: 2, origin: 'created' }],
    ['one that somebody chose: it is linked, whatever the setting', [decided('link', unlike)], refuse, { kind: 'link', origin: 'adopted' }],
    ['one that somebody chose and that is protected: it stops', [decided('link', guarded)], link, { kind: 'stop' }],
    ["one that somebody chose and that is somebody else's by now", [decided('link', somebodyElses)], link, { kind: 'stop' }],
    ['one that somebody refused: it stops', [decided('never')], link, { kind: 'stop', message: expect.stringMatching(/decided/) }],
    ['one that was ours and was unlinked: it is never taken again', [decided('never', ours)], link, { kind: 'stop' }],
    ['one that gets another beside it: that is made', [decided('create-another')], ask, { kind: 'create' }],
    ['one refused and one left: the one that is left', [decided('never'), stranger], link, { kind: 'link', index: 1 }],
  ])('%s', (_, found, adopting, expected) => {
    expect(correlate(found, adopting)).toMatchObject(expected);
  });
});

test('whatever is found, no account of another, protected or refused is taken, and none is made beside one nobody decided about', () => {
  const anyFound = fc.array(
    fc.record({
      ours: fc.boolean(),
      linkedToAnother: fc.boolean(),
      verified: fc.boolean(),
      protectedAs: fc.constantFrom(null, 'administrator'),
      choice: fc.constantFrom(null, ...adoptionChoices),
    }),
    { maxLength: 4 },
  );
  const anyAdopting = fc.record({ adoption: fc.constantFrom(...adoptions), selfRegistered: fc.boolean() });
  fc.assert(
    fc.property(anyFound, anyAdopting, (found, adopting) => {
      const decision = correlate(found, adopting);
      if (decision.kind === 'link') {
        const account = found[decision.index];
        expect(account).toMatchObject({ linkedToAnother: false, protectedAs: null });
        expect(account?.choice === 'never' || account?.choice === 'create-another').toBe(false);
        if (adopting.selfRegistered) expect(account?.ours || account?.choice === 'link').toBe(true);
      }
      if (decision.kind === 'ask')
        for (const index of decision.indexes) expect(found[index]).toMatchObject({ linkedToAnother: false, protectedAs: null });
      if (decision.kind === 'create') expect(found.every(({ choice }) => choice === 'never' || choice === 'create-another')).toBe(true);
    }),
  );
});
