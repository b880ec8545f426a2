/** Makes a group at the target the counterpart of ours: the one it is known to be, one that is there by our name, or a new one. */
import { ConnectorError, type TargetGroup } from '../connectors/contract/connector.ts';
import { correlateGroup } from '../domain/group-correlation.ts';
import type { TargetGroupId } from '../domain/vocabulary.ts';
import { mayNotShow, note, type GroupRun } from './group-run.ts';

export type Ensured = { readonly kind: 'there'; readonly id: TargetGroupId } | { readonly kind: 'wait'; readonly message: string };

/** Throws `missing` where the known group is gone. `name`: what ours is called now. */
export async function ensureTargetGroup(run: GroupRun, name: string): Promise<Ensured> {
  const { known } = run;
  if (known.id === null) {
    // Asked for under an earlier name and not answered: it may be there under that.
    const { begunName } = run.known;
    const begun = begunName === null || begunName === name ? null : await takeExisting(run, begunName, true);
    const found = begun ?? (await takeExisting(run, name, begunName === name));
    if (found?.kind === 'wait') return found;
    if (found === null) {
      // Where it may be there and not show yet, another name would make another group: it is asked for as before, and renamed.
      const asked = begunName !== null && mayNotShow(run) ? begunName : name;
      const created = await create(run, asked);
      if (created.kind === 'wait') return created;
    }
  }
  const { id } = known;
  if (id === null) throw new Error('A group that was found at a target has no id.');
  if (known.name !== name) {
    await note(run, { kind: 'renaming' });
    const { name: told } = await run.groups.rename(id, name, run.call);
    known.name = told;
    await note(run, { kind: 'renamed', name });
  }
  return { kind: 'there', id };
}

/** The group of this name at the target, as ours; null: there is none. */
async function takeExisting(run: GroupRun, name: string, begun: boolean): Promise<Ensured | null> {
  const found = await run.groups.find(name, run.call);
  const held = await heldByOthers(run, found);
  const { adoption } = run.leased.target;
  const decision = correlateGroup(
    found.map((group) => ({ heldByAnother: held.has(group.id) })),
    { adoption, begun },
  );
  switch (decision.kind) {
    case 'create':
      return null;
    case 'wait':
      return decision;
    case 'stop':
      throw new ConnectorError({ kind: 'rejected' }, decision.message);
    case 'take': {
      const group = found[decision.index];
      if (!group) return null;
      return keep(run, group, decision.origin);
    }
  }
}

async function create(run: GroupRun, name: string): Promise<Ensured> {
  const { known } = run;
  const begun = known.begunName === name;
  // Before the call: whoever comes after a crash finds what it made by this name.
  await note(run, { kind: 'creating', name });
  known.askedAt ??= run.house.clock.now();
  try {
    const group = await run.groups.create(name, run.call);
    known.askedAt = run.house.clock.now();
    return await keep(run, group, 'created');
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { failure } = error;
    // That this one did nothing says nothing of the one before, which was not answered.
    if (failure.kind !== 'conflict' && (begun || (failure.kind === 'transient' && failure.mayHaveApplied))) throw error;
    if (!begun) await noteNotCreated(run);
    if (failure.kind !== 'conflict') throw error;
    // Somebody made it between our look and our asking, or the target finds by other rules than it keeps unique.
    const found = await takeExisting(run, name, begun);
    if (found) return found;
    if (begun) await noteNotCreated(run);
    throw new ConnectorError(failure, 'The target says that a group of this name exists, but none is found by it.', { cause: error });
  }
}

async function noteNotCreated(run: GroupRun): Promise<void> {
  await note(run, { kind: 'not-created' });
  run.known.begunName = null;
  run.known.askedAt = null;
}

async function keep(run: GroupRun, { id, name }: TargetGroup, origin: 'created' | 'adopted'): Promise<Ensured> {
  const askedAt = origin === 'created' ? run.known.askedAt : null;
  await note(run, origin === 'created' ? { kind: 'found', id, name, origin, askedAt } : { kind: 'found', id, name, origin });
  Object.assign(run.known, { id, name, askedAt, begunName: null });
  return { kind: 'there', id };
}

async function heldByOthers({ house, leased }: GroupRun, found: readonly TargetGroup[]): Promise<ReadonlySet<string>> {
  if (found.length === 0) return new Set();
  const { id, tenantId, targetId } = leased.group;
  const reads = house.database.reads(tenantId);
  const holders = await reads.find('provisionedGroup', { targetId, targetGroupId: found.map((group) => group.id) });
  return new Set(holders.filter((holder) => holder.id !== id).flatMap(({ targetGroupId }) => targetGroupId ?? []));
}
