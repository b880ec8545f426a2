/** Makes a tenant: a world of its own, empty but for its PRIMARY user store. */
import type { Tenant } from '../domain/vocabulary.ts';
import { done, nameTaken, type Outcome } from './outcome.ts';
import { UniqueViolation, type House } from './ports.ts';

export async function createTenant(house: House, name: string): Promise<Outcome<Tenant>> {
  try {
    const tenant = await house.database.tenants.create(name);
    await house.database.transaction(tenant.id, (tx) => tx.append([{ type: 'tenant.created', payload: { name } }]));
    return done(tenant);
  } catch (error) {
    if (error instanceof UniqueViolation) return nameTaken('There is a tenant of this name.', 'name');
    throw error;
  }
}
