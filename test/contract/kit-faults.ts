/** How the kit brings a fault about. */
import { expect } from 'vitest';
import type { FaultKind } from '../support/targets/faults.ts';
import type { KitMethod } from './accepted.ts';
import type { KitTarget } from './kit.ts';

/** Runs this with the fault in its way, which is gone afterwards. What hangs must end when its call does. */
export async function injected<T>(target: KitTarget, kind: FaultKind, method: KitMethod, work: () => Promise<T>): Promise<T> {
  // A connector may look again at what was not there.
  target.inject(kind, kind === '404' ? 2 : 1, method);
  const started = performance.now();
  const result = await work();
  target.clearFaults();
  if (hangs(kind)) expect(performance.now() - started).toBeLessThan(3_000);
  return result;
}

export function hangs(kind: FaultKind): boolean {
  return kind.startsWith('time-out') || kind === 'slow-body';
}

/** The target did what it was asked to, and its answer came to nothing. */
export function lostAfterWrite(kind: FaultKind): boolean {
  return ['time-out-after-write', 'reset-after-write', 'slow-body', 'garbage-body', 'wrong-content-type'].includes(kind);
}

/** Of connectors that speak REST: the request of each method that counts. What it looks up before is known by then or stays untouched. */
export const httpMethodOf: Readonly<Record<KitMethod, string>> = {
  find: 'GET',
  create: 'POST',
  update: 'PATCH',
  deactivate: 'PATCH',
  delete: 'DELETE',
  undelete: 'POST',
  'find-group': 'GET',
  'read-group': 'GET',
  'create-group': 'POST',
  'rename-group': 'PATCH',
  'delete-group': 'DELETE',
  'add-members': 'POST',
  'remove-members': 'DELETE',
};
