/** Gives an administrator another role. The last owner of all tenants stays owner: nobody else makes owners and tenants. */
import type { Administrator, Role } from '../domain/vocabulary.ts';
import { reaches, type Caller } from './caller.ts';
import { done, inUse, invalid, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export interface ChangeAdministratorInput {
  readonly id: string;
  readonly role: Role;
}

export async function changeAdministrator(house: House, caller: Caller, input: ChangeAdministratorInput): Promise<Outcome<Administrator>> {
  if (!reaches(caller.role, input.role)) return invalid({ path: ['role'], message: 'You cannot give a role above your own.' });
  return house.database.transaction(caller.tenantId, async (tx) => {
    const before = await tx.byId('administrator', input.id);
    if (before === null) return notFound('administrator', 'id');
    if (!reaches(caller.role, before.role))
      return invalid({ path: ['id'], message: 'You cannot change somebody with a role above your own.' });
    if (before.role === input.role) return done(before);
    if (before.role === 'owner' && !(await tx.otherOwnerExists(before.id)))
      return inUse('The last owner stays owner: give the role to somebody else first.', 'id');
    const changed = await tx.change('administrator', before.id, { role: input.role });
    if (changed === 'missing' || changed === 'stale') return notFound('administrator', 'id');
    await tx.append([{ type: 'administrator.changed', payload: { administratorId: changed.id, role: changed.role } }]);
    return done(changed);
  });
}
