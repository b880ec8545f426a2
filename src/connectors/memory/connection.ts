import type { AccountAttributes, AccountId } from '../../domain/vocabulary.ts';
import type { Account, Connector } from '../contract/connector.ts';
import { withoutCleared } from '../contract/without-cleared.ts';
import { memoryGroups } from './groups.ts';
import { createPassage, fail } from './passage.ts';
import { memoryStore, newAccountId } from './target.ts';

/** Attributes that the target compares without regard to case, as most directories do. */
const caseInsensitive = new Set(['userName', 'emails']);

export function openMemory(name: string): Connector {
  const store = memoryStore(name);
  const through = createPassage(store);

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
    check: (call) => through('check', {}, call, () => []),
    find: (attribute, value, call) => through('find', {}, call, () => matching(attribute, value)),
    read: (id, call) => through('read', { accountId: id }, call, () => existing(id)),
    create: (attributes, call) =>
      through('create', {}, call, () => {
        if (typeof attributes['userName'] !== 'string') fail({ kind: 'rejected', attribute: 'userName' });
        refuseDuplicate(attributes, null);
        return keep({ id: newAccountId(), active: true, attributes: withoutCleared(attributes) });
      }),
    update: (id, attributes, call) =>
      through('update', { accountId: id }, call, () => {
        const account = existing(id);
        refuseDuplicate(attributes, id);
        return keep({ ...account, active: true, attributes: withoutCleared({ ...account.attributes, ...attributes }) });
      }),
    deactivate: (id, call) =>
      through('deactivate', { accountId: id }, call, () => {
        keep({ ...existing(id), active: false });
      }),
    delete: (id, call) =>
      through('delete', { accountId: id }, call, () => {
        const account = existing(id);
        store.byId.delete(id);
        store.deleted.set(id, account);
        for (const group of store.groups())
          store.groupsById.set(group.id, { ...group, members: new Set([...group.members].filter((one) => one !== id)) });
      }),
    undelete: (id, call) =>
      through('undelete', { accountId: id }, call, () => {
        const known = store.byId.get(id);
        if (known) return known;
        const account = store.deleted.get(id) ?? fail({ kind: 'missing' });
        refuseDuplicate(account.attributes, id);
        store.deleted.delete(id);
        return keep(account);
      }),
    groups: memoryGroups(store, through),
  };
}

function equal(attribute: string, held: unknown, value: string): boolean {
  if (typeof held !== 'string') return false;
  return caseInsensitive.has(attribute) ? held.toLowerCase() === value.toLowerCase() : held === value;
}
