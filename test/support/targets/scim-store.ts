/**
 * The in-memory store under scimmy. scimmy keeps its resources and their handlers in module state, so they are declared once for
 * the process, and every request brings its own store along as scimmy's context. That lets several servers live side by side.
 */
import { randomUUID } from 'node:crypto';
import SCIMMY from 'scimmy';

export interface StoredUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId?: string;
  readonly active?: boolean;
  readonly [attribute: string]: unknown;
}

export interface StoredGroup {
  readonly id: string;
  readonly displayName: string;
  readonly members?: readonly { readonly value: string }[];
  readonly [attribute: string]: unknown;
}

export interface ScimStore {
  readonly groups: Map<string, StoredGroup>;
  users(): readonly StoredUser[];
  readonly byId: Map<string, StoredUser>;
  find(userName: string): readonly StoredUser[];
  save(user: StoredUser): StoredUser;
  remove(id: string): boolean;
  clear(): void;
  /** Two users of one name are refused. Off, a test can see what was made twice. */
  readonly unique: boolean;
}

export function createScimStore(unique: boolean): ScimStore {
  const byId = new Map<string, StoredUser>();
  const byName = new Map<string, Set<string>>();
  const forget = (user: StoredUser | undefined): void => void byName.get(user?.userName.toLowerCase() ?? '')?.delete(user?.id ?? '');
  const groups = new Map<string, StoredGroup>();
  return {
    unique,
    groups,
    byId,
    users: () => [...byId.values()],
    find: (userName) => [...(byName.get(userName.toLowerCase()) ?? [])].flatMap((id) => byId.get(id) ?? []),
    save: (user) => {
      forget(byId.get(user.id));
      byId.set(user.id, user);
      const name = user.userName.toLowerCase();
      byName.set(name, (byName.get(name) ?? new Set()).add(user.id));
      return user;
    },
    remove: (id) => {
      forget(byId.get(id));
      return byId.delete(id);
    },
    clear: () => {
      byId.clear();
      byName.clear();
      groups.clear();
    },
  };
}

/** Like scimmy's own filter: by case. */
const byUserName = /^userName eq "([^"\\]*)"$/;

SCIMMY.Resources.declare(SCIMMY.Resources.User);
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false)
  .ingress((resource: any, instance: any, store: ScimStore) => {
    const known = resource.id === undefined ? undefined : store.byId.get(resource.id);
    if (resource.id !== undefined && !known) throw new SCIMMY.Types.Error(404, null as any, 'User not found');
    const user = JSON.parse(JSON.stringify(instance));
    if (store.unique && store.find(user.userName).some((other) => other.id !== resource.id))
      throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken');
    const now = new Date().toISOString();
    const created = (known?.['meta'] as any)?.created ?? now;
    return store.save({ ...user, id: known?.id ?? randomUUID(), meta: { created, lastModified: now } }) as any;
  })
  .egress((resource: any, store: ScimStore): any => {
    if (resource.id !== undefined) {
      const user = store.byId.get(resource.id);
      if (!user) throw new SCIMMY.Types.Error(404, null as any, 'User not found');
      return structuredClone(user);
    }
    const named = byUserName.exec(resource.filter?.expression ?? '')?.[1];
    if (named !== undefined) return structuredClone(store.find(named).filter((user) => user.userName === named));
    const users = structuredClone([...store.users()]);
    return resource.filter ? resource.filter.match(users) : users;
  })
  .degress((resource: any, store: ScimStore) => {
    if (!store.remove(resource.id)) throw new SCIMMY.Types.Error(404, null as any, 'User not found');
  });

/** As scimmy leaves it to its users: names may repeat, a member is stored as often as it is added, and stays when its user goes. */
SCIMMY.Resources.declare(SCIMMY.Resources.Group)
  .ingress((resource: any, instance: any, store: ScimStore) => {
    const known = resource.id === undefined ? undefined : store.groups.get(resource.id);
    if (resource.id !== undefined && !known) throw new SCIMMY.Types.Error(404, null as any, 'Group not found');
    const id = known?.id ?? randomUUID();
    const now = new Date().toISOString();
    const created = (known?.['meta'] as any)?.created ?? now;
    const group = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created, lastModified: now } };
    store.groups.set(id, group);
    return structuredClone(group);
  })
  .egress((resource: any, store: ScimStore): any => {
    if (resource.id !== undefined) {
      const group = store.groups.get(resource.id);
      if (!group) throw new SCIMMY.Types.Error(404, null as any, 'Group not found');
      return structuredClone(group);
    }
    const groups = structuredClone([...store.groups.values()]);
    return resource.filter ? resource.filter.match(groups) : groups;
  })
  .degress((resource: any, store: ScimStore) => {
    if (!store.groups.delete(resource.id)) throw new SCIMMY.Types.Error(404, null as any, 'Group not found');
  });
