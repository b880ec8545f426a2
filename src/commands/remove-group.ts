/** Removes a group that nothing is decided by any more: then no account changes with it. */
import type { Group, GroupId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function removeGroup(house: House, caller: Caller, input: { readonly id: GroupId }): Promise<Outcome<Group>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const group = await tx.byId('group', input.id);
    if (!group) return notFound('group', 'id');
    const providers = await tx.find('identityProvider', {});
    const user = providers.find(
      (each) => each.outboundRoles.includes(group.id) || each.roleMappings.some((mapping) => mapping.groupId === group.id),
    );
    if (user) return inUse(`The identity provider ${user.name} decides by this group. Take it out of its roles first.`, 'id');
    await tx.remove('membership', { groupId: group.id });
    await tx.remove('group', { id: group.id });
    await tx.append([{ type: 'group.removed', payload: { groupId: group.id, name: group.name } }]);
    return done(group);
  });
}
