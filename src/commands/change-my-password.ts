/** An administrator replaces their own password, knowing the old one. Wrong old ones count as wrong sign-ins do. */
import type { Administrator } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';
import { tryPassword } from './try-password.ts';

export interface ChangeMyPasswordInput {
  readonly currentPassword: string;
  readonly newPassword: string;
}

export async function changeMyPassword(
  house: House,
  passwords: Passwords,
  caller: Pick<Caller, 'actor'>,
  input: ChangeMyPasswordInput,
): Promise<Outcome<Administrator>> {
  // By id and not by the caller's tenant: an owner may be working in another one.
  const me = caller.actor.kind === 'administrator' ? await house.database.credentials.administratorById(caller.actor.id) : null;
  if (me === null) return notFound('administrator');
  if (!(await tryPassword(house, passwords, { kind: 'administrator', ...me }, input.currentPassword))) return wrong;
  if (input.newPassword === input.currentPassword) return invalid({ path: ['newPassword'], message: 'This is the password you have.' });
  const hash = await passwords.hash(input.newPassword);
  return house.database.transaction(me.tenantId, async (tx) => {
    const changed = await tx.change('administrator', me.id, { mustChangePassword: false });
    if (changed === 'missing' || changed === 'stale') return notFound('administrator');
    await tx.setPassword({ kind: 'administrator', id: me.id }, hash);
    await tx.append([{ type: 'administrator.changed', payload: { administratorId: me.id, role: changed.role } }]);
    return done(changed);
  });
}

const wrong = invalid({ path: ['currentPassword'], message: 'This is not your password, or too many wrong ones locked it for a while.' });
