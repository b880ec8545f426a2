/** Makes a user belong at a target because of a service provider (or of the tenant's defaults), and provisions them there. */
import type { Assignment, ServiceProviderId, TargetId, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

export interface AssignUserInput {
  readonly userId: UserId;
  readonly targetId: TargetId;
  /** null: because of the tenant's defaults. */
  readonly serviceProviderId: ServiceProviderId | null;
}

export async function assignUser(house: House, caller: Caller, input: AssignUserInput): Promise<Outcome<Assignment>> {
  const { userId, targetId, serviceProviderId } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const user = await lockLivingUser(tx, userId);
    if (!user) return notFound('user', 'userId');
    const target = await tx.byId('target', targetId);
    if (!target) return notFound('provisioning connector', 'targetId');
    if (target.removalAskedAt) return inUse('This provisioning connector is being removed: it takes no new users.', 'targetId');
    if (serviceProviderId !== null && !(await tx.byId('serviceProvider', serviceProviderId)))
      return notFound('service provider', 'serviceProviderId');
    const [known] = await tx.find('assignment', { userId, targetId, serviceProviderId });
    if (known) return done(known);
    const assignment = await tx.insert('assignment', { userId, targetId, serviceProviderId });
    await tx.append([{ type: 'assignment.added', userId, targetId, payload: { serviceProviderId } }]);
    await planAndRequest(house, tx, { userId, trigger: 'change', serviceProviderId, priority: 'change', changed: true });
    return done(assignment);
  });
}
