/** An administrator puts a disabled target to work again: the operations that waited go on, with what the engine had learnt set aside. */
import type { Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function reenableProvisioningConnector(
  house: Pick<House, 'database'>,
  caller: Caller,
  id: TargetId,
): Promise<Outcome<Target>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('target', id);
    if (!current) return notFound('provisioning connector', 'id');
    if (current.enabled) return done(current);
    const changed = await tx.change('target', id, { enabled: true });
    if (typeof changed === 'string') return notFound('provisioning connector', 'id');
    const wasSuspended = await tx.clearCondition(id);
    const payload = { name: changed.name, connectorType: changed.connectorType };
    await tx.append([
      { type: 'connector.enabled', targetId: id, payload },
      ...(wasSuspended ? [{ type: 'target.resumed', targetId: id, payload: {} } as const] : []),
    ]);
    return done(changed);
  });
}
