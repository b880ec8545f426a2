/** What would happen to one user through one service provider, and why: the engine's own plan, with no call and no write. */
import type { PlannedTarget } from '../domain/provisioning-plan.ts';
import type { ServiceProviderId, Trigger, UserId } from '../domain/vocabulary.ts';
import type { Reads } from './ports.ts';
import { planView, type Planner } from './provision-user.ts';

/** null: there is no such user. */
export async function explainProvisioning(
  house: Planner,
  reads: Reads,
  question: { readonly userId: UserId; readonly serviceProviderId: ServiceProviderId | null; readonly trigger: Trigger },
): Promise<readonly PlannedTarget[] | null> {
  const view = await reads.provisioningView(question.userId, question.serviceProviderId);
  return view ? await planView(house, reads, view, question) : null;
}
