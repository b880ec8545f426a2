/**
 * An operator provisions one user now: to the rows of a service provider (or of the tenant's defaults) and wherever the user is assigned,
 * also where nothing differs. Answers with the plan, so that it can be seen what is skipped and why.
 */
import type { PlannedTarget } from '../domain/provisioning-plan.ts';
import type { ServiceProviderId, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

export interface ProvisionUserNowInput {
  readonly userId: UserId;
  /** null: the tenant's defaults. */
  readonly serviceProviderId: ServiceProviderId | null;
}

export async function provisionUserNow(
  house: House,
  caller: Caller,
  input: ProvisionUserNowInput,
): Promise<Outcome<readonly PlannedTarget[]>> {
  const { userId, serviceProviderId } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    if (!(await lockLivingUser(tx, userId))) return notFound('user', 'userId');
    if (serviceProviderId !== null && !(await tx.byId('serviceProvider', serviceProviderId)))
      return notFound('service provider', 'serviceProviderId');
    return done(await planAndRequest(house, tx, { userId, trigger: 'operator', serviceProviderId, priority: 'change', changed: false }));
  });
}
