/** What a network would do to a call, where there is none: it takes time, it fails before or after the work is done, it never comes back. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Failure } from '../../domain/failure.ts';
import type { AccountId, TargetGroupId } from '../../domain/vocabulary.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import { writes, type MemoryMethod, type MemoryStore } from './target.ts';

/** What a call is about, for the log of the target. */
export interface About {
  readonly accountId?: AccountId;
  readonly groupId?: TargetGroupId;
}

export type Passage = <T>(method: MemoryMethod, about: About, call: Call, work: () => T) => Promise<T>;

export function createPassage(store: MemoryStore): Passage {
  return async (method, { accountId = null, groupId = null }, call, work) => {
    if (call.signal.aborted) throw ended(false);
    store.log.push({ method, accountId, groupId, operationId: call.operationId });
    const fault = store.nextFault(method);
    await untilAborted(store.held() ?? Promise.resolve(), call, false);
    if (store.latency() > 0) await untilAborted(wait(store.latency(), undefined, { ref: false }), call, false);
    if (fault?.when === 'before') return fault.kind === 'hang' ? untilAborted(never(), call, false) : fail(seen(fault.failure, method));
    const result = work();
    if (fault?.when === 'after')
      return fault.kind === 'hang' ? untilAborted(never(), call, writes(method)) : fail(seen(fault.failure, method));
    return result;
  };
}

export function fail(failure: Failure): never {
  throw new ConnectorError(failure, `The target in memory failed: ${failure.kind}.`);
}

function never(): Promise<never> {
  return Promise.withResolvers<never>().promise;
}

/** Waits for the work, but never longer than the call may take. */
async function untilAborted<T>(work: Promise<T>, call: Call, mayHaveApplied: boolean): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(ended(mayHaveApplied));
  call.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    call.signal.removeEventListener('abort', onAbort);
  }
}

function ended(mayHaveApplied: boolean): ConnectorError {
  return new ConnectorError({ kind: 'transient', mayHaveApplied }, 'The target in memory did not answer in time.');
}

/** A read has nothing to apply, whatever was injected. */
function seen(failure: Failure, method: MemoryMethod): Failure {
  return failure.kind === 'transient' && !writes(method) ? { kind: 'transient', mayHaveApplied: false } : failure;
}
