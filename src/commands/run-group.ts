/**
 * One run of a provisioned group: makes the group at the target right from what is so now, or ends it. It turns a leased group into a
 * settlement; no transaction is open while it talks to the target. The counterpart of run-operation.ts for groups.
 */
import { ConnectorError } from '../connectors/contract/connector.ts';
import type { Failure } from '../domain/failure.ts';
import { shownAgainAt } from '../domain/group-correlation.ts';
import { maxAttempts, nextStep } from '../domain/retry.ts';
import { endTargetGroup } from './end-target-group.ts';
import { ensureTargetGroup } from './ensure-target-group.ts';
import type { GroupSettlement, LeasedGroup, TargetLesson } from './group-ports.ts';
import { isMissing, mayNotShow, note, openRun, type GroupRun } from './group-run.ts';
import { placeMembers } from './place-members.ts';
import type { House } from './ports.ts';

type Came = Pick<GroupSettlement, 'outcome' | 'condition'>;

/** Never throws: whatever goes wrong is part of the settlement. */
export async function runGroup(house: House, leased: LeasedGroup): Promise<GroupSettlement> {
  const startedAt = house.clock.now();
  try {
    const run = openRun(house, leased, await house.connections.connection(leased.target));
    return { leased, startedAt, ...(await come(run)) };
  } catch (error) {
    return { leased, startedAt, ...failed(house, leased, error) };
  }
}

async function come(run: GroupRun): Promise<Came> {
  const { leased } = run;
  const { name } = leased;
  try {
    if (leased.group.endingSince !== null || name === null)
      return { outcome: { kind: 'ended', deleted: await endTargetGroup(run) }, condition: { kind: 'nothing' } };
    return await makeRight(run, name);
  } catch (error) {
    if (mayNotShow(run)) return untilShown(run, error);
    if (!isMissing(error) || run.known.id === null || name === null) throw error;
    // Somebody deleted it there: it is made anew, and everybody in it.
    await note(run, { kind: 'lost' });
    run.known.id = null;
    run.known.name = null;
    run.known.askedAt = null;
    return makeRight(run, name);
  }
}

async function makeRight(run: GroupRun, name: string): Promise<Came> {
  const ensured = await ensureTargetGroup(run, name);
  if (ensured.kind === 'wait') return wait(run, ensured.message);
  return { outcome: await placeMembers(run, ensured.id), condition: { kind: 'works' } };
}

/**
 * A target that is slow to show denies for some minutes what it has just made, with 404 and with 403, on every connection. That is no end of
 * the group, which would be made a second time, no refusal of our credentials, and no reason to give up.
 */
function untilShown(run: GroupRun, error: unknown): Came {
  const { house, leased, known } = run;
  if (!(error instanceof ConnectorError) || !known.askedAt) throw error;
  const denied = error.failure.kind === 'missing' || error.failure.kind === 'unauthorized';
  const lastTry = error.failure.kind === 'transient' && leased.group.attempts + 1 >= maxAttempts;
  if (!denied && !lastTry) throw error;
  const failure: Failure = denied ? { kind: 'transient', mayHaveApplied: false } : error.failure;
  const message = denied ? `${error.message} The target may not show yet what it has just made.` : error.message;
  const dueAt = shownAgainAt(known.askedAt, house.clock.now());
  return { outcome: { kind: 'again', failure, message, dueAt, countsAttempt: false }, condition: { kind: denied ? 'nothing' : 'failed' } };
}

/** Our own groups stand in each other's way: nothing is wrong with the target. */
function wait({ house, leased }: GroupRun, message: string): Came {
  const failure: Failure = { kind: 'conflict' };
  const { attempts } = leased.group;
  if (attempts + 1 >= maxAttempts) return { outcome: { kind: 'failed', failure, message }, condition: { kind: 'works' } };
  const step = nextStep({ kind: 'transient', mayHaveApplied: false }, attempts, house.chance.random());
  const dueAt = new Date(house.clock.now().getTime() + (step.operation === 'again' ? step.afterMs : 0));
  return { outcome: { kind: 'again', failure, message, dueAt, countsAttempt: true }, condition: { kind: 'works' } };
}

function failed(house: House, leased: LeasedGroup, error: unknown): Came {
  const { failure, message } = understand(house, leased, error);
  const step = nextStep(failure, leased.group.attempts, house.chance.random());
  if (step.operation === 'give-up') return { outcome: { kind: 'failed', failure, message }, condition: { kind: step.target } };
  const until = new Date(house.clock.now().getTime() + step.afterMs);
  const condition: TargetLesson = step.target === 'pause' ? { kind: 'pause', until, milliseconds: step.afterMs } : { kind: step.target };
  return { outcome: { kind: 'again', failure, message, dueAt: until, countsAttempt: step.countsAttempt }, condition };
}

function understand(house: House, { group }: LeasedGroup, error: unknown): { readonly failure: Failure; readonly message: string } {
  if (error instanceof ConnectorError) return { failure: error.failure, message: error.message };
  // Ours or the connector's own defect: treated as weather, and told to whoever reads the log.
  house.log.error(
    { provisionedGroupId: group.id, targetId: group.targetId, error: error instanceof Error ? error : new Error(String(error)) },
    'a run of a group failed by a defect',
  );
  return {
    failure: { kind: 'transient', mayHaveApplied: true },
    message: 'Usher itself failed while it made this group right. The log has the details.',
  };
}
