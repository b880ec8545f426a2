/** What one evaluation, or one value of it, may use. Counted, not timed: the same request ends in the same way on a slow machine. */
export const limits = {
  /** Unless the caller says otherwise. Some tenths of a second. */
  steps: 300_000,
  /** Of the regular expressions of one policy text, in steps. */
  loadEffort: 500_000,
  /** Problems that are named of one text. */
  problems: 1_000,
  /** Characters of a text, given or made. */
  text: 100_000,
  /** Values of a bag, given or made. */
  bag: 20_000,
  /** Decimal digits of an integer. */
  digits: 300,
  /** Policies within policies, references followed. */
  policyDepth: 50,
  /** Expressions within expressions, variables followed. */
  expressionDepth: 250,
} as const;

/** 10 to the power of the digits: what an integer stays below. */
export const integerBound = 10n ** BigInt(limits.digits);
