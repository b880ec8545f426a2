/** Gives an administrator another role. The last owner of all tenants stays owner: nobody else makes owners and tenants. */
import type { Administrator, Role } from '../domain/vocabulary.ts';
import { reaches, type Caller } from './caller.ts';
import { done, inUse, invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';

export interface ChangeAdministratorInput {
  readonly id: string;
  readonly version: number;
  readonly role: Role;
}

export async function changeAdministrator(house: House, caller: Caller, input: ChangeAdministratorInput): Promise<Outcome<Administrator>> {
  if (!reaches(caller.role, input.role)) return invalid({ path: ['role'], message: 'You cannot give a role above your own.' });
  return house.database.transaction(caller.tenantId, async (tx) => {
    const before = await tx.byId('administrator', input.id);
    if (before === null) return notFound('administrator', 'id');
    if (!reaches(caller.role, before.role))
      return invalid({ path: ['id'], message: 'You cannot change somebody with a role above your own.' });
    if (before.version !== input.version) return versionConflict(before.version);
    if (before.role === input.role) return done(before);
    if (before.role === 'owner' && !(await tx.otherOwnerExists(before.id)))
      return inUse('The last owner stays owner: give the role to somebody else first.', 'id');
    const changed = await changeAsSeen(tx, 'administrator', input, { role: input.role }, 'id');
    if (changed.kind !== 'done') return changed;
    await tx.append([{ type: 'administrator.changed', payload: { administratorId: changed.value.id, role: changed.value.role } }]);
    return changed;
  });
}
