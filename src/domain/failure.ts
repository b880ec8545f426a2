/** The ways a target can fail us, split by what the engine does about it, not by origin. */
export type Failure =
  /** Try again; did the write perhaps land? */
  | { readonly kind: 'transient'; readonly mayHaveApplied: boolean }
  /** The target names the time; the whole target pauses. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** Such an account exists already. */
  | { readonly kind: 'conflict'; readonly attribute?: string }
  /** No account with this id. */
  | { readonly kind: 'missing' }
  /** The target refuses us: it is suspended until its configuration changes. */
  | { readonly kind: 'unauthorized' }
  /** Permanent: the target refuses this account. */
  | { readonly kind: 'rejected'; readonly attribute?: string };

export type FailureKind = Failure['kind'];
