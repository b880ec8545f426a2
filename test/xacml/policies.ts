/** Policies and requests for tests, in few words. */
import {
  createPdp,
  requestOf,
  type BuiltRequest,
  type EvaluateOptions,
  type Pdp,
  type PdpSettings,
  type PlainAttribute,
  type Result,
} from '../../src/xacml/pdp.ts';
import { dataTypes } from '../../src/xacml/values/data-types.ts';

export const xacml = 'urn:oasis:names:tc:xacml:3.0:core:schema:wd-17';
export const subject = 'urn:oasis:names:tc:xacml:1.0:subject-category:access-subject';
export const clock: EvaluateOptions = { now: new Date('2026-03-02T09:30:15.250Z'), zoneMinutes: 60 };

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Identifier of a data type by its short name. */
export function typeId(name: string): string {
  return dataTypes.find((type) => type.name === name)?.id ?? name;
}

export function fn(id: string): string {
  return id.startsWith('urn:') ? id : `urn:oasis:names:tc:xacml:1.0:function:${id}`;
}

export const value = (type: string, text: string): string => `<AttributeValue DataType="${typeId(type)}">${escaped(text)}</AttributeValue>`;
export const apply = (id: string, ...operands: readonly string[]): string => `<Apply FunctionId="${fn(id)}">${operands.join('')}</Apply>`;
export const reference = (id: string): string => `<VariableReference VariableId="${id}"/>`;
export const functionNamed = (id: string): string => `<Function FunctionId="${fn(id)}"/>`;

export function designator(
  id: string,
  type = 'string',
  more: { readonly required?: boolean; readonly issuer?: string; readonly category?: string } = {},
): string {
  const issuer = more.issuer === undefined ? '' : ` Issuer="${more.issuer}"`;
  return `<AttributeDesignator Category="${more.category ?? subject}" AttributeId="${id}" DataType="${typeId(type)}" MustBePresent="${more.required ?? false}"${issuer}/>`;
}

export const match = (
  id: string,
  text: string,
  more: { readonly required?: boolean; readonly function?: string; readonly type?: string; readonly category?: string } = {},
): string =>
  `<Match MatchId="${fn(more.function ?? 'string-equal')}">${value(more.type ?? 'string', text)}${designator(id, more.type, more)}</Match>`;
/** A target of one alternative. */
export const target = (...matches: readonly string[]): string =>
  matches.length === 0 ? '<Target/>' : `<Target><AnyOf><AllOf>${matches.join('')}</AllOf></AnyOf></Target>`;

export const isIn = (text: string, id: string, required = false): string =>
  apply('string-is-in', value('string', text), designator(id, 'string', { required }));
export const condition = (expression: string): string => `<Condition>${expression}</Condition>`;
/** Cannot be evaluated: the attribute is never there. */
export const failing = condition(apply('string-is-in', value('string', 'x'), designator('never', 'string', { required: true })));

export function rule(id: string, effect: 'Permit' | 'Deny', inside = ''): string {
  return `<Rule RuleId="${id}" Effect="${effect}">${inside}</Rule>`;
}

export interface PolicyParts {
  readonly id?: string;
  readonly version?: string;
  readonly combining?: string;
  readonly target?: string;
  readonly after?: string;
}

export function policy(
  inside: string,
  { id = 'policy', version = '1.0', combining = 'deny-overrides', target: itsTarget = '<Target/>', after = '' }: PolicyParts = {},
): string {
  return `<Policy xmlns="${xacml}" PolicyId="${id}" Version="${version}" RuleCombiningAlgId="${algorithm('rule', combining)}">${itsTarget}${inside}${after}</Policy>`;
}

export function policySet(
  inside: string,
  { id = 'set', version = '1.0', combining = 'deny-overrides', target: itsTarget = '<Target/>', after = '' }: PolicyParts = {},
): string {
  return `<PolicySet xmlns="${xacml}" PolicySetId="${id}" Version="${version}" PolicyCombiningAlgId="${algorithm('policy', combining)}">${itsTarget}${inside}${after}</PolicySet>`;
}

export function algorithm(of: 'rule' | 'policy', name: string): string {
  if (name.startsWith('urn:')) return name;
  const version = name === 'first-applicable' || name === 'only-one-applicable' ? '1.0' : '3.0';
  return `urn:oasis:names:tc:xacml:${version}:${of}-combining-algorithm:${name}`;
}

export function obligation(id: string, on: 'Permit' | 'Deny', assignments: Readonly<Record<string, string>> = {}): string {
  const inside = Object.entries(assignments).map(
    ([name, expression]) => `<AttributeAssignmentExpression AttributeId="${name}">${expression}</AttributeAssignmentExpression>`,
  );
  return `<ObligationExpression ObligationId="${id}" FulfillOn="${on}">${inside.join('')}</ObligationExpression>`;
}
export const obligations = (...list: readonly string[]): string => `<ObligationExpressions>${list.join('')}</ObligationExpressions>`;

/** A PDP of these texts; fails with the problems. */
export function pdpOf(texts: readonly string[], settings: Omit<PdpSettings, 'policies'> = {}): Pdp {
  const created = createPdp({ ...settings, policies: texts.map((text, i) => ({ name: `${i}.xml`, text })) });
  if (created.kind === 'problems') throw new Error(created.problems.map(({ element, message }) => `${element}: ${message}`).join(' '));
  return created.pdp;
}

/** What is wrong with a policy: `line:column: element: message`. */
export function problemsOf(...texts: readonly string[]): readonly string[] {
  const created = createPdp({
    policies: texts.map((text, i) => ({ name: `${i}.xml`, text })),
    combining: algorithm('policy', 'deny-overrides'),
  });
  return created.kind === 'pdp'
    ? []
    : created.problems.map(({ line, column, element, message }) => `${line}:${column}: ${element}: ${message}`);
}

/** Attributes of the subject, texts unless a type is named: `{ role: ['admin'], 'age integer': ['5'] }`. */
export function request(attributes: Readonly<Record<string, readonly (string | boolean | number | bigint)[]>> = {}): BuiltRequest {
  const list = Object.entries(attributes).map(([key, values]): PlainAttribute => {
    const [id = '', type] = key.split(' ');
    return type === undefined ? { category: subject, id, values } : { category: subject, id, dataType: typeId(type), values };
  });
  return requestOf(list);
}

export function decide(text: string, asked: BuiltRequest = request(), options: Partial<EvaluateOptions> = {}): Result {
  return pdpOf([text]).evaluate(asked, { ...clock, ...options });
}
