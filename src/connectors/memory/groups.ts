import type { TargetGroupId } from '../../domain/vocabulary.ts';
import type { GroupCalls, TargetGroup } from '../contract/connector.ts';
import { fail, type Passage } from './passage.ts';
import { newGroupId, type MemoryGroup, type MemoryStore } from './target.ts';

/** Groups with unique names, whose members are accounts of the target and whatever others put there. */
export function memoryGroups(store: MemoryStore, through: Passage): GroupCalls {
  function existing(id: TargetGroupId): MemoryGroup {
    return store.groupsById.get(id) ?? fail({ kind: 'missing' });
  }
  function refuseDuplicate(name: string, except: TargetGroupId | null): void {
    if (store.groups().some((group) => group.name === name && group.id !== except)) fail({ kind: 'conflict' });
  }
  function keep(group: MemoryGroup): TargetGroup {
    store.groupsById.set(group.id, group);
    return told(group);
  }

  return {
    find: (name, call) =>
      through('find-group', {}, call, () =>
        store
          .groups()
          .filter((group) => group.name === name)
          .map(told),
      ),
    read: (id, call) => through('read-group', { groupId: id }, call, () => told(existing(id))),
    create: (name, call) =>
      through('create-group', {}, call, () => {
        refuseDuplicate(name, null);
        return keep({ id: newGroupId(), name, members: new Set() });
      }),
    rename: (id, name, call) =>
      through('rename-group', { groupId: id }, call, () => {
        const group = existing(id);
        refuseDuplicate(name, id);
        return keep({ ...group, name });
      }),
    delete: (id, call) => through('delete-group', { groupId: id }, call, () => void store.groupsById.delete(existing(id).id)),
    add: (id, members, call) =>
      through('add-members', { groupId: id }, call, () => {
        const group = existing(id);
        const unknown = [...new Set(members)].filter((member) => !store.byId.has(member));
        keep({ ...group, members: new Set([...group.members, ...members.filter((member) => store.byId.has(member))]) });
        return { unknown };
      }),
    remove: (id, members, call) =>
      through('remove-members', { groupId: id }, call, () => {
        const group = existing(id);
        const gone = new Set<string>(members);
        keep({ ...group, members: new Set([...group.members].filter((member) => !gone.has(member))) });
        return { unknown: [] };
      }),
  };
}

function told({ id, name }: MemoryGroup): TargetGroup {
  return { id, name };
}
