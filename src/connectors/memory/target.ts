import { randomUUID } from 'node:crypto';
import type { Failure } from '../../domain/failure.ts';
import type { AccountAttributes, AccountId, OperationId, TargetGroupId } from '../../domain/vocabulary.ts';
import type { Account, TargetGroup } from '../contract/connector.ts';

const reading = ['check', 'find', 'read', 'find-group', 'read-group'] as const;
export type MemoryMethod =
  | (typeof reading)[number]
  | 'create'
  | 'update'
  | 'deactivate'
  | 'delete'
  | 'undelete'
  | 'create-group'
  | 'rename-group'
  | 'delete-group'
  | 'add-members'
  | 'remove-members';

export function writes(method: MemoryMethod): boolean {
  return !reading.some((one) => one === method);
}

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
  readonly groupId: TargetGroupId | null;
  readonly operationId: OperationId | null;
}

/** A group and the ids of whoever is in it, accounts or not. */
export interface MemoryGroup extends TargetGroup {
  readonly members: ReadonlySet<string>;
}

/** A target that lives in this process: what is stored, what was called, and switches for whatever may go wrong. */
export interface MemoryTarget {
  accounts(): readonly Account[];
  groups(): readonly MemoryGroup[];
  readonly calls: readonly MemoryCall[];
  /** An account that somebody else made. */
  put(attributes: AccountAttributes, active?: boolean): Account;
  /** A group that somebody else made; its members need not be accounts. */
  putGroup(name: string, members?: readonly string[]): MemoryGroup;
  /** Somebody else adds a member, who need not be an account. */
  addMember(id: TargetGroupId, member: string): void;
  /** Somebody else takes one out, or deletes a group or an account. */
  removeMember(id: TargetGroupId, member: string): void;
  removeGroup(id: TargetGroupId): void;
  removeAccount(id: string): void;
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
  /** Accounts that were deleted and can be brought back. */
  readonly deleted: Map<AccountId, Account>;
  readonly groupsById: Map<TargetGroupId, MemoryGroup>;
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
  const deleted = new Map<AccountId, Account>();
  const groupsById = new Map<TargetGroupId, MemoryGroup>();
  const log: MemoryCall[] = [];
  let faults: { fault: MemoryFault; left: number }[] = [];
  let latency = 0;
  let held: Promise<void> | null = null;
  return {
    byId,
    deleted,
    groupsById,
    log,
    calls: log,
    accounts: () => [...byId.values()],
    put: (attributes, active = true) => {
      const account: Account = { id: newAccountId(), active, attributes };
      byId.set(account.id, account);
      return account;
    },
    groups: () => [...groupsById.values()],
    putGroup: (name, members = []) => {
      const group = { id: newGroupId(), name, members: new Set(members) };
      groupsById.set(group.id, group);
      return group;
    },
    addMember: (id, member) => {
      const group = groupsById.get(id);
      if (group) groupsById.set(id, { ...group, members: new Set([...group.members, member]) });
    },
    removeMember: (id, member) => {
      const group = groupsById.get(id);
      if (group) groupsById.set(id, { ...group, members: new Set([...group.members].filter((one) => one !== member)) });
    },
    removeGroup: (id) => void groupsById.delete(id),
    // A text from outside is an id as soon as it names an account.
    removeAccount: (id) => void byId.delete(id as AccountId),
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
      deleted.clear();
      groupsById.clear();
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

export function newGroupId(): TargetGroupId {
  return randomUUID() as TargetGroupId;
}
