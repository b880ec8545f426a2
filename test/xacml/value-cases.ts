/** Texts of every data type: how a good one is written canonically, and which are none. */

export interface ValueCase {
  readonly type: string;
  readonly good: readonly (readonly [text: string, canonical: string])[];
  readonly bad: readonly string[];
}

const xs = (name: string): string => `http://www.w3.org/2001/XMLSchema#${name}`;

export const valueCases: readonly ValueCase[] = [
  {
    type: xs('string'),
    good: [
      [' a  b ', ' a  b '],
      ['', ''],
    ],
    bad: ['x'.repeat(100_001)],
  },
  {
    type: xs('boolean'),
    good: [
      ['true', 'true'],
      [' 1 ', 'true'],
      ['0', 'false'],
    ],
    bad: ['TRUE', '', 'yes'],
  },
  {
    type: xs('integer'),
    good: [
      ['-0', '0'],
      ['+0012', '12'],
      ['9'.repeat(300), '9'.repeat(300)],
    ],
    bad: ['1.0', '', '-', '1e3', '9'.repeat(301), '٣'],
  },
  {
    type: xs('double'),
    good: [
      ['0', '0.0E0'],
      ['-0', '-0.0E0'],
      ['.5', '5.0E-1'],
      ['5.', '5.0E0'],
      ['1E+3', '1.0E3'],
      ['INF', 'INF'],
      ['-INF', '-INF'],
      ['NaN', 'NaN'],
      ['123456.7', '1.234567E5'],
    ],
    bad: ['+INF', 'inf', '', '.', '1e', '0x1', '1_000'],
  },
  {
    type: xs('time'),
    good: [
      ['08:00:00', '08:00:00'],
      ['24:00:00', '00:00:00'],
      ['08:00:00.100', '08:00:00.1'],
      ['01:00:00+02:00', '23:00:00Z'],
      ['08:00:00-00:00', '08:00:00Z'],
      ['08:00:00.1234567890', '08:00:00.123456789'],
    ],
    bad: ['8:00:00', '24:00:01', '08:60:00', '08:00:60', '08:00', '08:00:00+14:01', '08:00:00+1:00', '08:00:00.', '08:00:00.1234567891'],
  },
  {
    type: xs('date'),
    good: [
      ['2024-02-29', '2024-02-29'],
      ['2026-03-01+00:00', '2026-03-01Z'],
      ['-0044-03-15', '-0044-03-15'],
      ['12026-01-01', '12026-01-01'],
      ['2026-03-01+14:00', '2026-03-01+14:00'],
    ],
    bad: [
      '2023-02-29',
      '1900-02-29',
      '0000-01-01',
      '2026-13-01',
      '2026-00-01',
      '2026-04-31',
      '26-01-01',
      '02026-01-01',
      '2026/01/01',
      '1000000-01-01',
      '2026-03-01 +01:00',
    ],
  },
  {
    type: xs('dateTime'),
    good: [
      ['2024-12-31T24:00:00Z', '2025-01-01T00:00:00Z'],
      ['2026-03-01T00:30:00+01:00', '2026-02-28T23:30:00Z'],
      ['2026-03-01T00:00:00', '2026-03-01T00:00:00'],
      ['0001-01-01T00:00:00+01:00', '-0001-12-31T23:00:00Z'],
    ],
    bad: ['2026-03-01', '2026-03-01 00:00:00', '2026-03-01T00:00', '2026-03-01t00:00:00', '999999-12-31T24:00:00'],
  },
  {
    type: xs('dayTimeDuration'),
    good: [
      ['P50DT5H4M3S', 'P50DT5H4M3S'],
      ['-PT90M', '-PT1H30M'],
      ['PT0S', 'PT0S'],
      ['-P0D', 'PT0S'],
      ['PT0.5S', 'PT0.5S'],
      ['PT36H', 'P1DT12H'],
    ],
    bad: ['P', 'PT', 'P1DT', 'P1Y', 'P1M', '1D', 'P-1D', 'PT1.S', '+P1D'],
  },
  {
    type: xs('yearMonthDuration'),
    good: [
      ['-P5Y3M', '-P5Y3M'],
      ['P25M', 'P2Y1M'],
      ['-P0M', 'P0M'],
      ['P1Y', 'P1Y'],
    ],
    bad: ['P', 'P1D', 'P1M1Y', 'PT1M', 'P1.5Y'],
  },
  {
    type: xs('anyURI'),
    good: [
      [' http://a/b?c#d ', 'http://a/b?c#d'],
      ['', ''],
      ['urn:x', 'urn:x'],
      ['http://ä', 'http://ä'],
    ],
    bad: ['a b', '%zz', 'a#b#c', '<a>'],
  },
  {
    type: xs('hexBinary'),
    good: [
      ['0bf7', '0BF7'],
      ['', ''],
    ],
    bad: ['0', '0g', '0x00'],
  },
  {
    type: xs('base64Binary'),
    good: [
      ['c3VyZS4=', 'c3VyZS4='],
      ['c3Vy ZS4 =', 'c3VyZS4='],
      ['', ''],
    ],
    bad: ['c3VyZS4', 'c3VyZS5=', '=', 'YQ=A', '*'],
  },
  {
    type: 'urn:oasis:names:tc:xacml:1.0:data-type:x500Name',
    good: [
      ['CN=A, O=B', 'CN=A, O=B'],
      ['', ''],
      ['CN=Smith\\, John,O=B', 'CN=Smith\\, John,O=B'],
      ['CN=A\\ ,O=B\\ ', 'CN=A\\ ,O=B\\ '],
      ['CN="Smith, John",O=B', 'CN="Smith, John",O=B'],
      ['2.5.4.3=#0401', '2.5.4.3=#0401'],
    ],
    bad: ['A', 'CN', '=A', 'CN=A,', 'CN=A\\', 'CN="A', 'CN=A"B', 'CN=#0'],
  },
  {
    type: 'urn:oasis:names:tc:xacml:1.0:data-type:rfc822Name',
    good: [
      ['Ann@Example.org', 'Ann@Example.org'],
      ['"a@b"@x.org', '"a@b"@x.org'],
    ],
    bad: ['Ann', '@x.org', 'ann@', 'a b@x.org', 'a@b@c', '"a"b"@x.org'],
  },
  {
    type: 'urn:oasis:names:tc:xacml:2.0:data-type:ipAddress',
    good: [
      ['10.0.0.1', '10.0.0.1'],
      ['122.45.38.245/255.255.255.64:8080', '122.45.38.245/255.255.255.64:8080'],
      ['[2001:DB8::1]', '[2001:DB8::1]'],
      ['[::]/[::]:-80', '[::]/[::]:-80'],
      ['10.0.0.1:', '10.0.0.1:'],
      ['[::1]:', '[::1]:'],
      ['[::ffff:10.0.0.1]', '[::ffff:10.0.0.1]'],
    ],
    bad: ['10.0.0', '10.0.0.256', '10.0.0.1:-', '10.0.0.1:99999', '2001:db8::1', '[1::2::3]', '[1:2:3]', '[12345::]', '10.0.0.1/24'],
  },
  {
    type: 'urn:oasis:names:tc:xacml:2.0:data-type:dnsName',
    good: [
      ['some.host.name:147-874', 'some.host.name:147-874'],
      ['*.Example.org', '*.Example.org'],
      ['a.:80-', 'a.:80-'],
    ],
    bad: ['', '-a', 'a..b', 'a.*', 'a:b', 'a:', 'a_b', 'a b'],
  },
];
