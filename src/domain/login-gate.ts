/** The door: what a login that waits for blocking targets comes to, from the state of its operations. Pure; asked again whenever one settles. */
import type { DeadlineOutcome, OperationKind, OperationState, TargetId } from './vocabulary.ts';

/** One blocking target of one login, as it stands. */
export interface GateHold {
  readonly targetId: TargetId;
  readonly deadlineAt: Date;
  readonly whenDeadlinePasses: DeadlineOutcome;
  /** null: it is gone, with the user or the target. */
  readonly operation: { readonly kind: OperationKind; readonly state: OperationState } | null;
  /** The target is disabled, or suspended until a person mends its configuration: waiting cannot help. */
  readonly shut: boolean;
}

export type Gate =
  | { readonly kind: 'open'; readonly unprovisioned: readonly TargetId[] }
  | { readonly kind: 'hold'; readonly until: Date }
  | { readonly kind: 'refuse'; readonly reason: 'not-provisioned' | 'deadline-passed' };

export type HoldState = 'ready' | 'working' | 'failed';

/** Refuses as soon as one refuses, holds while one works, opens when none is left. */
export function judge(holds: readonly GateHold[], now: Date): Gate {
  const unprovisioned: TargetId[] = [];
  let until: Date | null = null;
  for (const hold of holds) {
    const state = stateOf(hold);
    if (state === 'ready') continue;
    const late = now >= hold.deadlineAt;
    if (state === 'working' && !late) {
      if (until === null || hold.deadlineAt < until) until = hold.deadlineAt;
      continue;
    }
    if (hold.whenDeadlinePasses === 'refuse')
      return { kind: 'refuse', reason: state === 'working' ? 'deadline-passed' : 'not-provisioned' };
    unprovisioned.push(hold.targetId);
  }
  return until ? { kind: 'hold', until } : { kind: 'open', unprovisioned };
}

/** failed: waiting cannot help any more. */
export function stateOf(hold: GateHold): HoldState {
  const { operation } = hold;
  if (!operation || operation.kind === 'deprovision') return 'failed';
  switch (operation.state) {
    case 'succeeded':
      return 'ready';
    case 'failed':
    case 'cancelled':
    case 'held':
      return 'failed';
    case 'pending':
    case 'running':
      // Refused credentials suspend the target: it is shut until a person mends them, and from then on waiting helps again.
      return hold.shut ? 'failed' : 'working';
  }
}
