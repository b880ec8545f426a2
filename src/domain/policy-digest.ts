/** What is in a policy, in words for whoever reads it: worked out when it is saved, and kept with it. Plain values. Start with PolicyDigest. */

export interface PolicyDigest {
  /** null: it cannot be read. */
  readonly summary: PolicyInWords | null;
  /** What to know before it is used. */
  readonly warnings: readonly string[];
}
/** As it is kept. An older release changes a text and leaves what was kept of another one, so it counts for no text but its own. */
export interface KeptDigest extends PolicyDigest {
  /** SHA-256 of the text that it was worked out from, in hexadecimal. */
  readonly sha256: string;
}
export interface PolicyInWords {
  /** As its text calls it; its version has nothing to do with ours. */
  readonly policyId: string;
  readonly policyVersion: string;
  readonly description: string | null;
  /** XACML's identifier. */
  readonly combining: string;
  /** All of these have to hold; empty: it is about everything. */
  readonly target: readonly string[];
  readonly rules: readonly RuleInWords[];
  /** Within it. */
  readonly policies: readonly PolicyInWords[];
  /** Identifiers of those it refers to. */
  readonly references: readonly string[];
}
export interface RuleInWords {
  readonly id: string;
  readonly effect: 'Permit' | 'Deny';
  readonly description: string | null;
  readonly target: readonly string[];
  readonly condition: string | null;
}
