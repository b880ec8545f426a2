/** Removes an administrator; sessions end with it. The last owner of all tenants stays: nobody else makes owners and tenants. */
import { reaches, type Caller } from './caller.ts';
import { done, inUse, invalid, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function removeAdministrator(house: House, caller: Caller, id: string): Promise<Outcome<{ readonly id: string }>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const before = await tx.byId('administrator', id);
    if (before === null) return notFound('administrator', 'id');
    if (!reaches(caller.role, before.role))
      return invalid({ path: ['id'], message: 'You cannot remove somebody with a role above your own.' });
    if (before.role === 'owner' && !(await tx.otherOwnerExists(id)))
      return inUse('The last owner cannot be removed: give the role to somebody else first.', 'id');
    if ((await tx.remove('administrator', { id })) === 0) return notFound('administrator', 'id');
    await tx.remove('session', { administratorId: id });
    await tx.append([{ type: 'administrator.removed', payload: { administratorId: id } }]);
    return done({ id });
  });
}
