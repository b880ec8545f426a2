/** Gives an administrator who forgot the password a new one-time password, and ends the sessions that began with the old one. */
import { reaches, type Caller } from './caller.ts';
import type { WithOneTimePassword } from './create-administrator.ts';
import { oneTimePassword } from './one-time-password.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';

export async function resetAdministratorPassword(
  house: House,
  passwords: Passwords,
  caller: Caller,
  id: string,
): Promise<Outcome<WithOneTimePassword>> {
  const password = oneTimePassword(house.chance);
  const hash = await passwords.hash(password);
  return house.database.transaction(caller.tenantId, async (tx) => {
    const before = await tx.byId('administrator', id);
    if (before === null) return notFound('administrator', 'id');
    if (!reaches(caller.role, before.role))
      return invalid({ path: ['id'], message: 'You cannot change somebody with a role above your own.' });
    const administrator = await tx.change('administrator', id, { mustChangePassword: true });
    if (administrator === 'missing' || administrator === 'stale') return notFound('administrator', 'id');
    await tx.setPassword({ kind: 'administrator', id }, hash);
    await tx.remove('session', { administratorId: id });
    await tx.append([{ type: 'administrator.changed', payload: { administratorId: id, role: administrator.role } }]);
    return done({ administrator, oneTimePassword: password });
  });
}
