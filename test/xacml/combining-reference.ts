/**
 * The combining algorithms as appendix C of the core has them in its pseudo-code, one after another and without a thought: what the real ones are
 * compared with. A child is its decision.
 */
import type { ExtendedDecision } from '../../src/xacml/pdp.ts';

type Decision = ExtendedDecision;
type Reference = (children: readonly Decision[]) => Decision;

/** C.2 Deny-overrides. */
const denyOverrides: Reference = (children) => {
  let atLeastOneErrorD = false;
  let atLeastOneErrorP = false;
  let atLeastOneErrorDP = false;
  let atLeastOnePermit = false;
  for (const decision of children) {
    if (decision === 'Deny') return 'Deny';
    if (decision === 'Permit') atLeastOnePermit = true;
    if (decision === 'Indeterminate{D}') atLeastOneErrorD = true;
    if (decision === 'Indeterminate{P}') atLeastOneErrorP = true;
    if (decision === 'Indeterminate{DP}') atLeastOneErrorDP = true;
  }
  if (atLeastOneErrorDP) return 'Indeterminate{DP}';
  if (atLeastOneErrorD && (atLeastOneErrorP || atLeastOnePermit)) return 'Indeterminate{DP}';
  if (atLeastOneErrorD) return 'Indeterminate{D}';
  if (atLeastOnePermit) return 'Permit';
  if (atLeastOneErrorP) return 'Indeterminate{P}';
  return 'NotApplicable';
};

/** C.4 Permit-overrides. */
const permitOverrides: Reference = (children) => {
  let atLeastOneErrorD = false;
  let atLeastOneErrorP = false;
  let atLeastOneErrorDP = false;
  let atLeastOneDeny = false;
  for (const decision of children) {
    if (decision === 'Deny') atLeastOneDeny = true;
    if (decision === 'Permit') return 'Permit';
    if (decision === 'Indeterminate{D}') atLeastOneErrorD = true;
    if (decision === 'Indeterminate{P}') atLeastOneErrorP = true;
    if (decision === 'Indeterminate{DP}') atLeastOneErrorDP = true;
  }
  if (atLeastOneErrorDP) return 'Indeterminate{DP}';
  if (atLeastOneErrorP && (atLeastOneErrorD || atLeastOneDeny)) return 'Indeterminate{DP}';
  if (atLeastOneErrorP) return 'Indeterminate{P}';
  if (atLeastOneDeny) return 'Deny';
  if (atLeastOneErrorD) return 'Indeterminate{D}';
  return 'NotApplicable';
};

/** C.6 and C.7. */
const denyUnlessPermit: Reference = (children) => (children.includes('Permit') ? 'Permit' : 'Deny');
const permitUnlessDeny: Reference = (children) => (children.includes('Deny') ? 'Deny' : 'Permit');

/** C.8. The standard says Indeterminate; which kind is the child's own. */
const firstApplicable: Reference = (children) => children.find((decision) => decision !== 'NotApplicable') ?? 'NotApplicable';

/** C.9. A child is applicable if its target matches, which in the tests is whenever it is not NotApplicable. */
const onlyOneApplicable: Reference = (children) => {
  const applicable = children.filter((decision) => decision !== 'NotApplicable');
  if (applicable.length > 1) return 'Indeterminate{DP}';
  return applicable[0] ?? 'NotApplicable';
};

/** C.10 of rules; an error of either kind is an Indeterminate, of whichever kinds there are. */
const legacyDenyOverridesOfRules: Reference = (children) => {
  let atLeastOneError = false;
  let potentialDeny = false;
  let atLeastOnePermit = false;
  for (const decision of children) {
    if (decision === 'Deny') return 'Deny';
    if (decision === 'Permit') atLeastOnePermit = true;
    if (decision.startsWith('Indeterminate')) {
      atLeastOneError = true;
      if (decision === 'Indeterminate{D}') potentialDeny = true;
    }
  }
  if (potentialDeny) return atLeastOnePermit || children.includes('Indeterminate{P}') ? 'Indeterminate{DP}' : 'Indeterminate{D}';
  if (atLeastOnePermit) return 'Permit';
  return atLeastOneError ? 'Indeterminate{P}' : 'NotApplicable';
};

/** C.12 of rules. */
const legacyPermitOverridesOfRules: Reference = (children) => {
  let atLeastOneError = false;
  let potentialPermit = false;
  let atLeastOneDeny = false;
  for (const decision of children) {
    if (decision === 'Deny') atLeastOneDeny = true;
    if (decision === 'Permit') return 'Permit';
    if (decision.startsWith('Indeterminate')) {
      atLeastOneError = true;
      if (decision === 'Indeterminate{P}') potentialPermit = true;
    }
  }
  if (potentialPermit) return atLeastOneDeny || children.includes('Indeterminate{D}') ? 'Indeterminate{DP}' : 'Indeterminate{P}';
  if (atLeastOneDeny) return 'Deny';
  return atLeastOneError ? 'Indeterminate{D}' : 'NotApplicable';
};

/** C.11 of policies: an error denies. */
const legacyDenyOverridesOfPolicies: Reference = (children) => {
  let atLeastOnePermit = false;
  for (const decision of children) {
    if (decision === 'Deny') return 'Deny';
    if (decision === 'Permit') atLeastOnePermit = true;
    if (decision.startsWith('Indeterminate')) return 'Deny';
  }
  return atLeastOnePermit ? 'Permit' : 'NotApplicable';
};

/** C.13 of policies. */
const legacyPermitOverridesOfPolicies: Reference = (children) => {
  let atLeastOneError = false;
  let atLeastOneDeny = false;
  for (const decision of children) {
    if (decision === 'Deny') atLeastOneDeny = true;
    if (decision === 'Permit') return 'Permit';
    if (decision.startsWith('Indeterminate')) atLeastOneError = true;
  }
  if (atLeastOneDeny) return 'Deny';
  if (!atLeastOneError) return 'NotApplicable';
  const kinds = children.filter((decision) => decision.startsWith('Indeterminate'));
  const mayDeny = kinds.some((kind) => kind.includes('D}') || kind.includes('DP'));
  const mayPermit = kinds.some((kind) => kind.includes('P}'));
  return mayDeny && mayPermit ? 'Indeterminate{DP}' : mayDeny ? 'Indeterminate{D}' : 'Indeterminate{P}';
};

const urn = (version: string, of: string, name: string): string => `urn:oasis:names:tc:xacml:${version}:${of}-combining-algorithm:${name}`;
const table = (of: 'rule' | 'policy'): ReadonlyMap<string, Reference> =>
  new Map([
    [urn('3.0', of, 'deny-overrides'), denyOverrides],
    [urn('3.0', of, 'ordered-deny-overrides'), denyOverrides],
    [urn('3.0', of, 'permit-overrides'), permitOverrides],
    [urn('3.0', of, 'ordered-permit-overrides'), permitOverrides],
    [urn('3.0', of, 'deny-unless-permit'), denyUnlessPermit],
    [urn('3.0', of, 'permit-unless-deny'), permitUnlessDeny],
    [urn('1.0', of, 'first-applicable'), firstApplicable],
    [urn('1.0', of, 'deny-overrides'), of === 'rule' ? legacyDenyOverridesOfRules : legacyDenyOverridesOfPolicies],
    [urn('1.0', of, 'permit-overrides'), of === 'rule' ? legacyPermitOverridesOfRules : legacyPermitOverridesOfPolicies],
    [urn('1.1', of, 'ordered-deny-overrides'), of === 'rule' ? legacyDenyOverridesOfRules : legacyDenyOverridesOfPolicies],
    [urn('1.1', of, 'ordered-permit-overrides'), of === 'rule' ? legacyPermitOverridesOfRules : legacyPermitOverridesOfPolicies],
    ...(of === 'policy' ? ([[urn('1.0', of, 'only-one-applicable'), onlyOneApplicable]] as const) : []),
  ]);

export function combinedAlgorithms(of: 'rule' | 'policy'): readonly string[] {
  return [...table(of).keys()];
}

export function referenceOf(of: 'rule' | 'policy', id: string): Reference {
  const reference = table(of).get(id);
  if (!reference) throw new Error(`There is no reference for ${id}.`);
  return reference;
}
