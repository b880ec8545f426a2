/** Makes an administrator of the caller's tenant with a one-time password, told once in the answer. */
import type { Administrator, Role } from '../domain/vocabulary.ts';
import { reaches, type Caller } from './caller.ts';
import { oneTimePassword } from './one-time-password.ts';
import { done, invalid, nameTaken, type Outcome } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import { UniqueViolation, type House } from './ports.ts';

export interface CreateAdministratorInput {
  readonly userName: string;
  readonly role: Role;
}
export interface WithOneTimePassword {
  readonly administrator: Administrator;
  readonly oneTimePassword: string;
}

export async function createAdministrator(
  house: House,
  passwords: Passwords,
  caller: Caller,
  input: CreateAdministratorInput,
): Promise<Outcome<WithOneTimePassword>> {
  if (!reaches(caller.role, input.role)) return invalid({ path: ['role'], message: 'You cannot give a role above your own.' });
  const password = oneTimePassword(house.chance);
  const hash = await passwords.hash(password);
  try {
    const administrator = await house.database.transaction(caller.tenantId, async (tx) => {
      const made = await tx.insert('administrator', { userName: input.userName, role: input.role, mustChangePassword: true });
      await tx.setPassword({ kind: 'administrator', id: made.id }, hash);
      await tx.append([{ type: 'administrator.created', payload: { administratorId: made.id, role: made.role } }]);
      return made;
    });
    return done({ administrator, oneTimePassword: password });
  } catch (error) {
    if (error instanceof UniqueViolation) return nameTaken('There is an administrator of this name.', 'userName');
    throw error;
  }
}
