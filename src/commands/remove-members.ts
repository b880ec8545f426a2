/** Takes users out of a group; whoever is assigned to targets is planned again, for a gate may close behind them. */
import type { Caller } from './caller.ts';
import { membersAtOnce, planMembers, tellMembers, tooMany, type MembersChanged, type MembersInput } from './add-members.ts';
import { lockUsers } from './lock-users.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function removeMembers(house: House, caller: Caller, input: MembersInput): Promise<Outcome<MembersChanged>> {
  if (input.userIds.length > membersAtOnce) return tooMany;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const group = await tx.byId('group', input.groupId);
    if (!group) return notFound('group', 'groupId');
    const users = await lockUsers(tx, input.userIds);
    const members = await tx.find('membership', { groupId: group.id, userId: users.map((user) => user.id) });
    const leaving = users.filter((user) => members.some((member) => member.userId === user.id));
    if (leaving.length === 0) return done({ group, changed: 0 });
    await tx.remove('membership', { groupId: group.id, userId: leaving.map((user) => user.id) });
    tx.concernGroups({ groupIds: [group.id] });
    await tellMembers(tx, group, leaving, { added: 0, removed: leaving.length }, caller);
    await planMembers(house, tx, leaving);
    return done({ group, changed: leaving.length });
  });
}
