/** Judges an administrator's name and password. The answer never tells which of tenant, name and password was wrong, or that the name is locked. */
import type { Administrator } from '../domain/vocabulary.ts';
import { done, invalid, type Outcome, type Problem } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';
import { tryPassword } from './try-password.ts';

export interface SignInInput {
  readonly tenant: string;
  readonly userName: string;
  readonly password: string;
}

export async function signInAdministrator(house: House, passwords: Passwords, input: SignInInput): Promise<Outcome<Administrator>> {
  const { credentials, tenants } = house.database;
  const tenant = await tenants.byName(input.tenant);
  const found = tenant === null ? null : await credentials.administrator(tenant.id, input.userName);
  const right = await tryPassword(house, passwords, found && { kind: 'administrator', ...found }, input.password);
  return right && found !== null ? done(found) : refused;
}

const refused: Problem = invalid({
  path: ['password'],
  message: 'The name or the password is wrong, or too many wrong passwords locked it for a while.',
});
