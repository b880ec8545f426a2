/** An administrator replaces their own password, knowing the old one. Wrong old ones count as wrong sign-ins do. */
import type { Administrator } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';

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
  const { credentials } = house.database;
  // By id and not by the caller's tenant: an owner may be working in another one.
  const me = caller.actor.kind === 'administrator' ? await credentials.administratorById(caller.actor.id) : null;
  const held = me === null ? null : await credentials.administrator(me.tenantId, me.userName);
  if (me === null || held === null) return notFound('administrator');
  const now = house.clock.now();
  const right = await passwords.verify(held.hash, input.currentPassword);
  if (held.lockedUntil !== null && held.lockedUntil > now) return wrong;
  await credentials.noteAttempt({ kind: 'administrator', id: me.id }, right, now);
  if (!right) return wrong;
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
