import { setTimeout as wait } from 'node:timers/promises';
import type { Failure } from '../../domain/failure.ts';
import type { AccountAttributes, AccountId } from '../../domain/vocabulary.ts';
import { ConnectorError, type Account, type Call, type Connector } from '../contract/connector.ts';
import { withoutCleared } from '../contract/without-cleared.ts';
import { memoryStore, newAccountId, type MemoryMethod } from './target.ts';

/** Attributes that the target compares without regard to case, as most directories do. */
const caseInsensitive = new Set(['userName', 'emails']);

export function openMemory(name: string): Connector {
  const store = memoryStore(name);

  /** What a network would do to a call: it takes time, it fails before or after the work is done, it never comes back. */
  async function through<T>(method: MemoryMethod, id: AccountId | null, call: Call, work: () => T): Promise<T> {
    const writes = method !== 'check' && method !== 'find' && method !== 'read';
    if (call.signal.aborted) throw ended(false);
    store.log.push({ method, accountId: id, operationId: call.operationId });
    const fault = store.nextFault(method);
    await untilAborted(store.held() ?? Promise.resolve(), call, false);
    if (store.latency() > 0) await untilAborted(wait(store.latency(), undefined, { ref: false }), call, false);
    if (fault?.when === 'before') return fault.kind === 'hang' ? untilAborted(never(), call, false) : fail(seen(fault.failure, writes));
    const result = work();
    if (fault?.when === 'after') return fault.kind === 'hang' ? untilAborted(never(), call, writes) : fail(seen(fault.failure, writes));
    return result;
  }

  function existing(id: AccountId): Account {
    return store.byId.get(id) ?? fail({ kind: 'missing' });
  }
  function matching(attribute: string, value: string): readonly Account[] {
    return store.accounts().filter((account) => {
      const held = account.attributes[attribute];
      return (Array.isArray(held) ? held : [held]).some((one) => equal(attribute, one, value));
    });
  }
  function refuseDuplicate(attributes: AccountAttributes, except: AccountId | null): void {
    const userName = attributes['userName'];
    if (typeof userName !== 'string') return;
    if (matching('userName', userName).some((account) => account.id !== except)) fail({ kind: 'conflict', attribute: 'userName' });
  }
  function keep(account: Account): Account {
    store.byId.set(account.id, account);
    return account;
  }

  return {
    check: (call) => through('check', null, call, () => []),
    find: (attribute, value, call) => through('find', null, call, () => matching(attribute, value)),
    read: (id, call) => through('read', id, call, () => existing(id)),
    create: (attributes, call) =>
      through('create', null, call, () => {
        if (typeof attributes['userName'] !== 'string') fail({ kind: 'rejected', attribute: 'userName' });
        refuseDuplicate(attributes, null);
        return keep({ id: newAccountId(), active: true, attributes: withoutCleared(attributes) });
      }),
    update: (id, attributes, call) =>
      through('update', id, call, () => {
        const account = existing(id);
        refuseDuplicate(attributes, id);
        return keep({ id, active: true, attributes: withoutCleared({ ...account.attributes, ...attributes }) });
      }),
    deactivate: (id, call) =>
      through('deactivate', id, call, () => {
        const account = store.byId.get(id);
        if (account) keep({ ...account, active: false });
      }),
    delete: (id, call) => through('delete', id, call, () => void store.byId.delete(id)),
  };
}

function equal(attribute: string, held: unknown, value: string): boolean {
  if (typeof held !== 'string') return false;
  return caseInsensitive.has(attribute) ? held.toLowerCase() === value.toLowerCase() : held === value;
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
function seen(failure: Failure, writes: boolean): Failure {
  return failure.kind === 'transient' && !writes ? { kind: 'transient', mayHaveApplied: false } : failure;
}

function fail(failure: Failure): never {
  throw new ConnectorError(failure, `The target in memory failed: ${failure.kind}.`);
}
