/** Every row of the table of functions: with operands out of the request, and with literals. */
import { describe, expect, test } from 'vitest';
import { requestOf, type PlainAttribute, type Result } from '../../src/xacml/pdp.ts';
import { functionCases, type FunctionCase, type Operand } from './function-cases.ts';
import {
  apply,
  designator,
  functionNamed,
  obligation,
  obligations,
  pdpOf,
  policy,
  problemsOf,
  rule,
  subject,
  typeId,
  value,
} from './policies.ts';
import { clock, request } from './policies.ts';

const bagOfType = (type: string): string => {
  const version = type.endsWith('Duration') ? '3.0' : type === 'ipAddress' || type === 'dnsName' ? '2.0' : '1.0';
  return `urn:oasis:names:tc:xacml:${version}:function:${type}`;
};

function asked(operand: Operand, i: number): string {
  if (operand.kind === 'function') return functionNamed(operand.id);
  const found = designator(`operand-${i}`, operand.type);
  return operand.kind === 'bag' ? found : apply(`${bagOfType(operand.type)}-one-and-only`, found);
}

function literal(operand: Operand): string {
  if (operand.kind === 'function') return functionNamed(operand.id);
  if (operand.kind === 'one') return value(operand.type, operand.text);
  return apply(`${bagOfType(operand.type)}-bag`, ...operand.texts.map((text) => value(operand.type, text)));
}

const policyOf = (expression: string): string =>
  policy(rule('r', 'Permit', obligations(obligation('result', 'Permit', { value: expression }))));

function requestFor({ operands }: FunctionCase) {
  const attributes = operands.flatMap((operand, i): readonly PlainAttribute[] => {
    if (operand.kind === 'function') return [];
    return [
      {
        category: subject,
        id: `operand-${i}`,
        dataType: typeId(operand.type),
        values: operand.kind === 'one' ? [operand.text] : operand.texts,
      },
    ];
  });
  return requestOf(attributes);
}

function given(result: Result, { gives }: FunctionCase): unknown {
  if (result.decision !== 'Permit') return { fault: result.status.code };
  const values = result.obligations[0]?.assignments.map((assignment) => assignment.value) ?? [];
  return typeof gives === 'string' ? values.join('|') : values;
}

describe.each([...Map.groupBy(functionCases, ({ id }) => id)])('%s', (id, cases) => {
  test('gives what the table says, of the request and of literals', () => {
    for (const each of cases) {
      const told = JSON.stringify(each.operands).slice(0, 200);
      const result = pdpOf([policyOf(apply(id, ...each.operands.map(asked)))]).evaluate(requestFor(each), clock);
      expect(given(result, each), told).toEqual(each.gives);
      const ofLiterals = policyOf(apply(id, ...each.operands.map(literal)));
      // What fails for literals would always fail: the policy is refused.
      if (typeof each.gives === 'object' && 'fault' in each.gives) expect(problemsOf(ofLiterals), told).not.toEqual([]);
      else expect(given(pdpOf([ofLiterals]).evaluate(request(), clock), each), told).toEqual(each.gives);
    }
  });
});
