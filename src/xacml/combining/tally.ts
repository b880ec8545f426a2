/** What the children of a policy have come to so far, as combining algorithms count it. */
import type { Fault } from '../fault.ts';
import { decided, type Notice, type Outcome } from '../evaluate/outcome.ts';
import type { Effect } from '../policy/syntax.ts';

export class Tally {
  /** The first error of each kind: of what could only have permitted, could only have denied, could have done either. */
  readonly faults: Record<Effect | 'either', Fault | null> = { Permit: null, Deny: null, either: null };
  private readonly notices: Record<Effect, Notice[] | null> = { Permit: null, Deny: null };

  add({ decision, fault, notices }: Outcome): void {
    switch (decision) {
      case 'Permit':
      case 'Deny':
        for (const notice of notices) (this.notices[decision] ??= []).push(notice);
        this.notices[decision] ??= [];
        break;
      case 'Indeterminate{P}':
        this.faults.Permit ??= fault;
        break;
      case 'Indeterminate{D}':
        this.faults.Deny ??= fault;
        break;
      case 'Indeterminate{DP}':
        this.faults.either ??= fault;
        break;
      case 'NotApplicable':
    }
  }

  /** Whether somebody had this effect. */
  has(effect: Effect): boolean {
    return this.notices[effect] !== null;
  }

  /** This effect, with the obligations and advice of everybody who had it. */
  decision(effect: Effect): Outcome {
    return decided(effect, this.notices[effect] ?? []);
  }
}
