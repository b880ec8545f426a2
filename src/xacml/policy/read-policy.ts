/** XML to a policy: shape, order and attributes, as the schema of XACML 3.0 has them. What the names in it mean is asked later. */
import { xacmlNamespace } from '../identifiers.ts';
import { problemAt, type Problem, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { anyNumber, attributesOf, childrenOf, collect, exactlyOne, optional, textOf, type Report } from './content.ts';
import { readExpression, readNotices, readTarget } from './read-parts.ts';
import type { PolicyNode, PolicySetNode, ReferenceNode, RootNode, RuleNode, VariableNode } from './syntax.ts';

export type ReadPolicy =
  { readonly kind: 'policy'; readonly policy: RootNode } | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

export function readPolicy(text: string): ReadPolicy {
  const parsed = parseXml(text);
  if (parsed.kind === 'problem') return { kind: 'problems', problems: [parsed.problem] };
  const problems: Problem[] = [];
  const policy = readRoot(parsed.root, collect(problems));
  return policy && problems.length === 0 ? { kind: 'policy', policy } : { kind: 'problems', problems };
}

function readRoot(root: XmlElement, report: Report): RootNode | null {
  if (root.namespace !== xacmlNamespace) {
    report(problemAt(root.at, `It is not of XACML 3.0: its namespace is "${root.namespace}", not "${xacmlNamespace}".`));
    return null;
  }
  if (root.name === 'Policy') return readOnePolicy(root, report);
  if (root.name === 'PolicySet') return readPolicySet(root, report);
  report(problemAt(root.at, `It is neither a Policy nor a PolicySet but ${root.name}.`));
  return null;
}

function readOnePolicy(element: XmlElement, report: Report): PolicyNode | null {
  const attributes = attributesOf(element, ['PolicyId', 'Version', 'RuleCombiningAlgId'], ['MaxDelegationDepth'], report);
  const [description, issuer, defaults, target, content, obligations, advice] = childrenOf(
    element,
    [
      optional('Description'),
      optional('PolicyIssuer'),
      optional('PolicyDefaults'),
      exactlyOne('Target'),
      // Parameters are for algorithms of somebody's own: none of the standard's takes any, so they are passed over.
      anyNumber('CombinerParameters', 'RuleCombinerParameters', 'VariableDefinition', 'Rule'),
      optional('ObligationExpressions'),
      optional('AdviceExpressions'),
    ],
    report,
  );
  refuseIssuer(issuer, report);
  readDefaults(defaults, report);
  const rules = named(content, 'Rule').map((rule) => readRule(rule, report));
  const variables = named(content, 'VariableDefinition').map((variable) => readVariable(variable, report));
  refuseTwice(rules, 'RuleId', report);
  refuseTwice(variables, 'VariableId', report);
  const readTargets = (target ?? []).map((each) => readTarget(each, report));
  const notices = readNotices(obligations, advice, report);
  if (!attributes || !readTargets[0]) return null;
  return {
    kind: 'policy',
    id: attributes.PolicyId.trim(),
    version: readVersion(element, attributes.Version, report),
    description: readDescription(description, report),
    combining: attributes.RuleCombiningAlgId.trim(),
    target: readTargets[0],
    rules: rules.filter((rule) => rule !== null),
    variables: variables.filter((variable) => variable !== null),
    notices,
    at: element.at,
  };
}

const setMembers = ['PolicySet', 'Policy', 'PolicySetIdReference', 'PolicyIdReference'] as const;

function readPolicySet(element: XmlElement, report: Report): PolicySetNode | null {
  const attributes = attributesOf(element, ['PolicySetId', 'Version', 'PolicyCombiningAlgId'], ['MaxDelegationDepth'], report);
  const [description, issuer, defaults, target, content, obligations, advice] = childrenOf(
    element,
    [
      optional('Description'),
      optional('PolicyIssuer'),
      optional('PolicySetDefaults'),
      exactlyOne('Target'),
      anyNumber(...setMembers, 'CombinerParameters', 'PolicyCombinerParameters', 'PolicySetCombinerParameters'),
      optional('ObligationExpressions'),
      optional('AdviceExpressions'),
    ],
    report,
  );
  refuseIssuer(issuer, report);
  readDefaults(defaults, report);
  const children = (content ?? [])
    .filter(({ name }) => setMembers.some((member) => member === name))
    .map((child) => readMember(child, report));
  const readTargets = (target ?? []).map((each) => readTarget(each, report));
  const notices = readNotices(obligations, advice, report);
  if (!attributes || !readTargets[0]) return null;
  return {
    kind: 'policy-set',
    id: attributes.PolicySetId.trim(),
    version: readVersion(element, attributes.Version, report),
    description: readDescription(description, report),
    combining: attributes.PolicyCombiningAlgId.trim(),
    target: readTargets[0],
    children: children.filter((child) => child !== null),
    notices,
    at: element.at,
  };
}

function readMember(element: XmlElement, report: Report): RootNode | ReferenceNode | null {
  if (element.name === 'Policy') return readOnePolicy(element, report);
  if (element.name === 'PolicySet') return readPolicySet(element, report);
  const attributes = attributesOf(element, [], ['Version', 'EarliestVersion', 'LatestVersion'], report);
  if (!attributes) return null;
  const pattern = (text: string | undefined): string | null => {
    if (text !== undefined && !/^((\d+|\*)\.)*(\d+|\*|\+)$/.test(text))
      report(problemAt(element.at, `"${text}" is not a pattern of versions.`));
    return text ?? null;
  };
  return {
    kind: 'reference',
    to: element.name === 'PolicyIdReference' ? 'policy' : 'policy-set',
    id: textOf(element, report).trim(),
    version: pattern(attributes.Version),
    earliest: pattern(attributes.EarliestVersion),
    latest: pattern(attributes.LatestVersion),
    at: element.at,
  };
}

function readRule(element: XmlElement, report: Report): RuleNode | null {
  const attributes = attributesOf(element, ['RuleId', 'Effect'], [], report);
  const [description, target, condition, obligations, advice] = childrenOf(
    element,
    [optional('Description'), optional('Target'), optional('Condition'), optional('ObligationExpressions'), optional('AdviceExpressions')],
    report,
  );
  const conditions = (condition ?? []).flatMap((each) => {
    if (each.attributes.length > 0) attributesOf(each, [], [], report);
    const expression = readExpression(each, report);
    return expression ? [expression] : [];
  });
  const targets = (target ?? []).map((each) => readTarget(each, report));
  const notices = readNotices(obligations, advice, report);
  if (!attributes) return null;
  const effect = attributes.Effect;
  if (effect !== 'Permit' && effect !== 'Deny') {
    report(problemAt(element.at, `The attribute Effect must be Permit or Deny, not "${effect}".`));
    return null;
  }
  return {
    id: attributes.RuleId,
    effect,
    description: readDescription(description, report),
    target: targets[0] ?? null,
    condition: conditions[0] ?? null,
    notices,
    at: element.at,
  };
}

function readVariable(element: XmlElement, report: Report): VariableNode | null {
  const attributes = attributesOf(element, ['VariableId'], [], report);
  const expression = readExpression(element, report);
  return attributes && expression ? { id: attributes.VariableId, expression, at: element.at } : null;
}

function readDescription(elements: readonly XmlElement[] | undefined, report: Report): string | null {
  const [element] = elements ?? [];
  return element ? textOf(element, report).replace(/\s+/g, ' ').trim() : null;
}

function readVersion(element: XmlElement, text: string, report: Report): string {
  const version = text.trim();
  if (!/^\d{1,9}(\.\d{1,9}){0,20}$/.test(version)) report(problemAt(element.at, `"${text}" is not a version: 1.0, for example.`));
  return version;
}

function refuseIssuer(elements: readonly XmlElement[] | undefined, report: Report): void {
  // Whoever issued a policy would have to be authorised by another: that is the profile of administration and delegation.
  for (const { at } of elements ?? []) report(problemAt(at, 'A policy with an issuer needs delegation, which is not supported.'));
}

function readDefaults(elements: readonly XmlElement[] | undefined, report: Report): void {
  for (const element of elements ?? []) {
    for (const version of childrenOf(element, [exactlyOne('XPathVersion')], report).flat()) textOf(version, report);
  }
}

function refuseTwice(nodes: readonly (RuleNode | VariableNode | null)[], attribute: string, report: Report): void {
  const seen = new Set<string>();
  for (const node of nodes) {
    if (!node) continue;
    if (seen.has(node.id)) report(problemAt(node.at, `${attribute} "${node.id}" is there twice.`));
    seen.add(node.id);
  }
}

function named(elements: readonly XmlElement[] | undefined, name: string): readonly XmlElement[] {
  return (elements ?? []).filter((element) => element.name === name);
}
