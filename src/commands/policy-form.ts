/** The form that a policy was made from, read out of the policy: null where no form makes this very policy. Pure. */
import { ownIds, originalIds } from '../domain/rule-attributes.ts';
import { formProblems, partsOfTemplate, policyOf, policyTemplates, type PolicyForm, type PolicyFormPart } from '../domain/policy-form.ts';
import { weekdays, type Weekday } from '../domain/time-zone.ts';
import { summarizePolicy, type PolicySummary } from '../xacml/pdp.ts';

type Expression = NonNullable<PolicySummary['rules'][number]['expression']>;

export function formOfPolicy(xml: string): PolicyForm | null {
  const read = summarizePolicy(xml);
  if (read.kind === 'problems' || read.summary.rules.length === 0) return null;
  const { summary } = read;
  const found: Found = { parts: new Set(), roles: [], groupIds: [], attributes: [], emailDomains: [], hours: null, weekdays: [] };
  const [rule] = summary.rules;
  for (const part of conjuncts(rule?.expression ?? null)) collect(part, found);
  const template = policyTemplates.find((each) => sameParts(partsOfTemplate[each], found.parts));
  if (!template) return null;
  const { roles, groupIds, attributes, emailDomains } = found;
  const form: PolicyForm = {
    ...{ template, roles, groupIds, attributes, emailDomains },
    serviceProviderIds: valuesOfTarget(summary, ownIds.serviceProviderId),
    identityProviderIds: valuesOfTarget(summary, ownIds.identityProviderId),
    hours: found.hours && { ...found.hours, weekdays: found.weekdays },
  };
  // Whatever was read, only what makes the same policy again is its form.
  return formProblems(form).length === 0 && withoutSpace(policyOf(summary.id, form)) === withoutSpace(xml) ? form : null;
}

interface Found {
  readonly parts: Set<PolicyFormPart>;
  readonly roles: string[];
  readonly groupIds: string[];
  readonly attributes: { readonly name: string; readonly values: readonly string[] }[];
  readonly emailDomains: string[];
  hours: { readonly from: string; readonly to: string } | null;
  readonly weekdays: Weekday[];
}

function conjuncts(expression: Expression | null): readonly Expression[] {
  if (expression?.kind !== 'apply') return [];
  return expression.functionId.endsWith(':function:and') ? expression.operands : [expression];
}

function collect(expression: Expression, found: Found): void {
  if (expression.kind !== 'apply') return;
  const values = textsIn(expression);
  if (expression.functionId.endsWith(':time-in-range')) {
    const [from = '', to = ''] = values;
    found.hours = { from, to };
    found.parts.add('hours');
    return;
  }
  const asked = expression.operands.find((operand) => operand.kind === 'designator')?.id ?? '';
  if (asked === ownIds.weekday) found.weekdays.push(...weekdays.filter((each) => values.includes(each)));
  else if (asked === ownIds.group) found.roles.push(...values);
  else if (asked === ownIds.groupId) found.groupIds.push(...values);
  else if (asked === ownIds.emailDomain) found.emailDomains.push(...values);
  else found.attributes.push({ name: asked.slice(originalIds.claim('').length), values });
  found.parts.add(partOf(asked));
}

function partOf(asked: string): PolicyFormPart {
  switch (asked) {
    case ownIds.weekday:
      return 'hours';
    case ownIds.group:
      return 'roles';
    case ownIds.groupId:
      return 'groupIds';
    case ownIds.emailDomain:
      return 'emailDomains';
    default:
      return 'attributes';
  }
}

function textsIn(expression: Expression): readonly string[] {
  if (expression.kind === 'value') return [expression.text];
  return expression.kind === 'apply' ? expression.operands.flatMap(textsIn) : [];
}

function valuesOfTarget({ target }: PolicySummary, id: string): readonly string[] {
  return target.flat(2).flatMap((match) => (match.attributeId === id ? [match.value] : []));
}

function sameParts(asked: readonly PolicyFormPart[], found: ReadonlySet<PolicyFormPart>): boolean {
  return asked.length === found.size && asked.every((part) => found.has(part));
}

const withoutSpace = (xml: string): string => xml.replace(/\s+/g, ' ').trim();
