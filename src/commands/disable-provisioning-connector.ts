/** An administrator takes a target out of work for a while: its operations wait, nothing is removed. */
import type { Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function disableProvisioningConnector(house: Pick<House, 'database'>, caller: Caller, id: TargetId): Promise<Outcome<Target>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('target', id);
    if (!current) return notFound('provisioning connector', 'id');
    if (!current.enabled) return done(current);
    const changed = await tx.change('target', id, { enabled: false });
    if (typeof changed === 'string') return notFound('provisioning connector', 'id');
    const payload = { name: changed.name, connectorType: changed.connectorType };
    await tx.append([{ type: 'connector.disabled', targetId: id, payload }]);
    return done(changed);
  });
}
