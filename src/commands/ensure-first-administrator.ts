/** At the first start: a tenant `default` with an owner `admin` and a one-time password, so that somebody can come in at all. */
import type { Tenant } from '../domain/vocabulary.ts';
import { oneTimePassword } from './one-time-password.ts';
import type { Passwords } from './passwords.ts';
import { UniqueViolation, type House } from './ports.ts';

export const firstTenantName = 'default';
export const firstAdministratorName = 'admin';

export interface FirstAdministrator {
  readonly tenantName: string;
  readonly userName: string;
  /** To print once: nobody can read it again. null: the password that was given. */
  readonly oneTimePassword: string | null;
}

/**
 * null where there is an administrator already, or another process that starts at the same moment makes it. A given password needs no
 * change at the first sign-in.
 */
export async function ensureFirstAdministrator(
  house: House,
  passwords: Passwords,
  givenPassword: string | null,
): Promise<FirstAdministrator | null> {
  if ((await house.database.credentials.countAdministrators()) > 0) return null;
  const tenant = await firstTenant(house);
  const password = givenPassword ?? oneTimePassword(house.chance);
  const hash = await passwords.hash(password);
  try {
    await house.database.transaction(tenant.id, async (tx) => {
      const made = await tx.insert('administrator', {
        userName: firstAdministratorName,
        role: 'owner',
        mustChangePassword: givenPassword === null,
      });
      await tx.setPassword({ kind: 'administrator', id: made.id }, hash);
      await tx.append([{ type: 'administrator.created', payload: { administratorId: made.id, role: made.role } }]);
    });
  } catch (error) {
    if (error instanceof UniqueViolation) return null;
    throw error;
  }
  return { tenantName: tenant.name, userName: firstAdministratorName, oneTimePassword: givenPassword === null ? password : null };
}

async function firstTenant(house: House): Promise<Tenant> {
  const { tenants } = house.database;
  const known = await tenants.byName(firstTenantName);
  if (known !== null) return known;
  try {
    return await tenants.create(firstTenantName);
  } catch (error) {
    const others = error instanceof UniqueViolation ? await tenants.byName(firstTenantName) : null;
    if (others === null) throw error;
    return others;
  }
}
