/** At the first start: a tenant `default` with an owner `admin` and a one-time password, so that somebody can come in at all. */
import type { Tenant } from '../domain/vocabulary.ts';
import { createAdministrator } from './create-administrator.ts';
import type { Passwords } from './passwords.ts';
import { UniqueViolation, type House } from './ports.ts';

export const firstTenantName = 'default';
export const firstAdministratorName = 'admin';

export interface FirstAdministrator {
  readonly tenantName: string;
  readonly userName: string;
  /** To print once: nobody can read it again. */
  readonly oneTimePassword: string;
}

/** null where there is an administrator already, or another process that starts at the same moment makes it. */
export async function ensureFirstAdministrator(house: House, passwords: Passwords): Promise<FirstAdministrator | null> {
  if ((await house.database.credentials.countAdministrators()) > 0) return null;
  const tenant = await firstTenant(house);
  const caller = { tenantId: tenant.id, actor: { kind: 'self', id: 'first-start' }, role: 'owner' } as const;
  const made = await createAdministrator(house, passwords, caller, { userName: firstAdministratorName, role: 'owner' });
  if (made.kind === 'name-taken') return null;
  if (made.kind !== 'done') throw new Error(`The first administrator could not be made: ${made.kind}.`);
  return { tenantName: tenant.name, userName: firstAdministratorName, oneTimePassword: made.value.oneTimePassword };
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
