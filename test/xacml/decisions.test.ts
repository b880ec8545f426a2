/** Decisions: targets, conditions, attributes, the clock, references, statuses, and what a request may ask for. */
import { describe, expect, test } from 'vitest';
import { categories, clockAttributes, createPdp, readRequest, requestOf, responseXml, type Result } from '../../src/xacml/pdp.ts';
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
  obligation,
  obligations,
  pdpOf,
  policy,
  policySet,
  reference,
  request,
  rule,
  subject,
  target,
  typeId,
  value,
  xacml,
} from './policies.ts';

const permitIf = (expression: string): string => policy(rule('r', 'Permit', condition(expression)));
const decisionOf = (text: string, ...rest: [Parameters<typeof request>[0]?]): string => decide(text, request(...rest)).extended;

describe('a target', () => {
  const permit = (inside: string): string => policy(rule('r', 'Permit'), { target: `<Target>${inside}</Target>` });
  const any = (...alternatives: readonly string[]): string =>
    `<AnyOf>${alternatives.map((each) => `<AllOf>${each}</AllOf>`).join('')}</AnyOf>`;
  const unsure = match('never', 'x', { required: true });
  const [yes, no] = [match('role', 'admin'), match('role', 'guest')];

  test.each([
    ['matches with one of its alternatives', any(no, yes), 'Permit'],
    ['needs all matches of an alternative', any(yes + no), 'NotApplicable'],
    ['needs every AnyOf', any(yes) + any(no), 'NotApplicable'],
    ['is not in doubt where one alternative matches', any(unsure, yes), 'Permit'],
    ['is in doubt where the only other alternative does not match', any(no, unsure), 'Indeterminate{P}'],
    ['does not match, whatever could not be evaluated beside it in an alternative', any(unsure + no), 'NotApplicable'],
    ['does not match, whatever could not be evaluated in another AnyOf', any(unsure) + any(no), 'NotApplicable'],
    ['is in doubt where all else matches', any(unsure + yes) + any(yes), 'Indeterminate{P}'],
  ])('%s', (_name, inside, decision) => {
    expect(decisionOf(permit(inside), { role: ['user', 'admin'] })).toBe(decision);
  });

  test('that is in doubt leaves a policy with what it could have said', () => {
    const doubtful = target(unsure);
    expect(decisionOf(policy(rule('r', 'Deny'), { target: doubtful }))).toBe('Indeterminate{D}');
    expect(decisionOf(policy('', { target: doubtful }))).toBe('NotApplicable');
    expect(decisionOf(policy(rule('r', 'Permit', failing) + rule('s', 'Deny', failing), { target: doubtful }))).toBe('Indeterminate{DP}');
    expect(decisionOf(policy(rule('r', 'Permit', doubtful)))).toBe('Indeterminate{P}');
  });
});

describe('a condition', () => {
  test('that is false makes the rule not applicable, and one that fails makes it Indeterminate', () => {
    expect(decisionOf(permitIf(isIn('admin', 'role')), { role: ['user'] })).toBe('NotApplicable');
    expect(decide(permitIf(isIn('admin', 'role', true)))).toMatchObject({
      extended: 'Indeterminate{P}',
      status: { code: 'missing-attribute', missing: [{ category: subject, id: 'role', dataType: typeId('string'), issuer: null }] },
    });
  });

  test('stops at the first operand that is certain, and at the first that fails before', () => {
    const [yes, no, unsure] = [isIn('a', 'role'), isIn('b', 'role'), isIn('a', 'never', true)];
    expect(decisionOf(permitIf(apply('or', yes, unsure)), { role: ['a'] })).toBe('Permit');
    expect(decisionOf(permitIf(apply('or', unsure, yes)), { role: ['a'] })).toBe('Indeterminate{P}');
    expect(decisionOf(permitIf(apply('and', no, unsure)), { role: ['a'] })).toBe('NotApplicable');
    expect(decisionOf(permitIf(apply('n-of', value('integer', '1'), yes, unsure)), { role: ['a'] })).toBe('Permit');
  });

  test('takes an error in computed text for a syntax error', () => {
    const parsed = apply('urn:oasis:names:tc:xacml:3.0:function:boolean-from-string', apply('string-one-and-only', designator('flag')));
    expect(decide(permitIf(parsed), request({ flag: ['perhaps'] }))).toMatchObject({ status: { code: 'syntax-error' } });
    expect(decide(permitIf(parsed), request({ flag: ['true'] }))).toMatchObject({ decision: 'Permit', status: { code: 'ok' } });
  });

  test('may use variables, which may use variables, each evaluated once', () => {
    const variables = `<VariableDefinition VariableId="a">${apply('not', reference('b'))}</VariableDefinition><VariableDefinition VariableId="b">${isIn('x', 'role')}</VariableDefinition>`;
    const text = policy(variables + rule('r', 'Permit', condition(apply('or', reference('a'), reference('b')))));
    expect(decisionOf(text, { role: ['x'] })).toBe('Permit');
    const doubling = Array.from(
      { length: 60 },
      (_, i) =>
        `<VariableDefinition VariableId="v${i}">${i === 59 ? isIn('x', 'role') : apply('and', reference(`v${i + 1}`), reference(`v${i + 1}`))}</VariableDefinition>`,
    );
    expect(decisionOf(policy(doubling.join('') + rule('r', 'Permit', condition(reference('v0')))), { role: ['x'] })).toBe('Permit');
  });

  test('may compare with a function of the bag', () => {
    const text = permitIf(apply('any-of', functionNamed('string-regexp-match'), value('string', '^(admin|owner)$'), designator('role')));
    expect(decisionOf(text, { role: ['user', 'owner'] })).toBe('Permit');
    expect(decisionOf(text, { role: ['administrator'] })).toBe('NotApplicable');
  });
});

describe('an attribute', () => {
  const asked = requestOf([
    { category: subject, id: 'role', issuer: 'hr', values: ['admin'] },
    { category: subject, id: 'role', issuer: 'it', values: ['user'] },
    { category: subject, id: 'role', values: [7, 1.5, true, 12345678901234567890n] },
  ]);
  const roles = (more: Parameters<typeof designator>[2], type = 'string'): readonly string[] =>
    decide(
      policy(rule('r', 'Permit', obligations(obligation('o', 'Permit', { a: designator('role', type, more) })))),
      asked,
    ).obligations[0]?.assignments.map((each) => each.value) ?? ['?'];

  test('is of every issuer unless one is named', () => {
    expect(roles({})).toEqual(['admin', 'user']);
    expect(roles({ issuer: 'it' })).toEqual(['user']);
    expect(roles({ issuer: 'nobody' })).toEqual([]);
  });

  test('has only the values of the type that is asked for', () => {
    expect(roles({}, 'integer')).toEqual(['7', '12345678901234567890']);
    expect(roles({}, 'double')).toEqual(['1.5E0']);
    expect(roles({}, 'boolean')).toEqual(['true']);
  });

  test('is of no issuer that its identifier pretends', () => {
    const forged = requestOf([
      { category: subject, id: 'role\nhr', values: ['admin'] },
      { category: subject, id: 'role hr', values: ['admin'] },
      { category: `${subject} role`, id: 'hr', values: ['admin'] },
    ]);
    const text = permitIf(apply('string-is-in', value('string', 'admin'), designator('role', 'string', { issuer: 'hr' })));
    expect(decide(text, forged).decision).toBe('NotApplicable');
    expect(decide(text, asked).decision).toBe('Permit');
  });

  test('of another category is another attribute', () => {
    expect(roles({ category: categories.resource })).toEqual([]);
  });

  test('that must be present and is not is named with its issuer', () => {
    const text = permitIf(apply('string-is-in', value('string', 'x'), designator('role', 'string', { issuer: 'nobody', required: true })));
    expect(decide(text, asked).status).toMatchObject({ code: 'missing-attribute', missing: [{ issuer: 'nobody' }] });
  });
});

test('the subject and the resource of a request are known by the identifiers of the standard', () => {
  const [person, thing] = ['urn:oasis:names:tc:xacml:1.0:subject-category:access-subject', categories.resource];
  const resource = 'urn:oasis:names:tc:xacml:1.0:resource:resource-id';
  const text = policy(
    rule('r', 'Permit', target(match('name', 'ann', { category: person }), match(resource, 'record', { category: thing }))),
  );
  const asking = (name: string, id: string) =>
    decide(
      text,
      requestOf([
        { category: person, id: 'name', values: [name] },
        { category: thing, id: resource, values: [id] },
      ]),
    ).decision;
  expect([asking('ann', 'record'), asking('bob', 'record'), asking('ann', 'other')]).toEqual(['Permit', 'NotApplicable', 'NotApplicable']);
});

describe('the clock', () => {
  const now = (name: keyof typeof clockAttributes): string =>
    designator(clockAttributes[name], name, { category: categories.environment, required: true });
  const valuesOf = (result: Result): readonly string[] => result.obligations[0]?.assignments.map((each) => each.value) ?? [];
  const text = policy(rule('r', 'Permit', obligations(obligation('o', 'Permit', { a: now('time'), b: now('date'), c: now('dateTime') }))));

  test('is supplied in the zone of the evaluation', () => {
    expect(valuesOf(decide(text))).toEqual(['10:30:15.25+01:00', '2026-03-02+01:00', '2026-03-02T10:30:15.25+01:00']);
    const late = { now: new Date('2026-03-02T23:30:00Z'), zoneMinutes: 330 };
    expect(valuesOf(decide(text, request(), late))).toEqual(['05:00:00+05:30', '2026-03-03+05:30', '2026-03-03T05:00:00+05:30']);
  });

  test('is what the request says where it says it with the type', () => {
    const at = (dataType: string) =>
      requestOf([{ category: categories.environment, id: clockAttributes.time, dataType: typeId(dataType), values: ['08:00:00'] }]);
    expect(valuesOf(decide(text, at('time')))[0]).toBe('08:00:00');
    // The original sends a text: whoever asks for a time gets the clock.
    expect(valuesOf(decide(text, at('string')))[0]).toBe('10:30:15.25+01:00');
  });
});

describe('references', () => {
  const version = (number: string, effect: 'Permit' | 'Deny'): string => policy(rule('r', effect), { id: 'leaf', version: number });
  const refer = (patterns: string): string => policySet(`<PolicyIdReference ${patterns}>leaf</PolicyIdReference>`);
  const decided = (patterns: string): string => {
    const policies = [refer(patterns), version('1.0', 'Deny'), version('1.10', 'Permit'), version('1.9.1', 'Deny'), version('2.0', 'Deny')];
    const created = createPdp({ policies: policies.map((text, i) => ({ name: String(i), text, use: i === 0 ? 'root' : 'referenced' })) });
    return created.kind === 'pdp'
      ? created.pdp.evaluate(requestOf([], { returnPolicyIds: true }), clock).policies.map((each) => each.version)[0]!
      : created.problems[0]!.message;
  };

  test.each([
    ['', '2.0'],
    ['Version="1.10"', '1.10'],
    ['Version="1.*"', '1.10'],
    ['Version="1.+"', '1.10'],
    ['Version="*.0"', '2.0'],
    ['LatestVersion="1.9.9"', '1.9.1'],
    ['LatestVersion="1.9"', '1.0'],
    ['EarliestVersion="1.10" LatestVersion="1.+"', '1.10'],
    ['EarliestVersion="1.10"', '2.0'],
  ])('with %s choose version %s', (patterns, expected) => {
    expect(decided(patterns)).toBe(expected);
  });

  test('to no version that is there are refused', () => {
    expect(decided('Version="3.*"')).toMatch(/There is no policy "leaf" of such a version/);
  });

  test('to the same policy from many places, at many levels, do not cost more memory than steps', () => {
    const level = (i: number): string =>
      policySet('<PolicySetIdReference>x</PolicySetIdReference>'.replaceAll('x', `s${i + 1}`).repeat(2), { id: `s${i}` });
    const sets = [...Array.from({ length: 40 }, (_, i) => level(i)), policySet(policy(rule('r', 'Permit')), { id: 's40' })];
    const created = createPdp({ policies: sets.map((text, i) => ({ name: String(i), text, use: i === 0 ? 'root' : 'referenced' })) });
    expect(created.kind === 'pdp' && created.pdp.evaluate(request(), { ...clock, steps: 50_000 })).toMatchObject({
      extended: 'Indeterminate{DP}',
      status: { code: 'processing-error', message: 'The evaluation took too many steps.' },
    });
  });
});

describe('several roots', () => {
  const texts = [policy(rule('r', 'Permit'), { id: 'a' }), policy(rule('r', 'Deny'), { id: 'b' })];

  test('are combined in their order, as the algorithm says', () => {
    const combined = (name: string): string =>
      pdpOf(texts, { combining: `urn:oasis:names:tc:xacml:${name}` }).evaluate(request(), clock).decision;
    expect(combined('1.0:policy-combining-algorithm:first-applicable')).toBe('Permit');
    expect(combined('3.0:policy-combining-algorithm:deny-overrides')).toBe('Deny');
    expect(combined('1.0:policy-combining-algorithm:only-one-applicable')).toBe('Indeterminate');
  });
});

describe('a request in XML', () => {
  const attribute = (inside: string, more = ''): string =>
    `<Attribute AttributeId="role" IncludeInResult="true"${more}>${inside}</Attribute>`;
  const xml = (inside: string, attributes = 'ReturnPolicyIdList="true" CombinedDecision="false"'): string =>
    `<Request xmlns="${xacml}" ${attributes}>${inside}</Request>`;
  const group = (inside: string, category = subject): string => `<Attributes Category="${category}">${inside}</Attributes>`;
  const permit = policySet(policy(rule('r', 'Permit', condition(isIn('admin', 'role'))), { id: 'inner' }), { id: 'outer' });
  const evaluate = (text: string): Result => pdpOf([permit]).evaluate(readRequest(text), clock);

  test('is answered with what it asked to have in the result, and the policies that applied', () => {
    const result = evaluate(
      xml(group(`<Content><any xmlns="urn:x">thing</any></Content>${attribute(value('string', 'admin'), ' Issuer="hr"')}`)),
    );
    expect(result).toMatchObject({
      decision: 'Permit',
      policies: [{ id: 'inner' }, { id: 'outer' }],
      attributes: [{ id: 'role', issuer: 'hr' }],
    });
    expect(responseXml(result)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Response xmlns="${xacml}">
  <Result>
    <Decision>Permit</Decision>
    <Status>
      <StatusCode Value="urn:oasis:names:tc:xacml:1.0:status:ok"/>
    </Status>
    <Attributes Category="${subject}">
      <Attribute AttributeId="role" Issuer="hr" IncludeInResult="true">
        <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">admin</AttributeValue>
      </Attribute>
    </Attributes>
    <PolicyIdentifierList>
      <PolicyIdReference Version="1.0">inner</PolicyIdReference>
      <PolicySetIdReference Version="1.0">outer</PolicySetIdReference>
    </PolicyIdentifierList>
  </Result>
</Response>
`);
  });

  test.each([
    ['is not XML', 'x', 'syntax-error', /not well-formed/],
    ['is something else', policy(''), 'syntax-error', /not a Request/],
    [
      'holds a value that is none',
      xml(group(attribute(value('integer', 'x')))),
      'syntax-error',
      /1:\d+: AttributeValue: The text is no integer/,
    ],
    [
      'holds XPath',
      xml(group(attribute(value('urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression', '//a')))),
      'syntax-error',
      /XPath is not supported/,
    ],
    [
      'asks for many decisions',
      xml(`${group(attribute(value('string', 'a')))}<MultiRequests/>`),
      'syntax-error',
      /MultiRequests are not supported/,
    ],
    ['repeats a category', xml(group('') + group('')), 'syntax-error', /multiple decisions are not supported/],
    [
      'asks for a combined decision',
      xml(group(''), 'ReturnPolicyIdList="false" CombinedDecision="true"'),
      'processing-error',
      /CombinedDecision is not supported/,
    ],
    ['lacks an attribute of the schema', xml(group(''), 'ReturnPolicyIdList="false"'), 'syntax-error', /CombinedDecision is missing/],
  ])('that %s is Indeterminate', (_name, text, code, message) => {
    expect(evaluate(text)).toMatchObject({ decision: 'Indeterminate', status: { code, message: expect.stringMatching(message) } });
  });
});

test('a response says which attribute is missing, and its obligations and advice with their values', () => {
  const advice = `<AdviceExpressions><AdviceExpression AdviceId="hint" AppliesTo="Permit"><AttributeAssignmentExpression AttributeId="a" Category="c" Issuer="i">${value('string', '<&>')}</AttributeAssignmentExpression></AdviceExpression></AdviceExpressions>`;
  const xml = responseXml(
    decide(
      policy(rule('r', 'Permit'), { after: obligations(obligation('o', 'Permit', { roles: designator('role') })) + advice }),
      request({ role: ['x', 'y'] }),
    ),
  );
  expect(xml).toContain('<Obligation ObligationId="o">');
  expect(xml.match(/AttributeId="roles" DataType="http:\/\/www.w3.org\/2001\/XMLSchema#string">[xy]</g)).toHaveLength(2);
  expect(xml).toContain(
    '<AttributeAssignment AttributeId="a" Category="c" Issuer="i" DataType="http://www.w3.org/2001/XMLSchema#string">&lt;&amp;&gt;</AttributeAssignment>',
  );
  expect(responseXml(decide(permitIf(isIn('a', 'role', true))))).toContain(
    `<MissingAttributeDetail Category="${subject}" AttributeId="role" DataType="http://www.w3.org/2001/XMLSchema#string"/>`,
  );
});

test('a value of the plain request that is none is named by its attribute', () => {
  expect(request({ 'age integer': ['old'] })).toMatchObject({
    kind: 'refused',
    problems: [{ element: 'age', message: 'A value is no integer.' }],
  });
});
