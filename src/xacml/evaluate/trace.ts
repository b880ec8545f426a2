/** What an explanation of a decision needs, as plain data that can be stored as JSON. Only made when somebody asks for it. */
import type { Effect } from '../policy/syntax.ts';
import type { StatusCode } from '../identifiers.ts';
import type { ExtendedDecision } from './outcome.ts';

export interface Trace {
  readonly root: PolicyTrace;
  /** Every attribute that was asked for, in the order of asking, each once. */
  readonly attributes: readonly AttributeTrace[];
}

export interface PolicyTrace {
  /** `root`: the combination of the PDP's policies, which is no policy itself. */
  readonly kind: 'policy' | 'policy-set' | 'root';
  readonly id: string;
  readonly version: string;
  readonly combining: string;
  readonly target: MatchTrace;
  readonly decision: ExtendedDecision;
  readonly fault: FaultTrace | null;
  /** Of a policy: the rules that were evaluated, in order. */
  readonly rules: readonly RuleTrace[];
  /** Of a policy set or the root: the policies that were evaluated. */
  readonly policies: readonly PolicyTrace[];
  /** Rules or policies that the index passed over, because their targets cannot match. */
  readonly notConcerned: number;
}

export interface RuleTrace {
  readonly id: string;
  readonly effect: Effect;
  readonly target: MatchTrace;
  /** null: there is none, or the target did not match. */
  readonly condition: ConditionTrace | null;
  readonly decision: ExtendedDecision;
  readonly fault: FaultTrace | null;
}

export type MatchTrace = 'match' | 'no match' | 'indeterminate';

export interface ConditionTrace {
  /** The condition in short: `string-is-in("admin", user:groups)`. */
  readonly text: string;
  /** Identifier of the function; null: it is none. */
  readonly functionId: string | null;
  /** null: it could not be evaluated, and `fault` says why. */
  readonly value: boolean | null;
  readonly fault: FaultTrace | null;
  /** Of and, or, not and n-of: every boolean operand, those included that did not matter any more. */
  readonly parts: readonly ConditionTrace[];
}

export interface FaultTrace {
  readonly status: Exclude<StatusCode, 'ok'>;
  readonly message: string;
}

export interface AttributeTrace {
  readonly category: string;
  readonly id: string;
  readonly dataType: string;
  /** null: of any. */
  readonly issuer: string | null;
  /** None: it was not found. */
  readonly values: readonly string[];
}
