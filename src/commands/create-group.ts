/** Makes a group. */
import { problemWithName } from '../domain/text.ts';
import type { Group } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, nameTaken, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessTaken } from './unless-taken.ts';

export const groupNameTaken = nameTaken('A group of this name exists.', 'name');

export async function createGroup(house: House, caller: Caller, input: { readonly name: string }): Promise<Outcome<Group>> {
  const message = problemWithName(input.name, 255);
  if (message) return invalid({ path: ['name'], message });
  return unlessTaken(
    () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const group = await tx.insert('group', { name: input.name });
        await tx.append([{ type: 'group.created', payload: { groupId: group.id, name: group.name } }]);
        return done(group);
      }),
    groupNameTaken,
  );
}
