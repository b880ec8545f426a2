/** Something in the text of a policy that is wrong, with its place. Pure. */
import type { PolicyId } from '../domain/vocabulary.ts';
import type { PolicyProblem } from '../xacml/pdp.ts';

export interface PolicyFault extends Omit<PolicyProblem, 'source'> {
  /** The policy whose text it is in; null: the text that was sent, or is tried. */
  readonly policyId: PolicyId | null;
}

export function faultIn(policyId: PolicyId | null, { line, column, element, message }: PolicyProblem): PolicyFault {
  return { policyId, line, column, element, message };
}
