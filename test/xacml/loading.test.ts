/** What is wrong with a policy is said when it is loaded, with element, line and column. */
import { describe, expect, test } from 'vitest';
import { createPdp, validatePolicies, type Prepared } from '../../src/xacml/pdp.ts';
import {
  algorithm,
  apply,
  clock,
  condition,
  decide,
  designator,
  functionNamed,
  isIn,
  match,
  obligation,
  obligations,
  policy,
  policySet,
  problemsOf,
  reference,
  request,
  rule,
  target,
  value,
  xacml,
} from './policies.ts';

const head = `<Policy xmlns="${xacml}" PolicyId="p" Version="1.0" RuleCombiningAlgId="${algorithm('rule', 'deny-overrides')}">`;
const withCondition = (expression: string): string => policy(rule('r', 'Permit', condition(expression)));
const nested = (depth: number): string => (depth === 0 ? value('boolean', 'true') : apply('not', nested(depth - 1)));

/** Faults of the text itself. */
const refusedXml: readonly (readonly [name: string, text: string, problem: RegExp])[] = [
  ['nothing', '', /^1:1: document: /],
  ['no XML', 'hello', /^1:6: document: It is not well-formed/],
  ['an element that is not closed', `${head}\n <Target/>`, /^2:\d+: Policy: It is not well-formed: unclosed tag/],
  ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>\n${head}<Target/></Policy>`, /A DOCTYPE is not allowed/],
  [
    'an entity that nobody declared',
    `${head}<Description>&x;</Description><Target/></Policy>`,
    /^1:\d+: Description: It is not well-formed: undefined entity/,
  ],
  ['a tag without a name', `${head}<</Policy>`, /^1:\d+: Policy: It is not well-formed/],
  ['an attribute twice', `<Policy a="1" a="2"/>`, /duplicate attribute/],
  ['elements too deep', '<a>'.repeat(101), /nested more than 100 deep/],
  ['too many elements', `<a>${'<b/>'.repeat(200_000)}</a>`, /more than 200000 elements/],
  ['a text too long', ' '.repeat(4_000_001), /more than 4000000 characters/],
  ['another version of XACML', '<Policy xmlns="urn:oasis:names:tc:xacml:2.0:policy:schema:os"/>', /not of XACML 3\.0/],
  ['another element', `<Rule xmlns="${xacml}"/>`, /neither a Policy nor a PolicySet but Rule/],
];

/** Faults that the schema would find. */
const refusedShape: readonly (readonly [name: string, text: string, problem: RegExp])[] = [
  [
    'an obligatory attribute is missing',
    `<Policy xmlns="${xacml}" PolicyId="p" Version="1">\n<Target/></Policy>`,
    /^1:1: Policy: The attribute RuleCombiningAlgId is missing/,
  ],
  ['an attribute is unknown', head.replace('Version', 'Colour="red" Version') + '<Target/></Policy>', /The attribute Colour is not known/],
  ['an element is unknown', `${head}<Target/>\n  <Ruel/></Policy>`, /^2:3: Ruel: The element Ruel is not known in Policy/],
  [
    'an element is in the wrong place',
    `${head}<Target/>\n<Description/></Policy>`,
    /^2:1: Description: The element Description is in the wrong place/,
  ],
  ['an element is there twice', `${head}<Target/><Target/></Policy>`, /Target: The element Target is in the wrong place, or one too many/],
  ['the target is missing', `${head}</Policy>`, /Policy: It needs the element Target/],
  ['an AnyOf is empty', policy('', { target: '<Target><AnyOf/></Target>' }), /AnyOf: It needs the element AllOf/],
  ['there is text between elements', `${head}text<Target/></Policy>`, /There is text where only elements may be/],
  ['an element is of another namespace', `${head}<Target xmlns="urn:x"/></Policy>`, /not one of XACML 3\.0/],
  ['an effect is neither', policy('<Rule RuleId="r" Effect="Maybe"/>'), /Effect must be Permit or Deny, not "Maybe"/],
  ['a version is none', policy('', { version: '1.x' }), /"1\.x" is not a version/],
  [
    'a boolean is neither',
    policy(rule('r', 'Permit', condition(isIn('a', 'b').replace('false', 'no')))),
    /MustBePresent must be true or false, not "no"/,
  ],
  ['two rules share an id', policy(rule('r', 'Permit') + rule('r', 'Deny')), /RuleId "r" is there twice/],
  [
    'a condition holds two expressions',
    policy(rule('r', 'Permit', condition(value('boolean', 'true') + value('boolean', 'true')))),
    /one too many/,
  ],
  [
    'an obligation has no id',
    policy('', { after: '<ObligationExpressions><ObligationExpression FulfillOn="Permit"/></ObligationExpressions>' }),
    /ObligationId is missing/,
  ],
  ['a pattern of versions is none', policySet('<PolicyIdReference Version="x">p</PolicyIdReference>'), /"x" is not a pattern of versions/],
  ['there is an issuer', `${head}<PolicyIssuer/><Target/></Policy>`, /delegation, which is not supported/],
];

/** Faults of meaning. */
const refusedMeaning: readonly (readonly [name: string, text: string, problem: RegExp])[] = [
  [
    'a function does not exist',
    withCondition(apply('string-eq', value('string', 'a'))),
    /^1:\d+: Apply: There is no function "urn:.*string-eq"/,
  ],
  ['a data type does not exist', withCondition(value('urn:colour', 'red')), /There is no data type "urn:colour"/],
  ['an algorithm does not exist', policy('', { combining: 'urn:mine' }), /There is no combining algorithm of rules "urn:mine"/],
  ['an algorithm is for policies', policy('', { combining: algorithm('policy', 'deny-overrides') }), /no combining algorithm of rules/],
  ['a literal is no value', withCondition(value('boolean', 'maybe')), /AttributeValue: "maybe" is no boolean/],
  ['a condition is not boolean', withCondition(value('integer', '1')), /A condition must be boolean/],
  [
    'an argument has the wrong type',
    withCondition(apply('string-equal', value('string', 'a'), value('integer', '1'))),
    /string-equal: Argument 2 must be string, not integer/,
  ],
  [
    'a bag is where a value should be',
    withCondition(apply('string-equal', value('string', 'a'), designator('a'))),
    /Argument 2 must be string, not a bag of string/,
  ],
  ['an argument is missing', withCondition(apply('string-equal', value('string', 'a'))), /It takes 2 arguments, not 1/],
  [
    'a match has the wrong type',
    policy('', { target: target(match('a', '1', { type: 'integer', function: 'string-equal' })) }),
    /Match: string-equal: Argument 1 must be string, not integer/,
  ],
  [
    'a match is not boolean',
    policy('', { target: target(match('a', '1', { type: 'integer', function: 'integer-subtract' })) }),
    /integer-subtract does not return boolean/,
  ],
  [
    'a function of functions gets none',
    withCondition(apply('any-of', value('string', 'a'), designator('a'))),
    /its first argument must be a Function/,
  ],
  [
    'a function of functions gets no bag',
    withCondition(apply('any-of', functionNamed('string-equal'), value('string', 'a'), value('string', 'b'))),
    /Exactly one of its arguments must be a bag, not 0/,
  ],
  [
    'a function does not take what the bag holds',
    withCondition(apply('any-of', functionNamed('integer-equal'), value('integer', '1'), designator('a'))),
    /Its function does not take these arguments. Argument 2 must be integer, not string/,
  ],
  [
    'a function stands by itself',
    withCondition(functionNamed('string-equal')),
    /can only be the first argument of a higher-order function/,
  ],
  ['a variable does not exist', withCondition(reference('x')), /There is no variable "x"/],
  [
    'variables go in a circle',
    policy(
      `<VariableDefinition VariableId="a">${apply('not', reference('b'))}</VariableDefinition><VariableDefinition VariableId="b">${apply('not', reference('a'))}</VariableDefinition>`,
    ),
    /is defined by itself/,
  ],
  [
    'a variable that nobody uses is wrong',
    policy(`<VariableDefinition VariableId="a">${apply('not', value('string', 'a'))}</VariableDefinition>`),
    /Argument 1 must be boolean/,
  ],
  [
    'a call of literals always fails',
    withCondition(apply('integer-equal', apply('integer-divide', value('integer', '1'), value('integer', '0')), value('integer', '1'))),
    /It can never be evaluated: Division by zero/,
  ],
  [
    'a regular expression is none',
    withCondition(apply('string-regexp-match', value('string', '['), apply('string-one-and-only', designator('a')))),
    /cannot be used: A "\[" is not closed/,
  ],
  [
    'a regular expression needs backtracking',
    policy('', { target: target(match('a', '(a)\\1', { function: 'string-regexp-match' })) }),
    /Back references are not supported/,
  ],
  [
    'variables are nested too deep',
    policy(
      Array.from(
        { length: 300 },
        (_, i) =>
          `<VariableDefinition VariableId="v${i}">${i === 299 ? value('boolean', 'true') : apply('not', reference(`v${i + 1}`))}</VariableDefinition>`,
      ).join(''),
    ),
    /nested more than 250 deep/,
  ],
  [
    'XPath is used in a target',
    policy('', {
      target: target(
        `<Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">${value('string', 'a')}<AttributeSelector Category="c" Path="p" DataType="d" MustBePresent="false"/></Match>`,
      ),
    }),
    /AttributeSelector: XPath is not supported/,
  ],
  [
    'XPath is used in a value',
    withCondition(value('urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression', '//a')),
    /XPath is not supported/,
  ],
  [
    'XPath is used in a function',
    withCondition(apply('urn:oasis:names:tc:xacml:3.0:function:xpath-node-count', value('string', 'a'))),
    /XPath and delegation are out/,
  ],
  [
    'an obligation holds what is wrong',
    policy('', { after: obligations(obligation('o', 'Permit', { a: reference('x') })) }),
    /There is no variable "x"/,
  ],
];

describe.each([
  ['a text', refusedXml],
  ['a shape', refusedShape],
  ['a meaning', refusedMeaning],
] as const)('%s is refused when', (_kind, cases) => {
  test.each(cases)('%s', (_name, text, problem) => {
    const [first] = problemsOf(text);
    expect(first).toMatch(problem);
    expect(first).toMatch(/^\d+:\d+: [A-Za-z]+: /);
  });
});

test.each(['\n', '\r\n', '\r'])('lines end with %j, and columns count from their beginning', (end) => {
  expect(problemsOf(`${head}${end}<Description>😀</Description>${end}  <Target/>${end}   <Ruel/></Policy>`)).toEqual([
    '4:4: Ruel: The element Ruel is not known in Policy.',
  ]);
  expect(problemsOf(`${head}${end} <Target/>${end}  <Ruel>`)[0]).toMatch(/^3:8: /);
});

test('a policy with more regular expressions than can be compiled soon is refused soon', () => {
  const rules = Array.from({ length: 400 }, (_, i) =>
    rule(`r${i}`, 'Permit', target(match('a', `(\\p{L}|${i}){900}`, { function: 'string-regexp-match' }))),
  );
  expect(problemsOf(policy(rules.join(''))).at(0)).toMatch(/holds too many, or too large, regular expressions/);
});

test('all that is wrong is named at once, each in its place', () => {
  const text = `${head}\n <Target/>\n <Rule RuleId="a"/>\n <Rule RuleId="b" Effect="Permit" x="1"/>\n</Policy>`;
  expect(problemsOf(text)).toEqual(['3:2: Rule: The attribute Effect is missing.', '4:2: Rule: The attribute x is not known here.']);
});

test('positions are right behind tabs, line breaks in tags, comments and other lines', () => {
  const text = `<?xml version="1.0"?>\r\n<!-- < -->\n${head}<Target\n/>\n\t<Rule\n  RuleId="a"\n/></Policy>`;
  expect(problemsOf(text)).toEqual(['5:2: Rule: The attribute Effect is missing.']);
});

test('what the schema allows is accepted: prefixes, schema locations, defaults, parameters, a depth of delegation, CDATA', () => {
  const text = `<x:Policy xmlns:x="${xacml}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" PolicyId=" p " Version="1.0" MaxDelegationDepth="1"
    RuleCombiningAlgId="${algorithm('rule', 'deny-overrides')}">
    <x:Description>a <![CDATA[<b>]]></x:Description><x:PolicyDefaults><x:XPathVersion>http://www.w3.org/TR/1999/REC-xpath-19991116</x:XPathVersion></x:PolicyDefaults>
    <x:Target/><x:CombinerParameters/><x:Rule RuleId="r" Effect="Permit"/></x:Policy>`;
  expect(decide(text).decision).toBe('Permit');
});

test('deep expressions are accepted as long as they are in bounds', () => {
  expect(decide(withCondition(nested(90))).decision).toBe('Permit');
});

describe('policies that refer to others', () => {
  const leaf = policy(rule('r', 'Permit'), { id: 'leaf' });
  const refer = (to: string, id = 'set'): string => policySet(`<PolicySetIdReference>${to}</PolicySetIdReference>`, { id });

  test('are refused when the other is not there, or goes in a circle, or is there twice', () => {
    expect(problemsOf(policySet('<PolicyIdReference>nobody</PolicyIdReference>'))[0]).toMatch(
      /PolicyIdReference: There is no policy "nobody"/,
    );
    expect(problemsOf(policySet('<PolicySetIdReference>leaf</PolicySetIdReference>'), leaf)[0]).toMatch(/There is no policy-set "leaf"/);
    expect(problemsOf(refer('b', 'a'), refer('a', 'b'))[0]).toMatch(/refers to itself/);
    expect(problemsOf(leaf, leaf)[0]).toMatch(/is there twice in version 1\.0/);
  });

  test('are refused when they are nested too deep', () => {
    const chain = Array.from({ length: 60 }, (_, i) => (i === 59 ? policySet('', { id: 's59' }) : refer(`s${i + 1}`, `s${i}`)));
    expect(problemsOf(...chain).join()).toMatch(/nested more than 50 deep/);
  });

  test('can be validated without the others', () => {
    expect(validatePolicies([{ name: 'a', text: refer('elsewhere') }])).toEqual([]);
    expect(
      validatePolicies([
        { name: 'a', text: leaf },
        { name: 'b', text: policy('<Rule/>') },
      ]).map(({ source }) => source),
    ).toEqual(['b', 'b']);
  });
});

test('there is no PDP without a root, or with several that nothing combines', () => {
  const leaf = { name: 'a', text: policy(''), use: 'referenced' } as const;
  expect(createPdp({ policies: [leaf] })).toMatchObject({ kind: 'problems', problems: [{ message: 'There is no policy to start with.' }] });
  const two = [
    { name: 'a', text: policy('', { id: 'a' }) },
    { name: 'b', text: policy('', { id: 'b' }) },
  ];
  expect(createPdp({ policies: two })).toMatchObject({ kind: 'problems', problems: [{ message: expect.stringMatching(/no algorithm/) }] });
  expect(createPdp({ policies: two, combining: 'urn:mine' })).toMatchObject({ kind: 'problems' });
});

describe('what was prepared before', () => {
  const source = (text: string, use: 'root' | 'referenced' = 'root') => ({ name: text, text, use });
  const combining = algorithm('policy', 'deny-overrides');
  const created = (policies: readonly ReturnType<typeof source>[], prepared?: Prepared) => {
    const made = createPdp({ policies, combining, ...(prepared ? { prepared } : {}) });
    if (made.kind === 'problems') throw new Error(made.problems[0]?.message);
    return made;
  };
  const permits = source(policy(rule('r', 'Permit'), { id: 'one' }));
  const denies = source(policy(rule('r', 'Deny'), { id: 'one' }));
  const other = source(policy(rule('r', 'Permit'), { id: 'other' }));

  test('is not compiled again, and what is not used any more is not kept', () => {
    const before = created([permits, other]);
    const after = created([denies, other], before.prepared);
    expect(after.prepared.get(other.text)?.policy).toBe(before.prepared.get(other.text)?.policy);
    expect([...after.prepared.keys()]).toEqual([denies.text, other.text]);
    expect([before, after].map(({ pdp }) => pdp.evaluate(request(), clock).decision)).toEqual(['Permit', 'Deny']);
  });

  test('follows its references to what is there now', () => {
    const refers = source(policySet('<PolicyIdReference>one</PolicyIdReference>'));
    const within = source(policySet(policySet('<PolicyIdReference>one</PolicyIdReference>'), { id: 'outer' }));
    for (const root of [refers, within]) {
      const before = created([root, source(permits.text, 'referenced')]);
      const after = created([root, source(denies.text, 'referenced')], before.prepared);
      expect([before, after].map(({ pdp }) => pdp.evaluate(request(), clock).decision)).toEqual(['Permit', 'Deny']);
      expect(createPdp({ policies: [root], combining, prepared: after.prepared })).toMatchObject({ kind: 'problems' });
    }
  });

  test('is told apart by id and version as what is read now', () => {
    const { prepared } = created([permits]);
    const twice = createPdp({ policies: [permits, denies], combining, prepared });
    expect(twice).toMatchObject({ kind: 'problems', problems: [{ source: denies.name, line: 1, element: 'Policy' }] });
  });
});
