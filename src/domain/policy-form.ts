/**
 * Small forms in place of XACML: who may be provisioned, by group, attribute, e-mail domain and time. A form becomes a policy that a person can
 * read, and a policy that a form made becomes that form again. Pure; the policies are judged in xacml. Start with policyOf.
 */
import { originalIds, ownIds, ruleCategories } from './rule-attributes.ts';
import { isHeldByXml } from './text.ts';
import { weekdays, type Weekday } from './time-zone.ts';

export const policyTemplates = ['role', 'group', 'attribute', 'email-domain', 'time', 'time-and-role', 'time-and-attribute'] as const;
export type PolicyTemplate = (typeof policyTemplates)[number];

/** Which parts of a form each template asks for: all of them have to hold. */
export const partsOfTemplate = {
  role: ['roles'],
  group: ['groupIds'],
  attribute: ['attributes'],
  'email-domain': ['emailDomains'],
  time: ['hours'],
  'time-and-role': ['hours', 'roles'],
  'time-and-attribute': ['hours', 'attributes'],
} as const satisfies Record<PolicyTemplate, readonly PolicyFormPart[]>;
export type PolicyFormPart = 'roles' | 'groupIds' | 'attributes' | 'emailDomains' | 'hours';

export interface PolicyForm {
  readonly template: PolicyTemplate;
  /** For whom signs in to these; none: to any. */
  readonly serviceProviderIds: readonly string[];
  /** At connectors of these; none: of any. */
  readonly identityProviderIds: readonly string[];
  /** One of these groups, by name. */
  readonly roles: readonly string[];
  /** One of these groups, however they are called. */
  readonly groupIds: readonly string[];
  /** All of these, each with one of its values. */
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** One of these, in lower case. */
  readonly emailDomains: readonly string[];
  readonly hours: Hours | null;
}
/** By the clock of the tenant. From later than to: over midnight. */
export interface Hours {
  /** hh:mm:ss */
  readonly from: string;
  readonly to: string;
  /** None: every day. */
  readonly weekdays: readonly Weekday[];
}

export interface FormProblem {
  readonly path: readonly string[];
  readonly message: string;
}

const mostValues = 100;

export function formProblems(form: PolicyForm): readonly FormProblem[] {
  const problems: FormProblem[] = [];
  const at = (message: string, ...path: readonly string[]) => problems.push({ path, message });
  const asked: readonly PolicyFormPart[] = partsOfTemplate[form.template];
  for (const part of ['roles', 'groupIds', 'attributes', 'emailDomains', 'hours'] as const) {
    const value = form[part];
    const isEmpty = value === null || ('length' in value && value.length === 0);
    if (asked.includes(part) && isEmpty) at('This template needs it.', part);
    if (!asked.includes(part) && !isEmpty) at('This template does not ask for it.', part);
  }
  for (const { text, path } of textsOf(form)) if (!isHeldByXml(text)) at('This text has a character that no policy can hold.', ...path);
  for (const list of ['serviceProviderIds', 'identityProviderIds', 'roles', 'groupIds', 'attributes', 'emailDomains'] as const)
    if (form[list].length > mostValues) at(`At most ${mostValues}.`, list);
  form.roles.forEach((role, index) => role.trim() === '' && at('A role has a name.', 'roles', String(index)));
  form.attributes.forEach(({ name, values }, index) => {
    if (name.trim() === '') at('An attribute has a name.', 'attributes', String(index), 'name');
    if (values.length === 0 || values.length > mostValues) at(`From 1 to ${mostValues} values.`, 'attributes', String(index), 'values');
  });
  form.emailDomains.forEach((domain, index) => {
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(domain)) at('A domain such as example.com, in lower case.', 'emailDomains', String(index));
  });
  for (const end of ['from', 'to'] as const)
    if (form.hours && !/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(form.hours[end])) at('A time of the day, hh:mm:ss.', 'hours', end);
  form.hours?.weekdays.forEach((each, index) => weekdays.includes(each) || at('No day of the week.', 'hours', 'weekdays', String(index)));
  return problems;
}

/** Everything in it whose characters nothing else limits, with its place. */
function textsOf(form: PolicyForm): readonly { readonly text: string; readonly path: readonly string[] }[] {
  const lists = ['serviceProviderIds', 'identityProviderIds', 'roles', 'groupIds'] as const;
  const listed = (texts: readonly string[], ...path: readonly string[]) =>
    texts.map((text, index) => ({ text, path: [...path, String(index)] }));
  return [
    ...lists.flatMap((list) => listed(form[list], list)),
    ...form.attributes.flatMap(({ name, values }, index) => [
      { text: name, path: ['attributes', String(index), 'name'] },
      ...listed(values, 'attributes', String(index), 'values'),
    ]),
  ];
}

/** A whole policy in XACML 3.0: permits whom the form describes, denies the others of these parties, and says nothing of any other. */
export function policyOf(policyId: string, form: PolicyForm): string {
  const conditions = partsOfTemplate[form.template].flatMap((part) => conditionOf(part, form));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Policy xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" PolicyId="${escaped(policyId)}" Version="1.0" RuleCombiningAlgId="${ruleCombining}">`,
    `  <Description>${escaped(inWords(form))}</Description>`,
    ...targetOf(form),
    '  <Rule RuleId="permit" Effect="Permit">',
    '    <Condition>',
    ...indented(3, conditions.length === 1 ? conditions.flat() : apply('and', ...conditions)),
    '    </Condition>',
    '  </Rule>',
    '  <Rule RuleId="deny-the-others" Effect="Deny"/>',
    '</Policy>',
    '',
  ];
  return lines.join('\n');
}

const ruleCombining = 'urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable';
const functions = 'urn:oasis:names:tc:xacml:1.0:function:';
const xs = 'http://www.w3.org/2001/XMLSchema#';
type Lines = readonly string[];

function targetOf({ serviceProviderIds, identityProviderIds }: PolicyForm): Lines {
  const parties = [
    { category: ruleCategories.serviceProvider, id: ownIds.serviceProviderId, values: serviceProviderIds },
    { category: ruleCategories.identityProvider, id: ownIds.identityProviderId, values: identityProviderIds },
  ].filter(({ values }) => values.length > 0);
  if (parties.length === 0) return ['  <Target/>'];
  return [
    '  <Target>',
    ...parties.flatMap(({ category, id, values }) => [
      '    <AnyOf>',
      ...values.flatMap((value) => [
        '      <AllOf>',
        `        <Match MatchId="${functions}string-equal">`,
        ...indented(5, [literal(value), designator(category, id, 'string')]),
        '        </Match>',
        '      </AllOf>',
      ]),
      '    </AnyOf>',
    ]),
    '  </Target>',
  ];
}

/** Each of them is one boolean expression. */
function conditionOf(part: PolicyFormPart, form: PolicyForm): readonly Lines[] {
  const { user, environment } = ruleCategories;
  switch (part) {
    case 'roles':
      return [oneOf(form.roles, designator(user, ownIds.group, 'string'))];
    case 'groupIds':
      return [oneOf(form.groupIds, designator(user, ownIds.groupId, 'string'))];
    case 'attributes':
      return form.attributes.map(({ name, values }) => oneOf(values, designator(user, originalIds.claim(name), 'string')));
    case 'emailDomains':
      return [oneOf(form.emailDomains, designator(user, ownIds.emailDomain, 'string'))];
    case 'hours': {
      if (!form.hours) return [];
      const { from, to, weekdays: days } = form.hours;
      const now = apply('time-one-and-only', [designator(environment, originalIds.time, 'time')]);
      const within = apply('time-in-range', now, [literal(from, 'time')], [literal(to, 'time')]);
      return [within, ...(days.length > 0 ? [oneOf(days, designator(environment, ownIds.weekday, 'string'))] : [])];
    }
  }
}

function oneOf(values: readonly string[], of: string): Lines {
  return apply('string-at-least-one-member-of', apply('string-bag', ...values.map((value) => [literal(value)])), [of]);
}

function apply(name: string, ...operands: readonly Lines[]): Lines {
  // time-in-range came with XACML 2.0.
  const id = name === 'time-in-range' ? `urn:oasis:names:tc:xacml:2.0:function:${name}` : `${functions}${name}`;
  return [`<Apply FunctionId="${id}">`, ...operands.flatMap((operand) => indented(1, operand)), '</Apply>'];
}

function literal(value: string, type = 'string'): string {
  return `<AttributeValue DataType="${xs}${type}">${escaped(value)}</AttributeValue>`;
}

/** What is not there is an empty bag: somebody without an attribute is denied, which is no fault. */
function designator(category: string, id: string, type: string): string {
  return `<AttributeDesignator Category="${category}" AttributeId="${escaped(id)}" DataType="${xs}${type}" MustBePresent="false"/>`;
}

function indented(level: number, lines: Lines): Lines {
  return lines.map((line) => '  '.repeat(level) + line);
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** For whoever reads the policy and not the form. */
function inWords(form: PolicyForm): string {
  const words = partsOfTemplate[form.template].map((part) => {
    switch (part) {
      case 'roles':
        return `in one of the groups ${form.roles.join(', ')}`;
      case 'groupIds':
        return `in one of ${form.groupIds.length === 1 ? 'the groups chosen, of which there is 1' : `the ${form.groupIds.length} groups chosen`}`;
      case 'attributes':
        return form.attributes.map(({ name, values }) => `with ${name} ${values.join(' or ')}`).join(' and ');
      case 'emailDomains':
        return `with an e-mail address at ${form.emailDomains.join(' or ')}`;
      case 'hours':
        return form.hours
          ? `from ${form.hours.from} to ${form.hours.to}${form.hours.weekdays.length > 0 ? ` on ${form.hours.weekdays.join(', ')}` : ''}`
          : '';
    }
  });
  return `Permits people ${words.join(', ')}; denies the others.`;
}
