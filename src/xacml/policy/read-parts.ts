/** The parts that policies, policy sets and rules have in common: targets, expressions, obligations and advice. */
import { problemAt, type XmlElement } from '../xml/element.ts';
import { anyNumber, atLeastOne, attributesOf, booleanOf, childrenOf, exactlyOne, optional, textOf, type Report } from './content.ts';
import type {
  AllOfNode,
  AnyOfNode,
  AssignmentNode,
  DesignatorNode,
  Effect,
  ExpressionNode,
  MatchNode,
  NoticeNode,
  TargetNode,
  ValueNode,
} from './syntax.ts';

export function readTarget(element: XmlElement, report: Report): TargetNode {
  attributesOf(element, [], [], report);
  return {
    anyOf: childrenOf(element, [anyNumber('AnyOf')], report)
      .flat()
      .map((each) => readAnyOf(each, report)),
  };
}

function readAnyOf(element: XmlElement, report: Report): AnyOfNode {
  attributesOf(element, [], [], report);
  return {
    allOf: childrenOf(element, [atLeastOne('AllOf')], report)
      .flat()
      .map((each) => readAllOf(each, report)),
  };
}

function readAllOf(element: XmlElement, report: Report): AllOfNode {
  attributesOf(element, [], [], report);
  const matches = childrenOf(element, [atLeastOne('Match')], report).flat();
  return { matches: matches.map((each) => readMatch(each, report)).filter((match) => match !== null) };
}

function readMatch(element: XmlElement, report: Report): MatchNode | null {
  const attributes = attributesOf(element, ['MatchId'], [], report);
  const [values, sources] = childrenOf(
    element,
    [exactlyOne('AttributeValue'), exactlyOne('AttributeDesignator', 'AttributeSelector')],
    report,
  );
  const [value] = (values ?? []).map((each) => readValue(each, report));
  const [source] = (sources ?? []).map((each) =>
    each.name === 'AttributeSelector' ? refuseSelector(each, report) : readDesignator(each, report),
  );
  return attributes && value && source ? { functionId: attributes.MatchId.trim(), value, designator: source, at: element.at } : null;
}

const expressionNames = ['Apply', 'AttributeValue', 'AttributeDesignator', 'AttributeSelector', 'VariableReference', 'Function'] as const;

/** The one expression inside of an element. */
export function readExpression(element: XmlElement, report: Report): ExpressionNode | null {
  const [inside] = childrenOf(element, [exactlyOne(...expressionNames)], report).flat();
  return inside ? readOne(inside, report) : null;
}

function readOne(element: XmlElement, report: Report): ExpressionNode | null {
  switch (element.name) {
    case 'Apply': {
      const attributes = attributesOf(element, ['FunctionId'], [], report);
      const [description, operands] = childrenOf(element, [optional('Description'), anyNumber(...expressionNames)], report);
      for (const each of description ?? []) textOf(each, report);
      const read = (operands ?? []).map((each) => readOne(each, report)).filter((operand) => operand !== null);
      return attributes ? { kind: 'apply', functionId: attributes.FunctionId.trim(), operands: read, at: element.at } : null;
    }
    case 'AttributeValue':
      return readValue(element, report);
    case 'AttributeDesignator':
      return readDesignator(element, report);
    case 'AttributeSelector':
      return refuseSelector(element, report);
    case 'VariableReference': {
      const attributes = attributesOf(element, ['VariableId'], [], report);
      childrenOf(element, [], report);
      return attributes ? { kind: 'variable', id: attributes.VariableId, at: element.at } : null;
    }
    default: {
      const attributes = attributesOf(element, ['FunctionId'], [], report);
      childrenOf(element, [], report);
      return attributes ? { kind: 'function', id: attributes.FunctionId.trim(), at: element.at } : null;
    }
  }
}

function readValue(element: XmlElement, report: Report): ValueNode | null {
  // The schema lets a value have any attribute, for types of somebody's own; for those of the standard they mean nothing.
  const dataType = element.attributes.find(({ name, namespace }) => name === 'DataType' && namespace === '')?.value;
  const text = textOf(element, report);
  if (dataType !== undefined) return { kind: 'value', dataType: dataType.trim(), text, at: element.at };
  report(problemAt(element.at, 'The attribute DataType is missing.'));
  return null;
}

function readDesignator(element: XmlElement, report: Report): DesignatorNode | null {
  const attributes = attributesOf(element, ['Category', 'AttributeId', 'DataType', 'MustBePresent'], ['Issuer'], report);
  childrenOf(element, [], report);
  if (!attributes) return null;
  return {
    kind: 'designator',
    category: attributes.Category.trim(),
    id: attributes.AttributeId.trim(),
    dataType: attributes.DataType.trim(),
    issuer: attributes.Issuer ?? null,
    mustBePresent: booleanOf(element, 'MustBePresent', attributes.MustBePresent, report),
    at: element.at,
  };
}

function refuseSelector(element: XmlElement, report: Report): null {
  report(problemAt(element.at, 'XPath is not supported: an AttributeSelector cannot be evaluated.'));
  return null;
}

/** Obligations and advice, out of their two lists. */
export function readNotices(
  obligations: readonly XmlElement[] | undefined,
  advice: readonly XmlElement[] | undefined,
  report: Report,
): readonly NoticeNode[] {
  const inside = (lists: readonly XmlElement[] | undefined, name: string): readonly XmlElement[] =>
    (lists ?? []).flatMap((list) => {
      attributesOf(list, [], [], report);
      return childrenOf(list, [atLeastOne(name)], report).flat();
    });
  return [
    ...inside(obligations, 'ObligationExpression').map((each) => readNotice(each, 'obligation', 'ObligationId', 'FulfillOn', report)),
    ...inside(advice, 'AdviceExpression').map((each) => readNotice(each, 'advice', 'AdviceId', 'AppliesTo', report)),
  ].filter((notice) => notice !== null);
}

function readNotice(
  element: XmlElement,
  kind: NoticeNode['kind'],
  idName: 'ObligationId' | 'AdviceId',
  onName: 'FulfillOn' | 'AppliesTo',
  report: Report,
): NoticeNode | null {
  const attributes = attributesOf(element, [idName, onName], [], report);
  const assignments = childrenOf(element, [anyNumber('AttributeAssignmentExpression')], report)
    .flat()
    .map((each) => readAssignment(each, report))
    .filter((assignment) => assignment !== null);
  if (!attributes) return null;
  const on = attributes[onName];
  if (!isEffect(on)) {
    report(problemAt(element.at, `The attribute ${onName} must be Permit or Deny, not "${on}".`));
    return null;
  }
  return { kind, id: attributes[idName].trim(), on, assignments, at: element.at };
}

function readAssignment(element: XmlElement, report: Report): AssignmentNode | null {
  const attributes = attributesOf(element, ['AttributeId'], ['Category', 'Issuer'], report);
  const expression = readExpression(element, report);
  if (!attributes || !expression) return null;
  return {
    attributeId: attributes.AttributeId.trim(),
    category: attributes.Category?.trim() ?? null,
    issuer: attributes.Issuer ?? null,
    expression,
    at: element.at,
  };
}

function isEffect(text: string): text is Effect {
  return text === 'Permit' || text === 'Deny';
}
