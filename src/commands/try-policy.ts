/** What a draft would make of one user: the engine's own plan, with no call and no write. */
import type { PlannedTarget } from '../domain/provisioning-plan.ts';
import type { ServiceProviderId, Trigger, UserId } from '../domain/vocabulary.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import { judgeOfTrial, type PolicyTrial } from './policy-trial.ts';
import type { Reads } from './ports.ts';
import { planJudged, type Planner } from './provision-user.ts';

export async function tryPolicy(
  house: Planner,
  reads: Reads,
  trial: PolicyTrial,
  question: { readonly userId: UserId; readonly serviceProviderId: ServiceProviderId | null; readonly trigger: Trigger },
): Promise<Outcome<readonly PlannedTarget[]>> {
  const judge = await judgeOfTrial(house, reads, trial);
  if (judge.kind !== 'done') return judge;
  const view = await reads.provisioningView(question.userId, question.serviceProviderId);
  return view ? done(await planJudged(house, view, question, judge.value)) : notFound('user', 'userId');
}
