/** No text and no request makes anything throw, hang, or fill the memory: there is an answer, or a problem with a position. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPdp, readRequest, requestOf, responseXml, summarizePolicy, type Result } from '../../src/xacml/pdp.ts';
import { functionIds } from '../../src/xacml/functions/functions.ts';
import { dataTypes } from '../../src/xacml/values/data-types.ts';
import { parseXml } from '../../src/xacml/xml/parse-xml.ts';
import { samples } from './function-cases.ts';
import {
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
  pdpOf,
  policy,
  policySet,
  problemsOf,
  reference,
  request,
  rule,
  subject,
  target,
  typeId,
  value,
  xacml,
} from './policies.ts';

/** Whatever a text is: a PDP that answers, or problems that say where. */
function survives(text: string): void {
  const created = createPdp({ policies: [{ name: 'p', text }] });
  summarizePolicy(text);
  if (created.kind === 'problems') {
    for (const { line, column, element, message } of created.problems) {
      expect(line >= 1 && column >= 1 && element !== '' && message !== '').toBe(true);
    }
    return;
  }
  const result = created.pdp.evaluate(request({ a: ['x'], 'n integer': ['5'] }), { ...clock, steps: 20_000, trace: true });
  expect(['Permit', 'Deny', 'NotApplicable', 'Indeterminate']).toContain(result.decision);
  expect(parseXml(responseXml(result)).kind).toBe('document');
  expect(JSON.parse(JSON.stringify(result.trace))).toEqual(result.trace);
}

const good = policySet(
  policy(
    `<VariableDefinition VariableId="v">${apply('string-is-in', value('string', 'x'), designator('a'))}</VariableDefinition>` +
      rule(
        'r',
        'Permit',
        target(match('a', 'x')) +
          condition(apply('and', reference('v'), apply('any-of', functionNamed('string-equal'), value('string', 'x'), designator('a')))),
      ) +
      rule('s', 'Deny'),
    { after: obligations(obligation('o', 'Permit', { a: designator('a') })) },
  ),
);

test('texts of any kind', () => {
  const xmlish = fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      '=',
      ' ',
      '&',
      ';',
      '!',
      '[',
      ']',
      '-',
      '?',
      'a',
      'Policy',
      'xmlns',
      '<!DOCTYPE a',
      '<![CDATA[',
      '&amp;',
      '&#0;',
      '\u0000',
      '\ud800',
    ),
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), xmlish), survives),
    { numRuns: 250 },
  );
});

test('a good policy with a piece cut out, doubled, or replaced', () => {
  const piece = fc.nat(good.length - 1);
  const put = fc.constantFrom(
    '',
    '<',
    '>',
    '"',
    '&',
    'x',
    'Permit',
    'true',
    '<Target/>',
    '<Rule/>',
    ' a="b"',
    '\n',
    '9',
    '-1',
    value('integer', '9'),
  );
  fc.assert(
    fc.property(piece, fc.nat(200), put, fc.boolean(), (from, length, text, twice) => {
      const cut = good.slice(from, from + length);
      survives(good.slice(0, from) + text + (twice ? cut + cut : '') + good.slice(from + length));
    }),
    { numRuns: 250 },
  );
});

test('expressions of any function over anything', () => {
  const leaf = fc.oneof(
    fc.constantFrom(...samples).chain(({ type, a, other }) => fc.constantFrom(value(type, a), value(type, other))),
    fc.constantFrom(...dataTypes).map(({ name }) => designator('a', name)),
    fc.constantFrom(...functionIds()).map(functionNamed),
  );
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc
        .tuple(fc.constantFrom(...functionIds()), fc.array(tie('expression'), { maxLength: 3 }))
        .map(([id, inside]) => apply(id, ...inside)),
    ),
  }));
  fc.assert(
    fc.property(expression, (each) =>
      survives(policy(rule('r', 'Permit', condition(each)), { after: obligations(obligation('o', 'Permit', { a: each })) })),
    ),
    { numRuns: 250 },
  );
});

/** Takes operands of the right types, so that calls are really made. */
test('functions with operands of their types, however odd', () => {
  const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
    string: fc.oneof(fc.string(), fc.constantFrom('(', '[a-', '\\p{L}', '99999999999999999999', 'P1D', '-')),
    integer: fc.oneof(fc.bigInt().map(String), fc.constantFrom('0', '-1', '9'.repeat(300))),
    double: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), fc.constantFrom('NaN', 'INF', '-INF', '-0')),
  };
  const textOf = (type: string): fc.Arbitrary<string> =>
    texts[type] ?? fc.constantFrom(...samples.filter((each) => each.type === type).flatMap(({ a, again, other }) => [a, again, other]));
  const functions = [
    'integer-add',
    'integer-multiply',
    'integer-divide',
    'integer-mod',
    'integer-abs',
    'double-add',
    'double-divide',
    'double-to-integer',
    'round',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...functions),
      fc.array(fc.record({ integer: textOf('integer'), double: textOf('double') }), { minLength: 2, maxLength: 2 }),
      (name, operands) => {
        const type = name.startsWith('integer') ? 'integer' : 'double';
        const unary = ['integer-abs', 'double-to-integer', 'round'].includes(name);
        const attributes = operands
          .slice(0, unary ? 1 : 2)
          .map((each, i) => ({ category: subject, id: `o${i}`, dataType: typeId(type), values: [each[type]] }));
        const expression = apply(name, ...attributes.map(({ id }) => apply(`${type}-one-and-only`, designator(id, type))));
        const result = decide(
          policy(rule('r', 'Permit', obligations(obligation('o', 'Permit', { a: expression })))),
          requestOf(attributes),
        );
        expect(['Permit', 'Indeterminate']).toContain(result.decision);
      },
    ),
    { numRuns: 150 },
  );
});

test('requests of any kind', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '/', '"', '=', ' ', 'Request', 'Attributes', 'xmlns', 'Category', 'a'), maxLength: 40 }),
      (text) => {
        const result = pdpOf([good]).evaluate(readRequest(text), clock);
        expect(result).toMatchObject({ decision: 'Indeterminate', status: { code: 'syntax-error' } });
      },
    ),
  );
});

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `value-${i}`);
const tooMuch = (result: Result): void => {
  expect(result).toMatchObject({ decision: 'Indeterminate', status: { code: 'processing-error' } });
};

test('texts that double, integers that square and bags that multiply end soon', () => {
  const chain = (first: string, step: (name: string) => string): string => {
    const definitions = Array.from(
      { length: 60 },
      (_, i) => `<VariableDefinition VariableId="v${i}">${i === 0 ? first : step(`v${i - 1}`)}</VariableDefinition>`,
    );
    return policy(definitions.join('') + rule('r', 'Permit', obligations(obligation('o', 'Permit', { a: reference('v59') }))));
  };
  const asked = request({ a: many(1000), one: ['xxxxxxxxxx'], 'n integer': ['99999999999'] });
  tooMuch(
    decide(
      chain(apply('string-one-and-only', designator('one')), (name) =>
        apply('urn:oasis:names:tc:xacml:2.0:function:string-concatenate', reference(name), reference(name)),
      ),
      asked,
    ),
  );
  tooMuch(
    decide(
      chain(apply('integer-one-and-only', designator('n', 'integer')), (name) =>
        apply('integer-multiply', reference(name), reference(name)),
      ),
      asked,
    ),
  );
  const crossed = apply('any-of-any', functionNamed('string-equal'), designator('a'), designator('a'), designator('a'));
  expect(problemsOf(policy(rule('r', 'Permit', condition(crossed)))).join()).toMatch(/does not take these arguments/);
  const all = apply('all-of-all', functionNamed('string-less-than'), designator('a'), designator('b'));
  expect(
    decide(policy(rule('r', 'Permit', condition(all))), request({ a: many(5000), b: many(5000).map((each) => `w${each}`) })).extended,
  ).toBe('Indeterminate{DP}');
});

test('a pattern that a request brings cannot take the machine', () => {
  const matching = condition(apply('any-of-any', functionNamed('string-regexp-match'), designator('pattern'), designator('text')));
  const asked = request({
    pattern: Array.from({ length: 1000 }, (_, i) => `(a*)*(b|c|${i})*[\\p{L}-[\\p{Lu}]]{900}`),
    text: ['a'.repeat(100_000)],
  });
  const result = decide(policy(rule('r', 'Permit', matching)), asked, { steps: 100_000 });
  expect(result.decision).toBe('Indeterminate');
});

test('patterns that cannot be used cost steps, in a policy and in a request', () => {
  const huge = `(${'ab|'.repeat(120)}x){700}`;
  const rules = (pattern: (i: number) => string): string =>
    policy(
      Array.from({ length: 500 }, (_, i) =>
        rule(`r${i}`, 'Permit', condition(apply('string-regexp-match', pattern(i), apply('string-one-and-only', designator('p'))))),
      ).join(''),
    );
  expect(problemsOf(rules((i) => value('string', `${huge}${i}`))).at(-1)).toMatch(/too many, or too large, regular expressions/);
  expect(
    decide(
      rules(() => apply('string-one-and-only', designator('p'))),
      request({ p: [huge] }),
    ).status.message,
  ).toMatch(/too many steps/);
});

describe('work that a policy gets others to do again and again takes steps:', () => {
  const asked = request({ a: many(20_000), 'b boolean': Array.from({ length: 20_000 }, () => false) });
  const often = (kind: 'Policy' | 'PolicySet', text: string): Result => {
    const references = policySet(`<${kind}IdReference>often</${kind}IdReference>`.repeat(10_000));
    const created = createPdp({
      policies: [
        { name: 'root', text: references },
        { name: 'often', text, use: 'referenced' },
      ],
    });
    if (created.kind === 'problems') throw new Error(created.problems[0]?.message);
    return created.pdp.evaluate(asked, clock);
  };
  const child = (i: number): string => policy(rule('r', 'Permit'), { id: `p${i}`, target: target(match('a', `other-${i}`)) });
  const falses = Array.from({ length: 5_000 }, () => value('boolean', 'false'));
  const bag = `<VariableDefinition VariableId="bag">${designator('a')}</VariableDefinition>`;
  const union = apply('string-union', ...Array.from({ length: 20_000 }, () => reference('bag')));

  test.each([
    [
      'obligations without assignments',
      () =>
        often(
          'Policy',
          policy(rule('r', 'Permit'), { id: 'often', after: obligations(...Array.from({ length: 100 }, () => obligation('o', 'Permit'))) }),
        ),
    ],
    ['looking children up', () => often('PolicySet', policySet(Array.from({ length: 10 }, (_, i) => child(i)).join(''), { id: 'often' }))],
    ['literals', () => often('Policy', policy(rule('r', 'Permit', condition(apply('or', ...falses, designatedFalse))), { id: 'often' }))],
    ['calls with many operands', () => decide(policy(rule('r', 'Permit', condition(anyOf(falses)))), asked)],
    [
      'a bag by many names',
      () => decide(policy(bag + rule('r', 'Permit', condition(apply('string-is-in', value('string', 'z'), union)))), asked),
    ],
  ])('%s', (_name, evaluate) => {
    expect(evaluate().status.message).toBe('The evaluation took too many steps.');
  });

  test('explanations have an end, too', () => {
    const dear = apply('any-of', functionNamed('string-equal'), value('string', 'z'), designator('a'));
    const rules = Array.from({ length: 1_000 }, (_, i) =>
      rule(`r${i}`, 'Deny', condition(apply('and', apply('not', isIn('v0', 'b')), apply('and', value('boolean', 'false'), dear)))),
    );
    const result = decide(policy(rules.join('')), request({ a: many(9_000) }), { trace: true });
    expect(result.decision).toBe('NotApplicable');
    const faults = JSON.stringify(result.trace).split('Too many steps to explain it.').length - 1;
    expect(faults).toBeGreaterThan(500);
  });
});
const designatedFalse = apply('boolean-is-in', value('boolean', 'true'), designator('b', 'boolean'));
const anyOf = (literals: readonly string[]): string => apply('any-of', functionNamed('or'), designator('b', 'boolean'), ...literals);

test('a request with too many values, or values too large, is refused', () => {
  expect(request({ a: many(20_001) })).toMatchObject({ kind: 'refused', status: 'syntax-error' });
  expect(request({ a: ['x'.repeat(100_001)] })).toMatchObject({ kind: 'refused' });
  expect(requestOf([{ category: subject, id: 'n', values: [10n ** 300n] }])).toMatchObject({ kind: 'refused' });
  expect(requestOf([{ category: subject, id: 'n', values: [NaN, Infinity, 1e300, -0] }])).toMatchObject({ kind: 'request' });
});

test('a text that is wrong in very many places is refused, with the first of them', () => {
  expect(problemsOf(policy('<a/>'.repeat(150_000)))).toHaveLength(1_000);
  const asked = readRequest(
    `<Request xmlns="${xacml}" ReturnPolicyIdList="false" CombinedDecision="false"><Attributes Category="c">${'<Attribute/>'.repeat(50_000)}</Attributes></Request>`,
  );
  expect(asked.kind === 'refused' && asked.problems.length).toBe(1_000);
});

test('the trace of a condition whose parts double stays small', () => {
  const definitions = Array.from(
    { length: 40 },
    (_, i) =>
      `<VariableDefinition VariableId="v${i}">${i === 0 ? apply('string-is-in', value('string', 'x'), designator('a')) : apply('and', reference(`v${i - 1}`), reference(`v${i - 1}`))}</VariableDefinition>`,
  );
  const { trace } = decide(policy(definitions.join('') + rule('r', 'Permit', condition(reference('v39')))), request({ a: ['x'] }), {
    trace: true,
  });
  expect(JSON.stringify(trace).length).toBeLessThan(100_000);
});
