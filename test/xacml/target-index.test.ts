/** The index: decisions with it are those without it, and what does not concern a request costs nothing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlainAttribute } from '../../src/xacml/pdp.ts';
import { requestOf } from '../../src/xacml/pdp.ts';
import {
  clock,
  condition,
  designator,
  failing,
  isIn,
  match,
  obligation,
  obligations,
  pdpOf,
  policy,
  policySet,
  rule,
  subject,
  typeId,
  value,
} from './policies.ts';

const names = fc.constantFrom('a', 'b', 'c');
const matches = fc.oneof(
  fc.record({ name: names, text: names, required: fc.boolean() }).map(({ name, text, required }) => match(name, text, { required })),
  fc
    .record({ text: fc.constantFrom('1', '2', '02'), required: fc.boolean() })
    .map(({ text, required }) => match('n', text, { required, type: 'integer', function: 'integer-equal' })),
  fc.constantFrom('true', '0').map((text) => match('flag', text, { type: 'boolean', function: 'boolean-equal' })),
  names.map((text) => match('a', text, { function: 'string-regexp-match' })),
  names.map(
    (text) =>
      `<Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">${value('string', text)}${designator('a', 'string', { issuer: 'hr' })}</Match>`,
  ),
);
const wrap = (name: string) => (inside: readonly string[]) => `<${name}>${inside.join('')}</${name}>`;
const allOf = fc.array(matches, { minLength: 1, maxLength: 3 }).map(wrap('AllOf'));
const anyOf = fc.array(allOf, { minLength: 1, maxLength: 2 }).map(wrap('AnyOf'));
const targets = fc.array(anyOf, { maxLength: 2 }).map(wrap('Target'));
const effects = fc.constantFrom('Permit', 'Deny');
const noted = (effect: 'Permit' | 'Deny', id: string): string => obligations(obligation(id, effect));
const rules = fc
  .array(fc.record({ effect: effects, target: targets, fails: fc.boolean() }), { minLength: 1, maxLength: 12 })
  .map((list) =>
    list.map(({ effect, target, fails }, i) => rule(`r${i}`, effect, target + (fails ? failing : '') + noted(effect, `o${i}`))).join(''),
  );
const algorithms = fc.constantFrom('deny-overrides', 'permit-overrides', 'first-applicable', 'deny-unless-permit', 'permit-unless-deny');
const policies = fc.array(fc.record({ inside: rules, target: targets, combining: algorithms }), { minLength: 8, maxLength: 14 });
const values = fc.array(names, { maxLength: 2 });
const requests = fc
  .record({ a: values, b: values, c: values, n: fc.array(fc.constantFrom('1', '2'), { maxLength: 2 }), issued: values })
  .map(({ a, b, c, n, issued }) => {
    const list: PlainAttribute[] = [
      { category: subject, id: 'a', values: a },
      { category: subject, id: 'a', issuer: 'hr', values: issued },
      { category: subject, id: 'b', values: b },
      { category: subject, id: 'c', values: c },
      { category: subject, id: 'n', dataType: typeId('integer'), values: n },
      { category: subject, id: 'flag', dataType: typeId('boolean'), values: n.slice(1).map(() => '1') },
    ];
    return requestOf(list);
  });

test('policies, sets and rules that were looked up decide as all of them do', () => {
  fc.assert(
    fc.property(
      policies,
      fc.oneof(algorithms, fc.constant('only-one-applicable')),
      fc.array(requests, { minLength: 3, maxLength: 3 }),
      (list, combining, asked) => {
        const inside = list.map(({ inside: its, ...parts }, i) => policy(its, { id: `p${i}`, ...parts })).join('');
        const set = policySet(inside, { combining });
        const [indexed, plain] = [pdpOf([set]), pdpOf([set], { index: false })];
        for (const each of asked) {
          const [fast, slow] = [indexed.evaluate(each, clock), plain.evaluate(each, clock)];
          expect(fast).toEqual(slow);
        }
      },
    ),
    { numRuns: 10 },
  );
});

test('three hundred policies that do not concern the request take no more steps than one', () => {
  const text = policySet(
    Array.from({ length: 300 }, (_, i) =>
      policy(rule('r', 'Permit', condition(isIn('x', 'b'))), {
        id: `p${i}`,
        target: `<Target><AnyOf><AllOf>${match('a', `a${i}`)}</AllOf></AnyOf></Target>`,
      }),
    ).join(''),
  );
  const asked = requestOf([
    { category: subject, id: 'a', values: ['a150'] },
    { category: subject, id: 'b', values: ['x'] },
  ]);
  const pdp = pdpOf([text]);
  expect(pdp.evaluate(asked, { ...clock, steps: 20 }).decision).toBe('Permit');
  expect(pdpOf([text], { index: false }).evaluate(asked, { ...clock, steps: 600 }).decision).toBe('Indeterminate');
  expect(pdp.evaluate(asked, { ...clock, trace: true }).trace?.root).toMatchObject({
    notConcerned: 299,
    policies: [{ id: 'p150' }],
  });
});

test('one value many times, or one that many ask for, is no more than all of them', () => {
  const text = policySet(
    Array.from({ length: 50 }, (_, i) =>
      policy(rule('r', 'Permit'), { id: `p${i}`, target: `<Target><AnyOf><AllOf>${match('a', 'same')}</AllOf></AnyOf></Target>` }),
    ).join(''),
  );
  const asked = requestOf([{ category: subject, id: 'a', values: Array.from({ length: 20_000 }, () => 'same') }]);
  expect(pdpOf([text]).evaluate(asked, clock).decision).toBe('Permit');
});
