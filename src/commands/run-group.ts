/**
 * One run of a provisioned group: makes the group at the target right from what is so now, or ends it. It turns a leased group into a
 * settlement; no transaction is open while it talks to the target. The counterpart of run-operation.ts for groups.
 */
import { ConnectorError } from '../connectors/contract/connector.ts';
import { isMissing } from '../connectors/contract/missing.ts';
import type { Failure } from '../domain/failure.ts';
import { maxAttempts, nextStep, nextStepOfProbe, untilShown } from '../domain/retry.ts';
import { endTargetGroup } from './end-target-group.ts';
import { ensureTargetGroup } from './ensure-target-group.ts';
import type { GroupSettlement, LeasedGroup, TargetLesson } from './group-ports.ts';
import { mayNotShow, note, openRun, refuseIfShown, type GroupRun } from './group-run.ts';
import { orNotShownYet } from './not-shown-yet.ts';
import { placeMembers } from './place-members.ts';
import type { House } from './ports.ts';

type Came = Pick<GroupSettlement, 'outcome' | 'condition'>;

/** Never throws: whatever goes wrong is part of the settlement. */
export async function runGroup(house: House, leased: LeasedGroup): Promise<GroupSettlement> {
  const startedAt = house.clock.now();
  const progress: GroupRun['progress'] = { newSince: null };
  try {
    const run = openRun(house, leased, await house.connections.connection(leased.target), progress);
    return { leased, startedAt, ...(await comeUnlessNew(run)) };
  } catch (error) {
    return { leased, startedAt, ...failed(house, leased, progress, error) };
  }
}

async function comeUnlessNew(run: GroupRun): Promise<Came> {
  try {
    return await come(run);
  } catch (error) {
    throw orNotShownYet(run, run.known.askedAt, error);
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
    const { id } = run.known;
    if (!isMissing(error) || mayNotShow(run) || id === null || name === null) throw error;
    await refuseIfShown(run, id, run.known.name ?? name, error);
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

/** Our own groups stand in each other's way: nothing is wrong with the target. */
function wait({ house, leased }: GroupRun, message: string): Came {
  const failure: Failure = { kind: 'conflict' };
  const { attempts } = leased.group;
  if (attempts + 1 >= maxAttempts) return { outcome: { kind: 'failed', failure, message }, condition: { kind: 'works' } };
  const step = nextStep({ kind: 'transient', mayHaveApplied: false }, attempts, house.chance.random());
  const dueAt = new Date(house.clock.now().getTime() + (step.operation === 'again' ? step.afterMs : 0));
  return { outcome: { kind: 'again', failure, message, dueAt, countsAttempt: true }, condition: { kind: 'works' } };
}

function failed(house: House, leased: LeasedGroup, { newSince }: GroupRun['progress'], error: unknown): Came {
  const { failure, message } = understand(house, leased, error);
  const now = house.clock.now().getTime();
  if (newSince) {
    const dueAt = new Date(now + untilShown(now - newSince.getTime(), house.chance.random()));
    return { outcome: { kind: 'again', failure, message, dueAt, countsAttempt: false }, condition: { kind: 'nothing' } };
  }
  const { attempts, failingSince } = leased.group;
  const step = leased.probing
    ? nextStepOfProbe(failure, attempts, house.chance.random(), failingSince ? now - failingSince.getTime() : 0)
    : nextStep(failure, attempts, house.chance.random());
  if (step.operation === 'give-up') return { outcome: { kind: 'failed', failure, message }, condition: { kind: step.target } };
  const until = new Date(now + step.afterMs);
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
