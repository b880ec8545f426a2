/** What explains a decision: the trace, and the summary of a policy; shown with the shape of the templates that people bring. */
import { describe, expect, test } from 'vitest';
import { categories, clockAttributes, requestOf, summarizePolicy, type PlainAttribute, type Trace } from '../../src/xacml/pdp.ts';
import {
  apply,
  clock,
  condition,
  decide,
  designator,
  failing,
  functionNamed,
  isIn,
  match,
  pdpOf,
  policy,
  policySet,
  request,
  rule,
  subject,
  target,
  typeId,
  value,
} from './policies.ts';

function traceOf(text: string, attributes: Parameters<typeof request>[0] = {}): Trace {
  const { trace } = decide(text, request(attributes), { trace: true });
  if (!trace) throw new Error('There is no trace.');
  return trace;
}

test('nobody who does not ask gets a trace', () => {
  expect(decide(policy(rule('r', 'Permit'))).trace).toBeNull();
});

test('a trace says of every policy and rule what its target, condition and decision were', () => {
  const inner = policy(
    rule('grown-up', 'Permit', condition(isIn('yes', 'adult'))) +
      rule('guest', 'Deny', target(match('role', 'guest'))) +
      rule('broken', 'Deny', failing),
    { id: 'inner', version: '1.2', combining: 'first-applicable' },
  );
  const other = policy(rule('r', 'Permit'), { id: 'other', target: target(match('role', 'nobody')) });
  const { root, attributes } = traceOf(policySet(other + inner), { adult: ['no'], role: ['user'] });
  expect(root).toMatchObject({
    kind: 'policy-set',
    id: 'set',
    decision: 'Indeterminate{D}',
    fault: { status: 'missing-attribute' },
    policies: [
      { id: 'other', target: 'no match', decision: 'NotApplicable', rules: [] },
      {
        id: 'inner',
        version: '1.2',
        combining: 'urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable',
        target: 'match',
        rules: [
          {
            id: 'grown-up',
            effect: 'Permit',
            target: 'match',
            condition: { value: false, text: 'string-is-in("yes", access-subject:adult)' },
            decision: 'NotApplicable',
          },
          { id: 'guest', target: 'no match', condition: null, decision: 'NotApplicable' },
          { id: 'broken', condition: { value: null, fault: { status: 'missing-attribute' } }, decision: 'Indeterminate{D}' },
        ],
      },
    ],
  });
  expect(attributes).toEqual([
    { category: subject, id: 'role', dataType: typeId('string'), issuer: null, values: ['user'] },
    { category: subject, id: 'adult', dataType: typeId('string'), issuer: null, values: ['no'] },
    { category: subject, id: 'never', dataType: typeId('string'), issuer: null, values: [] },
  ]);
});

test('every part of a condition is shown with its value, those included that did not matter any more', () => {
  const parts = apply(
    'and',
    isIn('a', 'role'),
    isIn('b', 'role'),
    apply('not', isIn('c', 'role')),
    apply('or', isIn('d', 'role', true), isIn('e', 'never', true)),
  );
  const { root, attributes } = traceOf(policy(rule('r', 'Permit', condition(parts))), { role: ['a'] });
  expect(attributes.map(({ id, values }) => [id, values])).toEqual([
    ['role', ['a']],
    ['never', []],
  ]);
  const shown = root.rules[0]?.condition;
  expect(shown).toMatchObject({ value: false, functionId: expect.stringMatching(/:and$/) });
  expect(shown?.parts.map(({ value: its, parts: inside }) => [its, inside.map((part) => part.value)])).toEqual([
    [true, []],
    [false, []],
    [true, [false]],
    [null, [false, null]],
  ]);
  expect(shown?.parts[3]?.parts[1]?.fault).toMatchObject({ status: 'missing-attribute' });
});

test('a condition that is too dear to be evaluated again has the value that it had, and its parts what there are steps for', () => {
  const dear = apply('any-of', functionNamed('string-equal'), value('string', 'w9999'), designator('many'));
  const parts = apply('and', isIn('a', 'role'), dear);
  const many = Array.from({ length: 10_000 }, (_, i) => `w${i}`);
  const { root } = traceOf(policy(rule('r', 'Permit', condition(parts))), { role: ['a'], many });
  expect(root.rules[0]).toMatchObject({
    decision: 'Permit',
    condition: {
      ...{ value: true, fault: null },
      parts: [
        { value: true, fault: null },
        { value: null, fault: { message: 'Too many steps to explain it.' } },
      ],
    },
  });
});

test('an evaluation that took too many steps still shows how far it came', () => {
  const text = policySet(policy(rule('r', 'Permit', condition(isIn('x', 'role')))).repeat(1) + policy(rule('s', 'Deny'), { id: 'second' }));
  const { trace, status } = pdpOf([text]).evaluate(request({ role: ['x'] }), { ...clock, steps: 6, trace: true });
  expect(status.message).toBe('The evaluation took too many steps.');
  expect(trace?.root).toMatchObject({
    decision: 'Indeterminate{DP}',
    policies: [{ id: 'policy', rules: [{ id: 'r', decision: 'Permit' }] }, { id: 'second' }],
  });
});

test('the root of several policies is shown as such', () => {
  const combining = 'urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:permit-overrides';
  const { trace } = pdpOf([policy(rule('r', 'Deny')), policy('', { id: 'b' })], { combining }).evaluate(request(), {
    ...clock,
    trace: true,
  });
  expect(trace?.root).toMatchObject({ kind: 'root', combining, decision: 'Deny', policies: [{ id: 'policy' }, { id: 'b' }] });
});

test('a policy set keeps its place in a trace that is full before it ends', () => {
  const combining = 'urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:permit-overrides';
  const many = Array.from({ length: 1_100 }, (_, i) => policy(rule('r', 'Deny'), { id: `policy-${i}` })).join('');
  const { trace } = pdpOf([policySet(many, { combining: 'permit-overrides' }), policy('', { id: 'b' })], { combining }).evaluate(
    request(),
    { ...clock, trace: true },
  );
  const [set] = trace?.root.policies ?? [];
  expect(set).toMatchObject({ kind: 'policy-set', decision: 'Deny' });
  expect(set?.policies.length).toBeGreaterThan(900);
});

/** The shape of the original's templates: a target by application, provider and action, rules by operation, and a last one that denies. */
const wso2 = (name: string): string => `http://wso2.org/identity/${name}`;
const provisioning = wso2('provisioning');
const operation = wso2('provisioning/provision-operation');
const claimGroup = wso2('provisioning/claim-group');
const textMatch = (category: string, id: string, text: string, required = false): string =>
  `<Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">${value('string', text)}${designator(id, 'string', { category, required })}</Match>`;
const has = (text: string, category: string, id: string): string =>
  apply('string-is-in', value('string', text), designator(id, 'string', { category, required: true }));
const when = (method: string): string => target(textMatch(provisioning, operation, method, true));
const now = designator(clockAttributes.time, 'time', { category: categories.environment, required: true });
const between = apply(
  'urn:oasis:names:tc:xacml:2.0:function:time-in-range',
  apply('time-one-and-only', now),
  value('time', '09:00:00'),
  value('time', '17:00:00+05:30'),
);
const anyRole = apply('or', has('sales', provisioning, claimGroup), has('admin', provisioning, claimGroup));
const timeAndRole = policy(
  rule('permit_add', 'Permit', when('POST') + condition(apply('and', between, anyRole))) +
    rule(
      'permit_update',
      'Permit',
      when('PUT') + condition(apply('and', between, has('Internal/sales', wso2('user'), 'http://wso2.org/claims/roles'))),
    ) +
    rule('deny_others', 'Deny'),
  {
    id: 'provisioning_time_and_role_based',
    combining: 'first-applicable',
    target: target(
      textMatch(wso2('sp'), wso2('sp/sp-name'), 'travelocity'),
      textMatch(wso2('idp'), wso2('idp/idp-name'), 'google'),
      textMatch(wso2('identity-action'), wso2('identity-action/action-name'), 'provisioning'),
    ),
  },
);

describe("a policy of the original's shape", () => {
  const asked = (changes: Readonly<Record<string, readonly string[]>> = {}) => {
    const attributes: Record<string, readonly [string, readonly string[]]> = {
      'http://wso2.org/identity/sp/sp-name': [wso2('sp'), ['travelocity']],
      'http://wso2.org/identity/idp/idp-name': [wso2('idp'), ['google']],
      'http://wso2.org/identity/identity-action/action-name': [wso2('identity-action'), ['provisioning']],
      [operation]: [provisioning, ['POST']],
      [claimGroup]: [provisioning, ['sales']],
    };
    const list = Object.entries(attributes).map(([id, [category, values]]): PlainAttribute => ({
      category,
      id,
      values: changes[id] ?? values,
    }));
    return requestOf(list);
  };
  const at = (time: string) => ({ now: new Date(`2026-03-02T${time}Z`), zoneMinutes: 60 });

  test.each([
    ['in its hours, with the role', {}, '09:30:00', 'Permit'],
    ['outside of its hours, in the zone of the evaluation', {}, '07:30:00', 'Deny'],
    ['without the role', { [claimGroup]: ['guests'] }, '09:30:00', 'Deny'],
    ['for a removal, which it was not written for', { [operation]: ['DELETE'] }, '09:30:00', 'Deny'],
    ['for another application', { 'http://wso2.org/identity/sp/sp-name': ['other'] }, '09:30:00', 'NotApplicable'],
    ['where an attribute that has to be there is missing', { [claimGroup]: [] }, '09:30:00', 'Indeterminate'],
  ])('decides %s', (_name, changes, time, decision) => {
    expect(decide(timeAndRole, asked(changes), at(time)).decision).toBe(decision);
  });

  test('is summed up for a form', () => {
    const read = summarizePolicy(timeAndRole);
    expect(read).toMatchObject({
      kind: 'summary',
      summary: {
        kind: 'policy',
        id: 'provisioning_time_and_role_based',
        version: '1.0',
        target: [
          [
            [
              { attributeId: 'http://wso2.org/identity/sp/sp-name', value: 'travelocity', mustBePresent: false },
              { value: 'google' },
              { value: 'provisioning' },
            ],
          ],
        ],
        rules: [
          {
            id: 'permit_add',
            effect: 'Permit',
            condition: expect.stringMatching(/^and\(time-in-range\(time-one-and-only\(environment:current-time\), "09:00:00"/),
            target: [[[{ attributeId: operation, value: 'POST', mustBePresent: true }]]],
          },
          { id: 'permit_update' },
          { id: 'deny_others', effect: 'Deny', condition: null, target: [] },
        ],
      },
    });
  });
});

test('a summary of a policy set names what is in it and what it refers to, and of a text that is none the problems', () => {
  const text = policySet(`${policy(rule('r', 'Deny'), { id: 'in' })}<PolicyIdReference>out</PolicyIdReference>`);
  expect(summarizePolicy(text)).toMatchObject({
    summary: { kind: 'policy-set', policies: [{ id: 'in', rules: [{ id: 'r' }] }], references: [{ kind: 'policy', id: 'out' }] },
  });
  expect(summarizePolicy('<x/>')).toMatchObject({ kind: 'problems', problems: [{ line: 1, column: 1 }] });
});
