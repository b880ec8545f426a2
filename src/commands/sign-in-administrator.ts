/** Judges an administrator's name and password. The answer never tells which of tenant, name and password was wrong, or that the name is locked. */
import type { Administrator } from '../domain/vocabulary.ts';
import { done, invalid, type Outcome, type Problem } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';

export interface SignInInput {
  readonly tenant: string;
  readonly userName: string;
  readonly password: string;
}

export async function signInAdministrator(house: House, passwords: Passwords, input: SignInInput): Promise<Outcome<Administrator>> {
  const { credentials, tenants } = house.database;
  const tenant = await tenants.byName(input.tenant);
  const found = tenant === null ? null : await credentials.administrator(tenant.id, input.userName);
  // The same work whether or not there is such an administrator, locked or not.
  const right = await passwords.verify(found?.hash ?? null, input.password);
  const now = house.clock.now();
  if (found === null || (found.lockedUntil !== null && found.lockedUntil > now)) return refused;
  const { id, tenantId } = found.holder;
  const lockedUntil = await credentials.noteAttempt({ kind: 'administrator', id }, right, now);
  if (right) return done(found.holder);
  if (lockedUntil !== null) {
    await house.database.transaction(tenantId, (tx) => tx.append([{ type: 'administrator.locked', payload: { administratorId: id } }]));
  }
  return refused;
}

const refused: Problem = invalid({
  path: ['password'],
  message: 'The name or the password is wrong, or too many wrong passwords locked it for a while.',
});
