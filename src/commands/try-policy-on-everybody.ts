/**
 * What a draft would make of everybody whom rules concern, before it is published: a page of assignments at a time, so that it is bounded, goes
 * on where it stopped, and shows how far it has come. The plan is the engine's own; nothing is written and nobody is called.
 */
import type { PlannedTarget } from '../domain/provisioning-plan.ts';
import type { Assignment, Target, User } from '../domain/vocabulary.ts';
import { done, type Outcome } from './outcome.ts';
import { judgeOfTrial, type PolicyTrial } from './policy-trial.ts';
import { ruledTargets } from './policies-changed.ts';
import type { ProvisioningView, Reads } from './ports.ts';
import { planJudged, type Planner } from './provision-user.ts';

export type TrialEffect = 'create' | 'update' | 'end';
export interface TrialChange {
  readonly user: User;
  readonly target: Target;
  readonly effect: TrialEffect;
  readonly planned: PlannedTarget;
}
export interface TrialPage {
  /** Assignments to look at in all, counted now. */
  readonly total: number;
  /** Of these, on this page. */
  readonly looked: number;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** denied: kept from an account, and without one already. */
  readonly counts: Readonly<Record<TrialEffect | 'unchanged' | 'denied', number>>;
  readonly changes: readonly TrialChange[];
}

/** A page ends early where its people take longer than this to judge: a policy may cost a thousand times what another does. */
const usuallyMs = 1_000;

export async function tryPolicyOnEverybody(
  house: Planner,
  reads: Reads,
  trial: PolicyTrial,
  page: { readonly first: number; readonly after: string | null },
  atMostMs = usuallyMs,
): Promise<Outcome<TrialPage>> {
  const judge = await judgeOfTrial(house, reads, trial);
  if (judge.kind !== 'done') return judge;
  const where = { targetId: await ruledTargets(reads) };
  const [total, assignments] = await Promise.all([
    reads.count('assignment', where),
    reads.page('assignment', { where, first: page.first, after: page.after, newestFirst: false }),
  ]);
  const views = await reads.provisioningViews(assignments.items.map(({ userId }) => userId));
  const counts = { create: 0, update: 0, end: 0, unchanged: 0, denied: 0 };
  const changes: TrialChange[] = [];
  const plans = new Map<string, readonly PlannedTarget[]>();
  const viewOf = new Map(views.map((view) => [view.user.id, view]));
  const began = house.clock.now().getTime();
  let looked = 0;
  for (const assignment of assignments.items) {
    if (looked > 0 && house.clock.now().getTime() - began > atMostMs) break;
    looked++;
    const view = viewOf.get(assignment.userId);
    if (view && !plans.has(view.user.id)) {
      // Logins of others come in between.
      await new Promise((resolve) => setImmediate(resolve));
      plans.set(view.user.id, await planJudged(house, view, { trigger: 'change' }, judge.value));
    }
    const change = changeOf(assignment, view, plans.get(assignment.userId) ?? []);
    counts[change.effect] += 1;
    if (isChange(change)) changes.push(change);
  }
  const endCursor = assignments.items[looked - 1]?.id ?? page.after;
  const hasNextPage = assignments.hasNextPage || looked < assignments.items.length;
  return done({ total, looked, endCursor, hasNextPage, counts, changes });
}

type Judged = TrialChange | { readonly effect: 'unchanged' | 'denied' };

/** Somebody assigned twice to one target has one account: it counts with the first of the assignments. */
function changeOf({ id, targetId }: Assignment, view: ProvisioningView | undefined, plan: readonly PlannedTarget[]): Judged {
  const planned = plan.find((each) => each.candidate.target.id === targetId);
  if (!view || !planned || planned.candidate.assignments[0]?.id !== id) return { effect: 'unchanged' };
  const { operation, candidate, rule } = planned;
  if (operation === null) return { effect: rule && !rule.permitted && !candidate.link?.active ? 'denied' : 'unchanged' };
  const effect = operation === 'deprovision' ? 'end' : candidate.link ? 'update' : 'create';
  return { effect, user: view.user, target: candidate.target, planned };
}

const isChange = (judged: Judged): judged is TrialChange => 'planned' in judged;
