/** Details of a decision in the words of the schema. Values of a person, and conditions that repeat them, are told to operators and above only. */
import { reaches } from '../../commands/caller.ts';
import type { Advised, RuleDetails } from '../../domain/rule-details.ts';
import type { Role } from '../../domain/vocabulary.ts';
import type { Fields } from '../results.ts';
import type { PolicyAdviceType, RuleDetailsType } from './types.ts';

export function presentRuleDetails(details: RuleDetails, role: Role): Fields<RuleDetailsType> {
  const seesValues = reaches(role, 'operator');
  const advice = ({ id, assignments }: Advised): Fields<PolicyAdviceType> => ({
    id,
    assignments: assignments.map(({ attributeId, value }) => ({ attributeId, value: seesValues ? value : null })),
  });
  return {
    ...details,
    problem: details.problem === null || seesValues ? details.problem : 'The rules gave no clear answer. Operators are told why.',
    policies: details.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.map((rule) => (seesValues ? rule : { ...rule, condition: withoutFault(rule.condition), parts: [] })),
    })),
    attributes: details.attributes.map(({ values, ...attribute }) => ({
      ...attribute,
      count: values.length,
      values: seesValues ? values : null,
    })),
    obligations: details.obligations.map(advice),
    advice: details.advice.map(advice),
  };
}

/** A fault may repeat a value that it was about. */
const withoutFault = (condition: string | null): string | null =>
  condition === null || condition === 'true' || condition === 'false' ? condition : 'No value.';
