/**
 * One try at somebody's password. It is counted before the password is looked at, so that of any number of guesses at once no more than
 * the lock allows are looked at. The same work whether or not there is such a person, locked or not.
 */
import type { TenantId, UserId } from '../domain/vocabulary.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';

export type PasswordHolder = { readonly tenantId: TenantId } & (
  { readonly kind: 'user'; readonly id: UserId } | { readonly kind: 'administrator'; readonly id: string }
);

/** Whether it is right. Null for the holder: nobody has this name. */
export async function tryPassword(
  house: Pick<House, 'database' | 'clock'>,
  passwords: Pick<Passwords, 'verify'>,
  holder: PasswordHolder | null,
  password: string,
): Promise<boolean> {
  const { credentials } = house.database;
  const reserved = holder === null ? null : await credentials.reserveTry(holder, house.clock.now());
  // While it is locked nothing is tried: a right guess must not be told from a wrong one.
  const right = await passwords.verify(reserved?.hash ?? null, password);
  if (holder === null || reserved === null) return false;
  if (right) await credentials.forgetTries(holder, reserved.number);
  else if (reserved.locks) await tellLocked(house, holder);
  return right;
}

async function tellLocked(house: Pick<House, 'database'>, holder: PasswordHolder): Promise<void> {
  await house.database.transaction(holder.tenantId, (tx) =>
    tx.append([
      holder.kind === 'user'
        ? { type: 'user.locked', userId: holder.id, payload: {} }
        : { type: 'administrator.locked', payload: { administratorId: holder.id } },
    ]),
  );
}
