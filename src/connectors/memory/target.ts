import { randomUUID } from 'node:crypto';
import type { Failure } from '../../domain/failure.ts';
import type { AccountAttributes, AccountId, OperationId } from '../../domain/vocabulary.ts';
import type { Account } from '../contract/connector.ts';

export type MemoryMethod = 'check' | 'find' | 'read' | 'create' | 'update' | 'deactivate' | 'delete';

/** What goes wrong at the next calls. 'before' fails and writes nothing, 'after' writes and fails all the same; a hang waits for the call's signal. */
export type MemoryFault =
  | {
      readonly kind: 'fail';
      readonly when: 'before' | 'after';
      readonly failure: Failure;
      readonly times?: number;
      readonly method?: MemoryMethod;
    }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after'; readonly times?: number; readonly method?: MemoryMethod };

export interface MemoryCall {
  readonly method: MemoryMethod;
  readonly accountId: AccountId | null;
  readonly operationId: OperationId | null;
}

/** A target that lives in this process: what is stored, what was called, and switches for whatever may go wrong. */
export interface MemoryTarget {
  accounts(): readonly Account[];
  readonly calls: readonly MemoryCall[];
  /** An account that somebody else made. */
  put(attributes: AccountAttributes, active?: boolean): Account;
  inject(fault: MemoryFault): void;
  clearFaults(): void;
  setLatency(milliseconds: number): void;
  /** Keeps every call waiting until the function it returns is called. */
  hold(): () => void;
  reset(): void;
}

/** The side that the connection sees. */
export interface MemoryStore extends MemoryTarget {
  readonly byId: Map<AccountId, Account>;
  readonly log: MemoryCall[];
  nextFault(method: MemoryMethod): MemoryFault | null;
  readonly latency: () => number;
  readonly held: () => Promise<void> | null;
}

/**
 * Module state is forbidden to connectors, because two tenants must never meet in it. Here it *is* the target: what a server on
 * the network is to another connector. Only its configured name leads to it, as only the URL leads to a server.
 */
const stores = new Map<string, MemoryStore>();

export function memoryTarget(name: string): MemoryTarget {
  return memoryStore(name);
}

export function memoryStore(name: string): MemoryStore {
  const known = stores.get(name);
  if (known) return known;
  const store = createStore();
  stores.set(name, store);
  return store;
}

function createStore(): MemoryStore {
  const byId = new Map<AccountId, Account>();
  const log: MemoryCall[] = [];
  let faults: { fault: MemoryFault; left: number }[] = [];
  let latency = 0;
  let held: Promise<void> | null = null;
  return {
    byId,
    log,
    calls: log,
    accounts: () => [...byId.values()],
    put: (attributes, active = true) => {
      const account: Account = { id: newAccountId(), active, attributes };
      byId.set(account.id, account);
      return account;
    },
    inject: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    clearFaults: () => void (faults = []),
    setLatency: (milliseconds) => void (latency = milliseconds),
    hold: () => {
      const gate = Promise.withResolvers<undefined>();
      held = gate.promise;
      return () => {
        held = null;
        gate.resolve(undefined);
      };
    },
    reset: () => {
      byId.clear();
      log.length = 0;
      faults = [];
      latency = 0;
      held = null;
    },
    latency: () => latency,
    held: () => held,
    nextFault: (method) => {
      const entry = faults.find(({ fault }) => fault.method === undefined || fault.method === method);
      if (!entry) return null;
      entry.left -= 1;
      if (entry.left <= 0) faults = faults.filter((other) => other !== entry);
      return entry.fault;
    },
  };
}

export function newAccountId(): AccountId {
  return randomUUID() as AccountId;
}
