/** Whether so many endings within a target's window are too many to go on without a person. */
import type { Target } from './vocabulary.ts';

export type Guard = Pick<Target, 'guardCount' | 'guardPercent' | 'guardPercentFrom'>;

/** `accounts`: those active before the window's endings. Either limit is enough; the percentage counts only beyond `guardPercentFrom`. */
export function exceedsGuard(guard: Guard, endings: number, accounts: number): boolean {
  if (endings > guard.guardCount) return true;
  return endings > guard.guardPercentFrom && endings * 100 > guard.guardPercent * accounts;
}
