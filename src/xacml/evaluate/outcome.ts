/** What evaluating a rule, a policy or a policy set came to. Start with Outcome. */
import type { Fault } from '../fault.ts';
import type { Effect } from '../policy/syntax.ts';

/** The decisions of XACML 3.0, with what an Indeterminate one could have been: Deny, Permit or either. */
export type ExtendedDecision = Effect | 'NotApplicable' | 'Indeterminate{D}' | 'Indeterminate{P}' | 'Indeterminate{DP}';

export interface Outcome {
  readonly decision: ExtendedDecision;
  /** Why it is Indeterminate; null: it is not. */
  readonly fault: Fault | null;
  /** Obligations and advice, in the order of the policies they are from. */
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly kind: 'obligation' | 'advice';
  readonly id: string;
  readonly assignments: readonly Assignment[];
}
export interface Assignment {
  readonly attributeId: string;
  readonly category: string | null;
  readonly issuer: string | null;
  readonly dataType: string;
  readonly value: string;
}

export const notApplicable: Outcome = { decision: 'NotApplicable', fault: null, notices: [] };
const plain: Readonly<Record<Effect, Outcome>> = {
  Permit: { decision: 'Permit', fault: null, notices: [] },
  Deny: { decision: 'Deny', fault: null, notices: [] },
};

export function decided(effect: Effect, notices: readonly Notice[] = []): Outcome {
  return notices.length === 0 ? plain[effect] : { decision: effect, fault: null, notices };
}

export function indeterminate(kind: 'D' | 'P' | 'DP', fault: Fault): Outcome {
  return { decision: `Indeterminate{${kind}}`, fault, notices: [] };
}

/** What an error makes of something that could only have had this effect. */
export function failed(effect: Effect, fault: Fault): Outcome {
  return indeterminate(effect === 'Deny' ? 'D' : 'P', fault);
}
