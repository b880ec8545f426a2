/** What every function of section 10.2 gives for some operands. The tests walk this table; another one asks that no identifier is missing in it. */

export type Operand =
  | { readonly kind: 'one'; readonly type: string; readonly text: string }
  | { readonly kind: 'bag'; readonly type: string; readonly texts: readonly string[] }
  | { readonly kind: 'function'; readonly id: string };

export interface FunctionCase {
  readonly id: string;
  readonly operands: readonly Operand[];
  /** Canonical text of the value, or of each value of the bag; or the status of the error. */
  readonly gives: string | readonly string[] | { readonly fault: 'processing-error' | 'syntax-error' };
}

const one = (type: string, text: string): Operand => ({ kind: 'one', type, text });
const bag = (type: string, ...texts: readonly string[]): Operand => ({ kind: 'bag', type, texts });
const s = (text: string): Operand => one('string', text);
const i = (text: string): Operand => one('integer', text);
const d = (text: string): Operand => one('double', text);
const b = (text: string): Operand => one('boolean', text);
const f = (id: string): Operand => ({ kind: 'function', id: id.startsWith('urn') ? id : v1(id) });
const v1 = (name: string): string => `urn:oasis:names:tc:xacml:1.0:function:${name}`;
const v2 = (name: string): string => `urn:oasis:names:tc:xacml:2.0:function:${name}`;
const v3 = (name: string): string => `urn:oasis:names:tc:xacml:3.0:function:${name}`;
const error = { fault: 'processing-error' } as const;
const noSuchText = { fault: 'syntax-error' } as const;

const of = (id: string, ...rows: readonly (readonly [readonly Operand[], FunctionCase['gives']])[]): readonly FunctionCase[] =>
  rows.map(([operands, gives]) => ({ id, operands, gives }));

/** Of each type: a value, the same written otherwise, and another; with how the values are written canonically. */
interface Sample {
  readonly type: string;
  readonly prefixes: readonly ((name: string) => string)[];
  readonly a: string;
  readonly again: string;
  readonly other: string;
  readonly canonical: readonly [a: string, other: string];
  readonly equatable: boolean;
}
const sample = (type: string, a: string, again: string, other: string, canonical: readonly [string, string] = [a, other]): Sample => {
  const isDuration = type.endsWith('Duration');
  const isNetwork = type === 'ipAddress' || type === 'dnsName';
  return { type, a, again, other, canonical, equatable: !isNetwork, prefixes: isDuration ? [v3, v1] : [isNetwork ? v2 : v1] };
};
export const samples: readonly Sample[] = [
  sample('string', 'x', 'x', 'y'),
  sample('boolean', 'true', '1', 'false'),
  sample('integer', '5', '+05', '6'),
  sample('double', '1.5', '15E-1', '2', ['1.5E0', '2.0E0']),
  sample('time', '09:00:00Z', '10:00:00+01:00', '09:00:01Z'),
  sample('date', '2026-03-01Z', '2026-03-01+00:00', '2026-03-02Z'),
  sample('dateTime', '2026-03-01T00:00:00Z', '2026-02-28T24:00:00Z', '2026-03-01T00:00:00.001Z'),
  sample('dayTimeDuration', 'P1D', 'PT24H', 'PT1S'),
  sample('yearMonthDuration', 'P1Y', 'P12M', 'P2Y'),
  sample('anyURI', 'http://a', ' http://a ', 'http://b'),
  sample('x500Name', 'CN=Ann,O=X', 'cn = ann, 2.5.4.10=x', 'CN=Bob,O=X'),
  sample('rfc822Name', 'a@x.org', 'a@X.ORG', 'A@x.org'),
  sample('hexBinary', '0AFF', '0aff', '00'),
  sample('base64Binary', 'YQ==', 'Y Q = =', 'Yg=='),
  sample('ipAddress', '10.0.0.1', '10.0.0.1', '10.0.0.1:80'),
  sample('dnsName', 'host.example', 'host.example', '*.example:80-90'),
];

const families: readonly FunctionCase[] = samples.flatMap(({ type, prefixes, a, again, other, canonical: [ca, cother], equatable }) =>
  prefixes.flatMap((urn) => [
    ...of(urn(`${type}-one-and-only`), [[bag(type, a)], ca], [[bag(type)], error], [[bag(type, a, other)], error]),
    ...of(urn(`${type}-bag-size`), [[bag(type)], '0'], [[bag(type, a, a, other)], '3']),
    ...of(
      urn(`${type}-bag`),
      [[], []],
      [
        [one(type, a), one(type, other), one(type, a)],
        [ca, cother, ca],
      ],
    ),
    ...(equatable
      ? [
          ...of(urn(`${type}-equal`), [[one(type, a), one(type, again)], 'true'], [[one(type, a), one(type, other)], 'false']),
          ...of(
            urn(`${type}-is-in`),
            [[one(type, a), bag(type, other, again)], 'true'],
            [[one(type, a), bag(type, other)], 'false'],
            [[one(type, a), bag(type)], 'false'],
          ),
          ...of(urn(`${type}-intersection`), [[bag(type, a, a, other), bag(type, again)], [ca]], [[bag(type, a), bag(type, other)], []]),
          ...of(
            urn(`${type}-at-least-one-member-of`),
            [[bag(type, a), bag(type, other, again)], 'true'],
            [[bag(type, a), bag(type, other)], 'false'],
            [[bag(type), bag(type)], 'false'],
          ),
          ...of(
            urn(`${type}-union`),
            [
              [bag(type, a, again), bag(type, other)],
              [ca, cother],
            ],
            [
              [bag(type, a), bag(type), bag(type, other)],
              [ca, cother],
            ],
          ),
          ...of(
            urn(`${type}-subset`),
            [[bag(type, a, a), bag(type, other, again)], 'true'],
            [[bag(type, a, other), bag(type, a)], 'false'],
            [[bag(type), bag(type)], 'true'],
          ),
          ...of(
            urn(`${type}-set-equals`),
            [[bag(type, a, a, other), bag(type, other, again)], 'true'],
            [[bag(type, a), bag(type, a, other)], 'false'],
          ),
        ]
      : []),
  ]),
);

const ordered = (type: string, low: string, high: string, same: string): readonly FunctionCase[] =>
  (['greater-than', 'greater-than-or-equal', 'less-than', 'less-than-or-equal'] as const).flatMap((name) => {
    const isGreater = name.startsWith('greater');
    return of(
      v1(`${type}-${name}`),
      [[one(type, low), one(type, high)], String(!isGreater)],
      [[one(type, high), one(type, low)], String(isGreater)],
      [[one(type, low), one(type, same)], String(name.endsWith('equal'))],
    );
  });

/** `written`: what keeps more of the text than its canonical form does. */
const conversion = (type: string, text: string, canonical: string, wrong: string, written = canonical): readonly FunctionCase[] => [
  ...of(v3(`${type}-from-string`), [[s(text)], written], [[s(wrong)], noSuchText]),
  ...of(v3(`string-from-${type}`), [[one(type, text)], canonical]),
];

const dates: readonly FunctionCase[] = [v3, v1].flatMap((urn) => [
  ...of(
    urn('dateTime-add-dayTimeDuration'),
    [[one('dateTime', '2024-02-28T23:59:59.5Z'), one('dayTimeDuration', 'P1DT0.5S')], '2024-03-01T00:00:00Z'],
    [[one('dateTime', '2023-02-28T23:59:59'), one('dayTimeDuration', 'PT1S')], '2023-03-01T00:00:00'],
    [[one('dateTime', '0001-01-01T00:00:00Z'), one('dayTimeDuration', '-PT1S')], '-0001-12-31T23:59:59Z'],
    [[one('dateTime', '999999-12-31T00:00:00Z'), one('dayTimeDuration', 'P1D')], error],
  ),
  ...of(urn('dateTime-subtract-dayTimeDuration'), [
    [one('dateTime', '2024-03-01T00:00:00Z'), one('dayTimeDuration', 'P1DT1H')],
    '2024-02-28T23:00:00Z',
  ]),
  ...of(
    urn('dateTime-add-yearMonthDuration'),
    [[one('dateTime', '2024-01-31T08:00:00Z'), one('yearMonthDuration', 'P1M')], '2024-02-29T08:00:00Z'],
    [[one('dateTime', '2023-12-15T08:00:00Z'), one('yearMonthDuration', 'P1Y1M')], '2025-01-15T08:00:00Z'],
  ),
  ...of(urn('dateTime-subtract-yearMonthDuration'), [
    [one('dateTime', '2024-03-31T08:00:00Z'), one('yearMonthDuration', 'P1M')],
    '2024-02-29T08:00:00Z',
  ]),
  ...of(
    urn('date-add-yearMonthDuration'),
    [[one('date', '2000-02-29'), one('yearMonthDuration', 'P100Y')], '2100-02-28'],
    [[one('date', '2000-02-29+05:30'), one('yearMonthDuration', '-P2M')], '1999-12-29+05:30'],
  ),
  ...of(urn('date-subtract-yearMonthDuration'), [[one('date', '2024-05-31'), one('yearMonthDuration', 'P3M')], '2024-02-29']),
]);

const quantifiers: readonly FunctionCase[] = [v3, v1].flatMap((urn) => [
  ...of(
    urn('any-of'),
    [[f('string-equal'), s('x'), bag('string', 'y', 'x')], 'true'],
    [[f('string-equal'), bag('string'), s('x')], 'false'],
    [[f('integer-greater-than'), bag('integer', '1', '3'), i('2')], 'true'],
  ),
  ...of(
    urn('all-of'),
    [[f('integer-greater-than'), i('9'), bag('integer', '1', '3')], 'true'],
    [[f('integer-greater-than'), i('2'), bag('integer', '1', '3')], 'false'],
    [[f('string-equal'), s('x'), bag('string')], 'true'],
  ),
  ...of(
    urn('any-of-any'),
    [[f('string-equal'), bag('string', 'a', 'b'), bag('string', 'b', 'c')], 'true'],
    [[f('string-equal'), bag('string', 'a'), bag('string')], 'false'],
    [[f('integer-equal'), i('3'), bag('integer', '3')], 'true'],
  ),
  ...of(
    urn('map'),
    [
      [f('string-normalize-to-lower-case'), bag('string', 'A', 'b')],
      ['a', 'b'],
    ],
    [
      [f('integer-add'), i('1'), bag('integer', '1', '2')],
      ['2', '3'],
    ],
    [[f('integer-divide'), i('1'), bag('integer', '1', '0')], error],
  ),
]);

export const functionCases: readonly FunctionCase[] = [
  ...families,
  ...of(v3('string-equal-ignore-case'), [[s('Straße'), s('STRAßE')], 'true'], [[s('a'), s('b')], 'false']),
  ...of(v1('double-equal'), [[d('0'), d('-0')], 'true'], [[d('NaN'), d('NaN')], 'true'], [[d('INF'), d('-INF')], 'false']),
  ...of(
    v1('date-equal'),
    [[one('date', '2026-03-01'), one('date', '2026-03-01+01:00')], 'true'],
    [[one('date', '2026-03-01'), one('date', '2026-03-01Z')], 'false'],
  ),
  ...of(v1('dateTime-equal'), [[one('dateTime', '2026-03-01T01:00:00'), one('dateTime', '2026-03-01T00:00:00Z')], 'true']),

  ...of(v1('integer-add'), [[i('2'), i('3')], '5'], [[i('2'), i('3'), i('-7')], '-2'], [[i('9'.repeat(300)), i('1')], error]),
  ...of(
    v1('integer-multiply'),
    [[i('-2'), i('3')], '-6'],
    [[i('99999999999999999999'), i('10'), i('10')], '9999999999999999999900'],
    [[i('9'.repeat(200)), i('9'.repeat(200))], error],
  ),
  ...of(v1('integer-subtract'), [[i('2'), i('3')], '-1']),
  ...of(v1('integer-divide'), [[i('7'), i('-2')], '-3'], [[i('7'), i('0')], error]),
  ...of(v1('integer-mod'), [[i('-7'), i('3')], '-1'], [[i('7'), i('0')], error]),
  ...of(v1('integer-abs'), [[i('-7')], '7'], [[i('7')], '7']),
  ...of(v1('double-add'), [[d('0.1'), d('0.2')], '3.0000000000000004E-1'], [[d('1'), d('INF'), d('2')], 'INF']),
  ...of(v1('double-multiply'), [[d('1.5'), d('-2')], '-3.0E0'], [[d('1e300'), d('1e300')], 'INF']),
  ...of(v1('double-subtract'), [[d('1'), d('0.5')], '5.0E-1'], [[d('INF'), d('INF')], 'NaN']),
  ...of(v1('double-divide'), [[d('1'), d('4')], '2.5E-1'], [[d('1'), d('0')], error]),
  ...of(v1('double-abs'), [[d('-1.5')], '1.5E0']),
  ...of(v1('round'), [[d('2.5')], '2.0E0'], [[d('3.5')], '4.0E0'], [[d('-2.5')], '-2.0E0'], [[d('2.51')], '3.0E0']),
  ...of(v1('floor'), [[d('-1.2')], '-2.0E0'], [[d('1.9')], '1.0E0']),
  ...of(v1('double-to-integer'), [[d('-1.9')], '-1'], [[d('1e20')], '100000000000000000000'], [[d('NaN')], error], [[d('1e305')], error]),
  ...of(v1('integer-to-double'), [[i('12')], '1.2E1']),

  ...of(v1('or'), [[], 'false'], [[b('false'), b('true')], 'true'], [[b('false')], 'false']),
  ...of(v1('and'), [[], 'true'], [[b('true'), b('false')], 'false'], [[b('true'), b('true')], 'true']),
  ...of(
    v1('n-of'),
    [[i('0'), b('false')], 'true'],
    [[i('2'), b('true'), b('false'), b('true')], 'true'],
    [[i('2'), b('true'), b('false')], 'false'],
    [[i('2'), b('true')], error],
    [[i('-1')], error],
  ),
  ...of(v1('not'), [[b('true')], 'false']),

  ...ordered('integer', '2', '10', '02'),
  ...ordered('double', '-INF', '1e-5', '-INF'),
  ...ordered('string', 'Z', 'a', 'Z'),
  ...ordered('time', '08:00:00+01:00', '07:00:01Z', '08:00:00'),
  ...ordered('date', '2026-03-01+02:00', '2026-03-01', '2026-03-01+02:00'),
  ...ordered('dateTime', '2026-03-01T00:00:00.1', '2026-02-28T23:30:00Z', '2026-02-28T23:00:00.100Z'),
  ...of(v1('string-less-than'), [[s('\uFFFD'), s('\u{1F600}')], 'true'], [[s('a'), s('ab')], 'true']),
  ...of(v1('double-less-than-or-equal'), [[d('NaN'), d('NaN')], 'false']),
  ...of(
    v2('time-in-range'),
    [[one('time', '12:00:00'), one('time', '09:00:00'), one('time', '17:00:00')], 'true'],
    [[one('time', '17:00:00'), one('time', '09:00:00'), one('time', '17:00:00')], 'true'],
    [[one('time', '17:00:00.001'), one('time', '09:00:00'), one('time', '17:00:00')], 'false'],
    [[one('time', '23:30:00'), one('time', '22:00:00'), one('time', '06:00:00')], 'true'],
    [[one('time', '12:00:00'), one('time', '22:00:00'), one('time', '06:00:00')], 'false'],
    // Without a zone of its own, the first is in the evaluation's, an hour before UTC, and so are those without after it.
    [[one('time', '10:00:00'), one('time', '09:00:00Z'), one('time', '11:00:00')], 'true'],
    [[one('time', '09:30:00'), one('time', '09:00:00Z'), one('time', '17:00:00')], 'false'],
    [[one('time', '09:30:00Z'), one('time', '09:00:00'), one('time', '09:45:00')], 'true'],
  ),
  ...dates,

  ...of(v1('string-normalize-space'), [[s(' \t a  b \n')], 'a  b'], [[s('   ')], '']),
  ...of(v1('string-normalize-to-lower-case'), [[s('ÄBC')], 'äbc']),
  ...of(
    v2('string-concatenate'),
    [[s('a'), s('b')], 'ab'],
    [[s('a'), s(''), s('c')], 'ac'],
    [[s('x'.repeat(60_000)), s('x'.repeat(60_000))], error],
  ),
  ...of(
    v2('uri-string-concatenate'),
    [[one('anyURI', 'http://a'), s('/b'), s('/c')], 'http://a/b/c'],
    [[one('anyURI', 'http://a'), s('%')], noSuchText],
    [[one('anyURI', 'a'), s('x'.repeat(60_000)), s('x'.repeat(60_000))], error],
  ),
  ...conversion('boolean', '1', 'true', 'yes'),
  ...conversion('integer', '+007', '7', '1.0'),
  ...conversion('double', '27.50', '2.75E1', '1,5'),
  ...conversion('time', '08:23:47.50-05:00', '13:23:47.5Z', '25:00:00', '08:23:47.5-05:00'),
  ...conversion('date', '2024-02-29', '2024-02-29', '2023-02-29'),
  ...conversion('dateTime', '2002-03-22T20:23:47-05:00', '2002-03-23T01:23:47Z', '2002-03-22 08:23:47', '2002-03-22T20:23:47-05:00'),
  ...conversion('anyURI', ' http://a/b ', 'http://a/b', 'a b'),
  ...conversion('dayTimeDuration', '-PT90M', '-PT1H30M', 'PT'),
  ...conversion('yearMonthDuration', 'P14M', 'P1Y2M', 'P1D'),
  ...conversion('x500Name', 'CN=A,O=B', 'CN=A,O=B', 'nothing'),
  ...conversion('rfc822Name', 'Ann@Example.ORG', 'Ann@Example.ORG', 'Ann'),
  ...conversion('ipAddress', '[::1]/[FFFF::]:80-', '[::1]/[FFFF::]:80-', '300.1.1.1'),
  ...conversion('dnsName', '*.Example.org:80', '*.Example.org:80', '-x'),
  ...['string', 'anyURI'].flatMap((type) => [
    ...of(v3(`${type}-starts-with`), [[s('ab'), one(type, 'abc')], 'true'], [[s('abc'), one(type, 'ab')], 'false']),
    ...of(v3(`${type}-ends-with`), [[s('bc'), one(type, 'abc')], 'true'], [[s('a'), one(type, 'abc')], 'false']),
    ...of(
      v3(`${type}-contains`),
      [[s('b'), one(type, 'abc')], 'true'],
      [[s('x'), one(type, 'abc')], 'false'],
      [[s(''), one(type, 'abc')], 'true'],
    ),
    ...of(
      v3(`${type}-substring`),
      [[one(type, 'abcd'), i('1'), i('3')], 'bc'],
      [[one(type, 'abcd'), i('2'), i('-1')], 'cd'],
      [[one(type, 'abcd'), i('4'), i('4')], ''],
      [[one(type, 'abcd'), i('0'), i('5')], error],
      [[one(type, 'abcd'), i('-1'), i('2')], error],
      [[one(type, 'abcd'), i('3'), i('2')], error],
    ),
  ]),
  ...of(v3('string-substring'), [[s('a😀b'), i('1'), i('2')], '😀']),

  ...quantifiers,
  ...of(
    v1('all-of-any'),
    [[f('integer-greater-than'), bag('integer', '10', '20'), bag('integer', '1', '15')], 'true'],
    [[f('integer-greater-than'), bag('integer', '1', '20'), bag('integer', '1', '15')], 'false'],
    [[f('integer-greater-than'), bag('integer'), bag('integer')], 'true'],
    [[f('integer-greater-than'), bag('integer', '1'), bag('integer')], 'false'],
  ),
  ...of(
    v1('any-of-all'),
    [[f('integer-greater-than'), bag('integer', '3', '5'), bag('integer', '1', '4')], 'true'],
    [[f('integer-greater-than'), bag('integer', '3', '4'), bag('integer', '1', '4')], 'false'],
    [[f('integer-greater-than'), bag('integer'), bag('integer', '1')], 'false'],
    [[f('integer-greater-than'), bag('integer', '1'), bag('integer')], 'true'],
  ),
  ...of(
    v1('all-of-all'),
    [[f('integer-greater-than'), bag('integer', '6', '5'), bag('integer', '1', '4')], 'true'],
    [[f('integer-greater-than'), bag('integer', '3', '5'), bag('integer', '1', '4')], 'false'],
  ),

  ...of(v1('x500Name-equal'), [[one('x500Name', 'CN=A\\ ,O=B\\ '), one('x500Name', 'CN=a,O=b')], 'true']),
  ...of(
    v1('x500Name-match'),
    [[one('x500Name', 'O=Medico,C=US'), one('x500Name', 'cn=Ann, o=medico, c=us')], 'true'],
    [[one('x500Name', 'O=Medico,C=US'), one('x500Name', 'O=Medico')], 'false'],
    [[one('x500Name', 'CN=a+OU=b'), one('x500Name', 'OU=B+CN=A')], 'true'],
  ),
  ...of(
    v1('rfc822Name-match'),
    [[s('Anderson@sun.com'), one('rfc822Name', 'Anderson@SUN.COM')], 'true'],
    [[s('anderson@sun.com'), one('rfc822Name', 'Anderson@sun.com')], 'false'],
    [[s('sun.com'), one('rfc822Name', 'a@Sun.Com')], 'true'],
    [[s('sun.com'), one('rfc822Name', 'a@east.sun.com')], 'false'],
    [[s('.sun.com'), one('rfc822Name', 'a@east.sun.com')], 'true'],
    [[s('.east.sun.com'), one('rfc822Name', 'Anderson@east.sun.com')], 'true'],
    [[s('.east.sun.com'), one('rfc822Name', 'anne.anderson@ISRG.EAST.SUN.COM')], 'true'],
    [[s('.east.sun.com'), one('rfc822Name', 'Anderson@sun.com')], 'false'],
    [[s('.east.sun.com'), one('rfc822Name', 'a@northeast.sun.com')], 'false'],
  ),
  ...of(
    v1('string-regexp-match'),
    [[s('.*@abc\\.com$'), s('x@abc.com')], 'true'],
    [[s('^b'), s('abc')], 'false'],
    [[s('[a-z-[aeiou]]{2}'), s('axy')], 'true'],
    [[s('(a)\\1'), s('aa')], noSuchText],
  ),
  ...of(v2('anyURI-regexp-match'), [[s('^https?://'), one('anyURI', 'http://a')], 'true']),
  ...of(
    v2('ipAddress-regexp-match'),
    [[s('^10\\.'), one('ipAddress', '10.0.0.1')], 'true'],
    [[s('^10\\.'), one('ipAddress', '110.0.0.1')], 'false'],
  ),
  ...of(v2('dnsName-regexp-match'), [[s('\\.example$'), one('dnsName', 'a.example')], 'true']),
  ...of(v2('rfc822Name-regexp-match'), [[s('@example\\.org$'), one('rfc822Name', 'a@example.org')], 'true']),
  ...of(v2('x500Name-regexp-match'), [[s('O=Medico'), one('x500Name', 'CN=A,O=Medico')], 'true']),
];
