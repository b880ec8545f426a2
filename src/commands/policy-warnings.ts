/**
 * What whoever brings a policy should know: above all that many policies of the original deny every removal, because they name the creations and
 * changes that they permit and deny the rest. Found by asking the policy itself. Pure. Start with policyWarnings.
 */
import { originalIds, ownIds, ruleCategories } from '../domain/rule-attributes.ts';
import { createPdp, requestOf, type PlainAttribute, type PolicySummary } from '../xacml/pdp.ts';

/** Of a policy that can be read; none where it stands on others that are not here. */
export function policyWarnings(xml: string, summary: PolicySummary): readonly string[] {
  const created = createPdp({ policies: [{ name: '', text: xml }] });
  if (created.kind === 'problems') return [];
  const asked = literalsOf(summary);
  // By day and by night: a policy about hours denies at one of them.
  const denied = hours.filter((hour) => {
    const now = new Date(`2026-03-02T${hour}:00:00Z`);
    const { decision } = created.pdp.evaluate(requestOf([...asked, ...removal]), { now, zoneMinutes: 0, steps: 100_000 });
    return decision === 'Deny';
  });
  if (denied.length === 0) return [];
  const when = denied.length === hours.length ? '' : ' at some hours';
  return [
    `This policy denies removals${when}. Rules are not asked when an account is to end, unless the row says so: where it does (rulesOnRemoval), accounts of people who left would stay.`,
  ];
}

const hours = ['03', '12'] as const;

const removal: readonly PlainAttribute[] = [
  { category: ruleCategories.action, id: originalIds.action, values: ['provisioning'] },
  { category: ruleCategories.provisioning, id: originalIds.operation, values: ['DELETE'] },
  { category: ruleCategories.provisioning, id: ownIds.operation, values: ['end'] },
];

/** What its targets ask for, so that the policy applies. What a removal says of itself is said above. */
function literalsOf(summary: PolicySummary): readonly PlainAttribute[] {
  const own = summary.target
    .flat(2)
    .flatMap(({ category, attributeId, value, dataType }): readonly PlainAttribute[] =>
      removal.some(({ id }) => id === attributeId) ? [] : [{ category, id: attributeId, values: [value], dataType }],
    );
  return [...own, ...summary.policies.flatMap(literalsOf)];
}
