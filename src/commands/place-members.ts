/** Puts into a group at a target who is missing there, and takes back whom Usher had put there: by difference, a batch at a time. */
import type { AccountId, TargetGroupId } from '../domain/vocabulary.ts';
import { knownAgainAt, planMembers, soonest, type MemberFacts } from '../domain/group-members.ts';
import { leaseLeftMs, note, type GroupRun } from './group-run.ts';
import { madeAt, maybeUnseen, notShownYet, unlessNew } from './not-shown-yet.ts';

export type Placed = { readonly kind: 'right'; readonly lookAgainAt: Date | null } | { readonly kind: 'more' };

/** A run holds a place of its target: accounts and logins wait for no more calls than these. */
const batchesInOneRun = 5;

export async function placeMembers(run: GroupRun, id: TargetGroupId): Promise<Placed> {
  const { house, leased } = run;
  const atMost = run.batch * batchesInOneRun;
  const facts = await house.database.provisionedGroups.differing(leased, atMost);
  const plan = planMembers(facts, house.clock.now());
  if (plan.forget.length > 0) await note(run, { kind: 'forgotten', members: plan.forget });
  let deniedSince: Date | null = null;
  for (const { members, since } of callsFor(run, plan.remove)) {
    if (hasNoTime(run)) return { kind: 'more' };
    await note(run, { kind: 'removing', members });
    const { unknown } = await unlessNew(run, since, run.groups.remove(id, accountsOf(members), run.call));
    // Of somebody new it proves nothing: they may be a member all the same, and stay one.
    const denied = new Set(since ? unknown : []);
    if (denied.size > 0) deniedSince = since;
    await note(run, { kind: 'removed', members: members.filter(({ accountId }) => !denied.has(accountId)) });
  }
  let { lookAgainAt } = plan;
  for (const { members, since } of callsFor(run, plan.add)) {
    if (hasNoTime(run)) return { kind: 'more' };
    await note(run, { kind: 'adding', members });
    const { unknown } = await unlessNew(run, since, run.groups.add(id, accountsOf(members), run.call));
    await note(run, { kind: 'added', members, unknown });
    lookAgainAt = soonest(lookAgainAt, againFor(members, unknown, house.clock.now()));
  }
  // Only now, for nobody else is to wait for them.
  if (deniedSince) throw notShownYet(run, deniedSince, 'The target says that somebody is no member whose account was made a moment ago.');
  const didSomething = plan.add.length + plan.remove.length + plan.forget.length > 0;
  return facts.length === atMost && didSomething ? { kind: 'more' } : { kind: 'right', lookAgainAt };
}

interface MemberCall {
  readonly members: readonly MemberFacts[];
  /** When the newest of their accounts was made, where the target may not show it yet. */
  readonly since: Date | null;
}

/** New accounts in calls of their own, which come last: what the target denies of them keeps nobody else waiting, and of others it is believed. */
function callsFor(run: GroupRun, members: readonly MemberFacts[]): readonly MemberCall[] {
  const newSince = ({ link }: MemberFacts): Date | null => {
    const since = link && madeAt(link);
    return since && maybeUnseen(run.house, run.leased.target, since) ? since : null;
  };
  const old = members.filter((member) => newSince(member) === null);
  const recent = members.filter((member) => newSince(member) !== null);
  return [...inBatches(old, run.batch), ...inBatches(recent, run.batch)].map((all) => ({
    members: all,
    since: all.map(newSince).reduce((one, other) => (one && other && one > other ? one : other), null),
  }));
}

/** A call that begins late in the lease might be cut off by its end. */
function hasNoTime({ house, leased }: GroupRun): boolean {
  return leaseLeftMs(house, leased) < house.settings.attemptTimeoutMs / 3;
}

function againFor(members: readonly MemberFacts[], unknown: readonly AccountId[], now: Date): Date | null {
  const missing = new Set(unknown);
  return members
    .filter(({ accountId }) => missing.has(accountId))
    .map(({ link }) => link && knownAgainAt(link.appliedAt, now))
    .reduce(soonest, null);
}

function accountsOf(members: readonly MemberFacts[]): readonly AccountId[] {
  return members.map(({ accountId }) => accountId);
}

function inBatches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}
