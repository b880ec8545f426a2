/** Somebody mended a target at its own end: its suspension, pause and open circuit are set aside, and what waited is tried at once. */
import type { Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function resumeProvisioningConnector(house: Pick<House, 'database'>, caller: Caller, id: TargetId): Promise<Outcome<Target>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const target = await tx.byId('target', id);
    if (!target) return notFound('provisioning connector', 'id');
    if (await tx.clearCondition(id)) await tx.append([{ type: 'target.resumed', targetId: id, payload: {} }]);
    return done(target);
  });
}
