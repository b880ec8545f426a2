/** How often the background looks by itself; notifications make it faster, never these slower. */
export const everyMs = {
  /** Entries that become due by their date are found within this. */
  idle: 250,
  /** Between two rounds that found work. */
  busy: 5,
  /** Suspended, paused and disabled targets, and open circuits. */
  conditions: 1_000,
  sweep: 5_000,
  abandonedLogins: 5_000,
  connectorRemovals: 10_000,
  deletions: 10_000,
  reevaluations: 500,
  /** Connectors that were saved and not tried yet. */
  connectorChecks: 1_000,
  /** Groups at targets that are due. */
  groups: 500,
  /** Those that count as right and are not. */
  groupSweep: 5 * 60_000,
  retention: 60 * 60_000,
} as const;

/** A drain waits as long as the longest attempt may last. */
export function drainTimeMs(settings: { readonly attemptTimeoutMs: number; readonly leaseMarginMs: number }): number {
  return settings.attemptTimeoutMs + settings.leaseMarginMs;
}
