/** Renames a group. Gates and mappings know it by its id, so no account changes. */
import { problemWithName } from '../domain/text.ts';
import type { Group, GroupId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { groupNameTaken } from './create-group.ts';
import { done, invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessTaken } from './unless-taken.ts';

export interface ChangeGroupInput {
  readonly id: GroupId;
  readonly version: number;
  readonly name: string;
}

export async function changeGroup(house: House, caller: Caller, input: ChangeGroupInput): Promise<Outcome<Group>> {
  const message = problemWithName(input.name, 255);
  if (message) return invalid({ path: ['name'], message });
  return unlessTaken(
    () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const changed = await tx.change('group', input.id, { name: input.name }, input.version);
        if (changed === 'missing') return notFound('group', 'id');
        if (changed === 'stale') {
          const now = await tx.byId('group', input.id);
          return now ? versionConflict(now.version) : notFound('group', 'id');
        }
        await tx.append([{ type: 'group.changed', payload: { groupId: changed.id, name: changed.name, added: 0, removed: 0 } }]);
        return done(changed);
      }),
    groupNameTaken,
  );
}
