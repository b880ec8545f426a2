/** The combining algorithms against the plain reference: rules and policies of every decision, in every order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExtendedDecision } from '../../src/xacml/pdp.ts';
import { combinedAlgorithms, referenceOf } from './combining-reference.ts';
import {
  apply,
  condition,
  decide,
  designator,
  failing,
  isIn,
  match,
  obligation,
  obligations,
  pdpOf,
  policy,
  policySet,
  request,
  rule,
  target,
  value,
} from './policies.ts';
import { clock } from './policies.ts';

const ofRule: Readonly<Partial<Record<ExtendedDecision, (id: string) => string>>> = {
  Permit: (id) => rule(id, 'Permit'),
  Deny: (id) => rule(id, 'Deny'),
  NotApplicable: (id) => rule(id, 'Permit', target(match('role', 'nobody'))),
  'Indeterminate{P}': (id) => rule(id, 'Permit', failing),
  'Indeterminate{D}': (id) => rule(id, 'Deny', failing),
};

/** A policy of one or two rules; its target matches unless it is not applicable. */
const ofPolicy: Readonly<Record<ExtendedDecision, (id: string) => string>> = {
  Permit: (id) => policy(rule('r', 'Permit'), { id }),
  Deny: (id) => policy(rule('r', 'Deny'), { id }),
  NotApplicable: (id) => policy(rule('r', 'Permit'), { id, target: target(match('role', 'nobody')) }),
  'Indeterminate{P}': (id) => policy(rule('r', 'Permit', failing), { id }),
  'Indeterminate{D}': (id) => policy(rule('r', 'Deny', failing), { id }),
  'Indeterminate{DP}': (id) => policy(rule('r', 'Deny', failing) + rule('s', 'Permit'), { id }),
};

const decisionsOf = { rule: Object.keys(ofRule) as ExtendedDecision[], policy: Object.keys(ofPolicy) as ExtendedDecision[] };
const textOf = (of: 'rule' | 'policy', combining: string, children: readonly ExtendedDecision[]): string =>
  of === 'rule'
    ? policy(children.map((child, i) => ofRule[child]?.(`rule-${i}`) ?? '').join(''), { combining })
    : policySet(children.map((child, i) => ofPolicy[child](`policy-${i}`)).join(''), { combining });

describe.each(['rule', 'policy'] as const)('of %s', (of) => {
  test.each(combinedAlgorithms(of))('%s decides as the standard says', (id) => {
    const reference = referenceOf(of, id);
    const check = (children: readonly ExtendedDecision[]): void => {
      expect({ children, decision: decide(textOf(of, id, children)).extended }).toEqual({ children, decision: reference(children) });
    };
    check([]);
    for (const one of decisionsOf[of]) {
      check([one]);
      for (const two of decisionsOf[of]) check([one, two]);
    }
    fc.assert(fc.property(fc.array(fc.constantFrom(...decisionsOf[of]), { minLength: 3, maxLength: 12 }), check), { numRuns: 12 });
  });
});

describe('obligations', () => {
  const noted = (effect: 'Permit' | 'Deny', id: string): string => rule(id, effect, obligations(obligation(`of-${id}`, effect)));
  const decisive = (combining: string, ...rules: readonly string[]): readonly string[] =>
    decide(policy(rules.join(''), { combining })).obligations.map(({ id }) => id);

  test('come from every child that had the decision and was evaluated', () => {
    expect(decisive('deny-overrides', noted('Permit', 'a'), noted('Permit', 'b'))).toEqual(['of-a', 'of-b']);
    expect(decisive('permit-overrides', noted('Deny', 'a'), noted('Permit', 'b'), noted('Permit', 'c'))).toEqual(['of-b']);
    expect(decisive('first-applicable', noted('Deny', 'a'), noted('Deny', 'b'))).toEqual(['of-a']);
    expect(decisive('deny-unless-permit', noted('Deny', 'a'), noted('Deny', 'b'))).toEqual(['of-a', 'of-b']);
  });

  test('of the children come before those of the policy, and those of another decision do not come at all', () => {
    const after = obligations(obligation('own', 'Permit'), obligation('other', 'Deny'));
    expect(decide(policy(noted('Permit', 'a'), { after })).obligations.map(({ id }) => id)).toEqual(['of-a', 'own']);
  });

  test('that cannot be filled in make the decision Indeterminate', () => {
    const missing = designator('never', 'string', { required: true });
    const inRule = policy(rule('r', 'Deny', obligations(obligation('o', 'Deny', { a: missing }))));
    expect(decide(inRule)).toMatchObject({ extended: 'Indeterminate{D}', status: { code: 'missing-attribute' }, obligations: [] });
    const inPolicy = policy(rule('r', 'Permit'), { after: obligations(obligation('o', 'Permit', { a: missing })) });
    expect(decide(inPolicy)).toMatchObject({ extended: 'Indeterminate{P}', status: { code: 'missing-attribute' } });
  });
});

test('only-one-applicable takes a target that cannot be evaluated for an error, and evaluates no other policy', () => {
  const unsure = policy(rule('r', 'Permit'), { id: 'unsure', target: target(match('never', 'x', { required: true })) });
  const sure = policy(rule('r', 'Permit', condition(apply('boolean-equal', value('boolean', 'true'), apply('not', isIn('x', 'role'))))), {
    id: 'sure',
  });
  const pdp = pdpOf([policySet(unsure + sure, { combining: 'only-one-applicable' })]);
  expect(pdp.evaluate(request(), clock)).toMatchObject({ extended: 'Indeterminate{DP}', status: { code: 'missing-attribute' } });
});
