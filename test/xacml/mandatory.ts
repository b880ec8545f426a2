/** Section 10.2 of the core specification: every identifier that is mandatory, and the tests that exercise each kind. */

const types = ['string', 'boolean', 'integer', 'double', 'time', 'date', 'dateTime', 'anyURI', 'hexBinary', 'base64Binary'];
const durations = ['dayTimeDuration', 'yearMonthDuration'];
const names = ['x500Name', 'rfc822Name'];
const network = ['ipAddress', 'dnsName'];

const f = (version: string, list: readonly string[]): readonly string[] =>
  list.map((name) => `urn:oasis:names:tc:xacml:${version}:function:${name}`);
const each = (of: readonly string[], suffixes: readonly string[]): readonly string[] =>
  of.flatMap((type) => suffixes.map((suffix) => `${type}-${suffix}`));

const comparisons = ['greater-than', 'greater-than-or-equal', 'less-than', 'less-than-or-equal'];
const bags = ['one-and-only', 'bag-size', 'is-in', 'bag'];
const sets = ['intersection', 'at-least-one-member-of', 'union', 'subset', 'set-equals'];
const withConversion = ['boolean', 'integer', 'double', 'time', 'date', 'dateTime', 'anyURI', ...durations, ...names, ...network];

export const mandatoryFunctions: readonly string[] = [
  ...f('1.0', each([...types, ...names], ['equal'])),
  ...f('3.0', [...each(durations, ['equal']), 'string-equal-ignore-case']),
  ...f('1.0', [
    'integer-add',
    'double-add',
    'integer-subtract',
    'double-subtract',
    'integer-multiply',
    'double-multiply',
    'integer-divide',
    'double-divide',
  ]),
  ...f('1.0', ['integer-mod', 'integer-abs', 'double-abs', 'round', 'floor', 'string-normalize-space', 'string-normalize-to-lower-case']),
  ...f('1.0', ['double-to-integer', 'integer-to-double', 'or', 'and', 'n-of', 'not']),
  ...f('1.0', each(['integer', 'double', 'string', 'time', 'dateTime', 'date'], comparisons)),
  ...f(
    '3.0',
    each(['dateTime'], ['add-dayTimeDuration', 'add-yearMonthDuration', 'subtract-dayTimeDuration', 'subtract-yearMonthDuration']),
  ),
  ...f('3.0', ['date-add-yearMonthDuration', 'date-subtract-yearMonthDuration']),
  ...f('2.0', ['time-in-range', 'string-concatenate']),
  ...f('1.0', each([...types, ...names], bags)),
  ...f('3.0', each(durations, bags)),
  ...f('2.0', each(network, ['one-and-only', 'bag-size', 'bag'])),
  ...f(
    '3.0',
    withConversion.flatMap((type) => [`${type}-from-string`, `string-from-${type}`]),
  ),
  ...f('3.0', each(['string', 'anyURI'], ['starts-with', 'ends-with', 'contains', 'substring'])),
  ...f('3.0', ['any-of', 'all-of', 'any-of-any', 'map']),
  ...f('1.0', ['all-of-any', 'any-of-all', 'all-of-all', 'x500Name-match', 'rfc822Name-match', 'string-regexp-match']),
  ...f('2.0', each(['anyURI', 'ipAddress', 'dnsName', 'rfc822Name', 'x500Name'], ['regexp-match'])),
  ...f('1.0', each([...types, ...names], sets)),
  ...f('3.0', each(durations, sets)),
];

/** Planned to be dropped (appendix A.4), and mandatory until then. */
export const deprecatedFunctions: readonly string[] = [
  ...f('1.0', each(durations, ['equal'])),
  ...f(
    '1.0',
    each(['dateTime'], ['add-dayTimeDuration', 'add-yearMonthDuration', 'subtract-dayTimeDuration', 'subtract-yearMonthDuration']),
  ),
  ...f('1.0', ['date-add-yearMonthDuration', 'date-subtract-yearMonthDuration', 'any-of', 'all-of', 'any-of-any', 'map']),
  ...f('2.0', ['uri-string-concatenate']),
];

export const mandatoryTypes: readonly string[] = [
  ...[...types, ...durations].map((name) => `http://www.w3.org/2001/XMLSchema#${name}`),
  ...names.map((name) => `urn:oasis:names:tc:xacml:1.0:data-type:${name}`),
  ...network.map((name) => `urn:oasis:names:tc:xacml:2.0:data-type:${name}`),
];

const algorithm = (version: string, of: 'rule' | 'policy', name: string): string =>
  `urn:oasis:names:tc:xacml:${version}:${of}-combining-algorithm:${name}`;
export const mandatoryAlgorithms = (of: 'rule' | 'policy'): readonly string[] => [
  ...[
    'deny-overrides',
    'permit-overrides',
    'ordered-deny-overrides',
    'ordered-permit-overrides',
    'deny-unless-permit',
    'permit-unless-deny',
  ].map((name) => algorithm('3.0', of, name)),
  algorithm('1.0', of, 'first-applicable'),
  ...(of === 'policy' ? [algorithm('1.0', of, 'only-one-applicable')] : []),
  ...['deny-overrides', 'permit-overrides'].map((name) => algorithm('1.0', of, name)),
  ...['ordered-deny-overrides', 'ordered-permit-overrides'].map((name) => algorithm('1.1', of, name)),
];

export const mandatoryAttributes = ['current-time', 'current-date', 'current-dateTime'].map(
  (name) => `urn:oasis:names:tc:xacml:1.0:environment:${name}`,
);
export const mandatoryStatuses = ['missing-attribute', 'ok', 'processing-error', 'syntax-error'].map(
  (name) => `urn:oasis:names:tc:xacml:1.0:status:${name}`,
);

/** Section 10.2.6: what a request and its policies mean by these, and no more, is that both use the same. */
export const mandatoryNames = ['subject-category:access-subject', 'resource:resource-id'].map(
  (name) => `urn:oasis:names:tc:xacml:1.0:${name}`,
);

/** Identifier -> the test that exercises it, as the room's README lists them. */
export const testOf: ReadonlyMap<string, string> = new Map([
  ...mandatoryTypes.map((id) => [id, 'values.test.ts'] as const),
  ...[...mandatoryFunctions, ...deprecatedFunctions].map((id) => [id, 'functions.test.ts'] as const),
  ...(['rule', 'policy'] as const).flatMap((of) => mandatoryAlgorithms(of).map((id) => [id, 'combining.test.ts'] as const)),
  ...mandatoryStatuses.map((id) => [id, 'decisions.test.ts'] as const),
  ...mandatoryAttributes.map((id) => [id, 'decisions.test.ts'] as const),
  ...mandatoryNames.map((id) => [id, 'decisions.test.ts'] as const),
]);

/** The table of the README. */
export function mandatoryTable(): string {
  const rows = [...testOf].map(([id, test]) => `- \`${id}\`: ${test}`);
  return rows.join('\n');
}
