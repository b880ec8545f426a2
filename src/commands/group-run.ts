/** What one run of a provisioned group works with: its calls, its notes, its lease, and a second look at what is said to be gone. It decides nothing. */
import { ConnectorError, type Call, type Connector, type GroupCalls } from '../connectors/contract/connector.ts';
import { unlessMissing } from '../connectors/contract/missing.ts';
import type { TargetGroupId } from '../domain/vocabulary.ts';
import type { GroupNote, LeasedGroup } from './group-ports.ts';
import { maybeUnseen, type Asking } from './not-shown-yet.ts';
import type { House } from './ports.ts';

export interface GroupRun {
  readonly house: House;
  readonly leased: LeasedGroup;
  readonly groups: GroupCalls;
  readonly call: Call;
  /** Members that one call may name. */
  readonly batch: number;
  readonly progress: Asking['progress'];
  /** The group at the target as this run knows it. */
  readonly known: { id: TargetGroupId | null; name: string | null; begunName: string | null; askedAt: Date | null };
}

export function openRun(house: House, leased: LeasedGroup, connector: Connector, progress: GroupRun['progress']): GroupRun {
  const { group, target } = leased;
  const batch = house.definitions.get(target.connectorType)?.capabilities.memberBatch;
  if (!connector.groups || batch === undefined)
    throw new ConnectorError({ kind: 'rejected' }, 'This connector has no groups that Usher could fill.');
  return {
    house,
    leased,
    groups: connector.groups,
    call: {
      operationId: null,
      signal: AbortSignal.timeout(Math.max(0, Math.min(house.settings.attemptTimeoutMs, leaseLeftMs(house, leased)))),
      log: (fact, fields) => house.log.info({ provisionedGroupId: group.id, targetId: target.id, ...fields }, fact),
    },
    batch,
    progress,
    known: { id: group.targetGroupId, name: group.appliedName, begunName: group.begunName, askedAt: group.askedAt },
  };
}

/**
 * Notes what is about to be done, or was; and that the lease still holds. Beside whoever took the group over nothing more is written: not
 * to the target, where the lease has lapsed, nor to the database, where somebody else has it.
 */
export async function note({ house, leased }: GroupRun, what: GroupNote): Promise<void> {
  if (leaseLeftMs(house, leased) > 0 && (await house.database.provisionedGroups.note(leased, what))) return;
  throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, 'The run came too late: its lease has lapsed.');
}

/** What is left of the lease, less a part of its margin for an answer that is on its way. */
export function leaseLeftMs(house: House, { leaseUntil }: LeasedGroup): number {
  return leaseUntil.getTime() - house.clock.now().getTime() - house.settings.leaseMarginMs / 4;
}

/** Asked for so short a while ago that the target may not show it yet, or no longer deny it. Durable: whoever runs it next knows it as well. */
export function mayNotShow({ house, leased, known }: GroupRun): boolean {
  return known.askedAt !== null && maybeUnseen(house, leased.target, known.askedAt);
}

/**
 * One answer that the group is gone is not believed: with it goes what is known of its members, and then whom Usher put into it would stay
 * there for ever. It is searched for first, for what answers 404 to everything tells nothing that way, and then read: others may have renamed
 * it. Throws where it shows.
 */
export async function refuseIfShown(
  { groups, call }: GroupRun,
  id: TargetGroupId,
  name: string | null,
  cause: ConnectorError,
): Promise<void> {
  const found = name === null ? [] : await groups.find(name, call);
  if (!found.some((group) => group.id === id) && (await unlessMissing(groups.read(id, call))) === null) return;
  throw new ConnectorError(
    { kind: 'transient', mayHaveApplied: false },
    'The target said that the group is gone, and shows it when it is asked again.',
    { cause },
  );
}
