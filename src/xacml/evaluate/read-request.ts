/** A decision request out of its XML. */
import { xacmlNamespace } from '../identifiers.ts';
import { anyNumber, atLeastOne, attributesOf, booleanOf, childrenOf, collect, optional, textOf, type Report } from '../policy/content.ts';
import { dataTypeOf, unknownDataType } from '../values/data-types.ts';
import { problemAt, type Problem, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { buildRequest, type BuiltRequest, type RequestAttribute, type RequestValue } from './request.ts';

export function readRequest(text: string): BuiltRequest {
  const parsed = parseXml(text);
  if (parsed.kind === 'problem') return { kind: 'refused', status: 'syntax-error', problems: [parsed.problem] };
  const { root } = parsed;
  if (root.name !== 'Request' || root.namespace !== xacmlNamespace)
    return refused('syntax-error', root, `It is not a Request of XACML 3.0 but ${root.name} of the namespace "${root.namespace}".`);
  const problems: Problem[] = [];
  const report = collect(problems);
  const attributes = attributesOf(root, ['ReturnPolicyIdList', 'CombinedDecision'], [], report);
  const [, groups, multiple] = childrenOf(root, [optional('RequestDefaults'), atLeastOne('Attributes'), optional('MultiRequests')], report);
  // Two profiles that are out: a request that uses one is understood and refused.
  if (attributes && booleanOf(root, 'CombinedDecision', attributes.CombinedDecision, report))
    return refused('processing-error', root, 'CombinedDecision is not supported.');
  if (multiple?.[0]) return refused('syntax-error', multiple[0], 'MultiRequests are not supported: one request, one decision.');
  const read: RequestAttribute[] = [];
  const seen = new Set<string>();
  for (const group of groups ?? []) {
    const category = attributesOf(group, ['Category'], [], report)?.Category.trim() ?? '';
    if (seen.has(category))
      return refused('syntax-error', group, `The category "${category}" is there twice: multiple decisions are not supported.`);
    seen.add(category);
    // Content is for XPath, which there is none of.
    const [, inside] = childrenOf(group, [optional('Content'), anyNumber('Attribute')], report);
    for (const each of inside ?? []) {
      const attribute = readAttribute(each, category, report);
      if (attribute) read.push(attribute);
    }
  }
  const returnPolicyIds = attributes !== null && booleanOf(root, 'ReturnPolicyIdList', attributes.ReturnPolicyIdList, report);
  return buildRequest(read, returnPolicyIds, problems);
}

function refused(status: 'syntax-error' | 'processing-error', element: XmlElement, message: string): BuiltRequest {
  return { kind: 'refused', status, problems: [problemAt(element.at, message)] };
}

function readAttribute(element: XmlElement, category: string, report: Report): RequestAttribute | null {
  const attributes = attributesOf(element, ['AttributeId', 'IncludeInResult'], ['Issuer'], report);
  const values = childrenOf(element, [atLeastOne('AttributeValue')], report)
    .flat()
    .map((each) => readValue(each, report))
    .filter((value) => value !== null);
  if (!attributes) return null;
  return {
    category,
    id: attributes.AttributeId.trim(),
    issuer: attributes.Issuer ?? null,
    includeInResult: booleanOf(element, 'IncludeInResult', attributes.IncludeInResult, report),
    values,
  };
}

function readValue(element: XmlElement, report: Report): RequestValue | null {
  const dataType = element.attributes.find(({ name, namespace }) => name === 'DataType' && namespace === '')?.value.trim();
  if (dataType === undefined) {
    report(problemAt(element.at, 'The attribute DataType is missing.'));
    return null;
  }
  const type = dataTypeOf(dataType);
  const text = textOf(element, report);
  const value = type?.parse(text) ?? null;
  if (type && value !== null) return { type, value, text };
  report(problemAt(element.at, type ? `The text is no ${type.name}.` : unknownDataType(dataType)));
  return null;
}
