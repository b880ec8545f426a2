import { expect, test } from 'vitest';
import { detailsOf } from '../../src/commands/rule-details.ts';
import { condition, decide, isIn, policy, request, rule } from '../xacml/policies.ts';

const named = { id: 'ours', name: 'Ours', version: 1 };

test('the rule that decided is told and kept, however many come before it', () => {
  const others = Array.from({ length: 60 }, (_, i) => rule(`not-${i}`, 'Deny', condition(isIn('nobody', 'role')))).join('');
  const result = decide(policy(others + rule('fires', 'Permit')), request({ role: ['x'] }), { trace: true });
  const { ruleId, policy: deciding, policies } = detailsOf(result, () => named);
  expect([ruleId, deciding]).toEqual(['fires', named]);
  expect(policies[0]?.rules).toHaveLength(50);
  expect(policies[0]?.rules.at(-1)?.ruleId).toBe('fires');
});
