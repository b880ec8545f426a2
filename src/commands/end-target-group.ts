/** Ends a group at the target: deleted where that was asked for and Usher made it, otherwise left with its members as it is. */
import { ConnectorError } from '../connectors/contract/connector.ts';
import { isMissing } from '../connectors/contract/missing.ts';
import type { TargetGroupId } from '../domain/vocabulary.ts';
import { mayNotShow, note, refuseIfShown, type GroupRun } from './group-run.ts';
import { unlessNew } from './not-shown-yet.ts';

/** Returns whether it was deleted. */
export async function endTargetGroup(run: GroupRun): Promise<boolean> {
  const { group } = run.leased;
  if (group.whenRemoved !== 'delete') return false;
  const id = group.origin === 'created' ? group.targetGroupId : await unanswered(run);
  if (id === null) {
    if (group.begunName !== null && mayNotShow(run))
      throw new ConnectorError({ kind: 'missing' }, 'The group that was asked for without an answer is not found.', { saidOfNew: true });
    return false;
  }
  // A target that denies what it has just made would say as well that it is deleted.
  if (mayNotShow(run)) await run.groups.read(id, run.call);
  await note(run, { kind: 'deleting' });
  try {
    await unlessNew(run, run.known.askedAt, run.groups.delete(id, run.call));
  } catch (error) {
    if (!isMissing(error)) throw error;
    await refuseIfShown(run, id, group.appliedName ?? group.begunName, error);
  }
  return true;
}

/** A group that was asked for and not answered: the only one of its name is it, for there was none before. */
async function unanswered(run: GroupRun): Promise<TargetGroupId | null> {
  const { begunName, id, tenantId, targetId, targetGroupId } = run.leased.group;
  if (begunName === null || targetGroupId !== null) return null;
  const found = await run.groups.find(begunName, run.call);
  const [only] = found;
  if (!only || found.length > 1) return null;
  const holders = await run.house.database.reads(tenantId).find('provisionedGroup', { targetId, targetGroupId: only.id });
  return holders.some((holder) => holder.id !== id) ? null : only.id;
}
