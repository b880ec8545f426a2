/** Puts users into a group; whoever is assigned to targets is planned again, for a group may open a gate. */
import type { Group, GroupId, User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockUsers } from './lock-users.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

export interface MembersInput {
  readonly groupId: GroupId;
  readonly userIds: readonly UserId[];
}
export interface MembersChanged {
  readonly group: Group;
  /** How many users this changed; the others were there (or away) already. */
  readonly changed: number;
}

/** More would keep one transaction open for seconds. */
export const membersAtOnce = 500;

export async function addMembers(house: House, caller: Caller, input: MembersInput): Promise<Outcome<MembersChanged>> {
  if (input.userIds.length > membersAtOnce) return tooMany;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const group = await tx.byId('group', input.groupId);
    if (!group) return notFound('group', 'groupId');
    const users = await lockUsers(tx, input.userIds);
    const unknown = input.userIds.findIndex((id) => !users.some((user) => user.id === id && user.removedAt === null));
    if (unknown >= 0) return notFound('user', 'userIds', String(unknown));
    const members = await tx.find('membership', { groupId: group.id, userId: users.map((user) => user.id) });
    const joining = users.filter((user) => !members.some((member) => member.userId === user.id));
    if (joining.length === 0) return done({ group, changed: 0 });
    await tx.insertMany(
      'membership',
      joining.map((user) => ({ groupId: group.id, userId: user.id })),
    );
    tx.concernGroups({ groupIds: [group.id] });
    await tellMembers(tx, group, joining, { added: joining.length, removed: 0 }, caller);
    await planMembers(house, tx, joining);
    return done({ group, changed: joining.length });
  });
}

export const tooMany = invalid({ path: ['userIds'], message: `At most ${membersAtOnce} users at once.` });

export async function tellMembers(
  tx: Transaction,
  group: Group,
  users: readonly User[],
  counts: { readonly added: number; readonly removed: number },
  caller: Caller,
): Promise<void> {
  await tx.append([
    { type: 'group.changed', payload: { groupId: group.id, name: group.name, ...counts } },
    ...users.map((user) => ({ type: 'user.changed' as const, userId: user.id, payload: { by: caller.actor.kind } })),
  ]);
}

/** A group alone brings nobody to a target, so only users with assignments have anything to plan. They are locked: no new ones appear. */
export async function planMembers(house: House, tx: Transaction, users: readonly User[]): Promise<void> {
  for (let i = 0; i < users.length; i += 100) {
    const some = users.slice(i, i + 100).map((user) => user.id);
    const assigned = new Set((await tx.find('assignment', { userId: some })).map((assignment) => assignment.userId));
    for (const userId of some.filter((id) => assigned.has(id)))
      await planAndRequest(house, tx, { userId, trigger: 'change', serviceProviderId: null, priority: 'bulk', changed: true });
  }
}
