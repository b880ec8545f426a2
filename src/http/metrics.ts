/** The Prometheus registry: counters that the engine feeds, and gauges read from the database when somebody scrapes. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics, Operations } from '../commands/ports.ts';

export interface UsherMetrics extends Metrics {
  readonly registry: Registry;
}

/** `operations` is asked at every scrape; it is a function because the database opens after the metrics. */
export function createMetrics(operations: () => Operations, now: () => Date): UsherMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const logins = new Counter({ name: 'usher_logins_total', help: 'Logins decided, by outcome.', labelNames: ['outcome'], registers });
  const held = new Histogram({
    name: 'usher_login_held_seconds',
    help: 'How long a held login waited for its blocking targets until it was decided.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  const holding = new Counter({ name: 'usher_logins_held_total', help: 'Logins that had to wait for a blocking target.', registers });
  const attempts = new Counter({
    name: 'usher_attempts_total',
    help: 'Attempts at operations, by target and outcome (refused: a later lease had taken over).',
    labelNames: ['target', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'usher_attempt_seconds',
    help: 'How long an attempt took, by target.',
    labelNames: ['target'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers,
  });
  const unfinished = new Gauge({
    name: 'usher_operations_unfinished',
    help: 'Unfinished operations, by target.',
    labelNames: ['target'],
    registers,
  });
  const heldRemovals = new Gauge({
    name: 'usher_removals_held',
    help: 'Removals of accounts that wait for a person, for there are too many at once, by target.',
    labelNames: ['target'],
    registers,
  });
  const oldest = new Gauge({
    name: 'usher_operations_oldest_due_seconds',
    help: 'How long the oldest due operation has been due, by target.',
    labelNames: ['target'],
    registers,
  });
  const circuit = new Gauge({ name: 'usher_target_circuit', help: '0 closed, 1 half-open, 2 open.', labelNames: ['target'], registers });
  const suspended = new Gauge({
    name: 'usher_target_suspended',
    help: '1 while a target refuses our credentials and waits for a person.',
    labelNames: ['target'],
    registers,
  });
  const due = new Gauge({
    name: 'usher_operations_due',
    help: 'Operations that are due, by target.',
    labelNames: ['target'],
    registers,
    async collect() {
      const gauges = [due, heldRemovals, unfinished, oldest, circuit, suspended];
      for (const gauge of gauges) gauge.reset();
      for (const each of await operations().backlog(now())) {
        const target = each.targetId;
        due.set({ target }, each.due);
        unfinished.set({ target }, each.unfinished);
        heldRemovals.set({ target }, each.held);
        oldest.set({ target }, each.oldestDueSeconds);
        circuit.set({ target }, { closed: 0, 'half-open': 1, open: 2 }[each.circuit]);
        suspended.set({ target }, each.suspended ? 1 : 0);
      }
    },
  });
  return {
    registry,
    loginDecided(outcome, heldMs) {
      logins.inc({ outcome });
      if (heldMs > 0) held.observe(heldMs / 1000);
    },
    loginHeld: () => holding.inc(),
    attemptSettled(target, outcome, ms) {
      attempts.inc({ target, outcome });
      seconds.observe({ target }, ms / 1000);
    },
  };
}
