/**
 * Renames a group. Gates and role mappings know it by its id; only expressions and policies know names, so accounts that they decide about
 * follow in the background.
 */
import { usesExpressions } from '../domain/mapping/prepare.ts';
import { problemWithName } from '../domain/text.ts';
import type { Group, GroupId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { groupNameTaken } from './create-group.ts';
import { done, invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { ruledTargets } from './policies-changed.ts';
import { requestReevaluation } from './reevaluate.ts';
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
        const before = await tx.byId('group', input.id);
        const changed = await tx.change('group', input.id, { name: input.name }, input.version);
        if (changed === 'missing') return notFound('group', 'id');
        if (changed === 'stale') {
          const now = await tx.byId('group', input.id);
          return now ? versionConflict(now.version) : notFound('group', 'id');
        }
        tx.concernGroups({ groupIds: [changed.id] });
        await tx.append([{ type: 'group.changed', payload: { groupId: changed.id, name: changed.name, added: 0, removed: 0 } }]);
        if (before?.name !== changed.name) await reevaluateNamed(house, tx);
        return done(changed);
      }),
    groupNameTaken,
  );
}

async function reevaluateNamed({ definitions }: Pick<House, 'definitions'>, tx: Transaction): Promise<void> {
  const concerned = (await tx.find('target', {})).filter((target) => {
    const definition = definitions.get(target.connectorType);
    return definition !== undefined && usesExpressions(definition, target.mapping);
  });
  await requestReevaluation(tx, 'group-renamed', [...new Set([...concerned.map((target) => target.id), ...(await ruledTargets(tx))])]);
}
