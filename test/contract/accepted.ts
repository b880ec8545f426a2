/** What a connector may answer to a fault. Where the answer to a write was lost, only "it may have been applied" is honest. */
import { expect } from 'vitest';
import type { Failure } from '../../src/domain/failure.ts';
import type { FaultKind } from '../support/targets/faults.ts';

export const accountMethods = ['find', 'create', 'update', 'deactivate', 'delete', 'undelete'] as const;
export const groupMethods = [
  'find-group',
  'read-group',
  'create-group',
  'rename-group',
  'delete-group',
  'add-members',
  'remove-members',
] as const;
export type AccountMethod = (typeof accountMethods)[number];
export type GroupMethod = (typeof groupMethods)[number];
export type KitMethod = AccountMethod | GroupMethod;

const mayHaveApplied: Failure = { kind: 'transient', mayHaveApplied: true };
const notApplied: Failure = { kind: 'transient', mayHaveApplied: false };
const rejected = { kind: 'rejected' };

/** 'success': no failure. 'unknown': no failure, but an account told as unknown. Otherwise a Failure. */
export function accepted(method: KitMethod, kind: FaultKind): readonly unknown[] {
  const reads = method === 'find' || method === 'find-group' || method === 'read-group';
  const ends = method === 'delete' || method === 'deactivate' || method === 'delete-group';
  const members = method === 'add-members' || method === 'remove-members';
  // What is harmless to repeat may be asked for in several steps, and the fault may meet one that only looks.
  const steps = members || method === 'undelete';
  const statusSaysAll = ends || members || method === 'rename-group';
  switch (kind) {
    case 'time-out-before-write':
    case 'reset-before-write':
      // Who can tell that nothing was done may say so.
      return reads ? [notApplied] : [mayHaveApplied, notApplied];
    case 'time-out-after-write':
    case 'reset-after-write':
    case '500':
    case '503':
      return reads ? [notApplied] : steps ? [mayHaveApplied, notApplied] : [mayHaveApplied];
    case 'slow-body':
    case 'garbage-body':
    case 'wrong-content-type':
      // The status has said already that it is done; what an ending call needs no more than that for.
      return [...(reads ? [notApplied] : steps ? [mayHaveApplied, notApplied] : [mayHaveApplied]), ...(statusSaysAll ? ['success'] : [])];
    case '429-with-retry-after':
      return [{ kind: 'throttled', retryAfterMs: 7_000 }];
    case '429-without-retry-after':
      return [{ kind: 'throttled', retryAfterMs: expect.any(Number) }];
    case '401':
    case '403':
      return [{ kind: 'unauthorized' }];
    case '404':
      return whenNotThere(method);
    case '409':
      // Where nobody shows who has the name, it may be one that was made a moment ago: nothing was done, and asking again is right.
      if (method === 'create-group') return [expect.objectContaining({ kind: 'conflict' }), { kind: 'transient', mayHaveApplied: false }];
      if (method === 'create' || method === 'update') return [expect.objectContaining({ kind: 'conflict' })];
      // Some targets say in this way that somebody is a member already.
      return [expect.any(Object), ...(members ? ['success'] : [])];
    case '400':
      if (method === 'add-members') return [rejected, 'unknown'];
      if (method === 'undelete') return [rejected, { kind: 'missing' }];
      return method === 'find' || method === 'find-group' ? ['success', rejected] : [rejected];
  }
}

function whenNotThere(method: KitMethod): readonly unknown[] {
  switch (method) {
    case 'find':
    case 'find-group':
      return ['success', notApplied];
    case 'create':
    case 'create-group':
      return [notApplied, rejected];
    case 'update':
    case 'undelete':
    case 'read-group':
    case 'rename-group':
      return [{ kind: 'missing' }];
    case 'deactivate':
    case 'delete':
    case 'delete-group':
      return ['success', { kind: 'missing' }];
    // A target may say it of the group or of the member.
    case 'add-members':
      return [{ kind: 'missing' }, notApplied, 'unknown'];
    case 'remove-members':
      return [{ kind: 'missing' }, notApplied, 'success', 'unknown'];
  }
}
