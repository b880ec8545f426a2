/** The words of an answer of the rules, and how it came about: plain values that are kept with a decision and shown. Start with RuleDetails. */

/** What the policies of a tenant answer; no-published-policy: there is none in force. */
export const ruleAnswers = ['permit', 'deny', 'not-applicable', 'indeterminate', 'no-published-policy'] as const;
export type RuleAnswer = (typeof ruleAnswers)[number];

/** How an answer came about, for whoever asks why. Plain values, kept as they are. */
export interface RuleDetails {
  /** The policy that decided; null: none did, or several together. */
  readonly policy: { readonly id: string; readonly name: string; readonly version: number | null } | null;
  /** The rule that decided, as the policy calls it. */
  readonly ruleId: string | null;
  /** Why there was no clear answer; null: there was one. */
  readonly problem: string | null;
  /** Every policy that was looked at, with its rules. */
  readonly policies: readonly PolicyTrace[];
  /** What was asked for of the person and the rest, and what there was. */
  readonly attributes: readonly UsedAttribute[];
  readonly obligations: readonly Advised[];
  readonly advice: readonly Advised[];
}
export interface PolicyTrace {
  readonly policy: { readonly id: string; readonly name: string; readonly version: number | null } | null;
  /** As XACML calls it. */
  readonly policyId: string;
  /** 0: one of ours; below it are policies within it. */
  readonly depth: number;
  readonly target: string;
  readonly decision: string;
  readonly rules: readonly RuleTrace[];
}
export interface RuleTrace {
  readonly ruleId: string;
  readonly effect: 'Permit' | 'Deny';
  readonly target: string;
  /** true, false, or why it has no value; null: it has no condition, or was not reached. */
  readonly condition: string | null;
  /** The parts of the condition that were looked at, outermost first. */
  readonly parts: readonly { readonly expression: string; readonly value: string; readonly depth: number }[];
  readonly decision: string;
}
export interface UsedAttribute {
  readonly category: string;
  readonly attributeId: string;
  readonly dataType: string;
  readonly values: readonly string[];
}
export interface Advised {
  readonly id: string;
  readonly assignments: readonly { readonly attributeId: string; readonly value: string }[];
}
