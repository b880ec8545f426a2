import type { TenantId } from '../domain/vocabulary.ts';
import type { House } from './ports.ts';

/**
 * One round of work in the background, in all tenants: what fails in one is told in the log and tried again in the next round, and keeps no
 * other tenant waiting. It does not throw for it, for whatever else the round holds is to be done, too.
 */
export async function forEachTenant(house: Pick<House, 'database' | 'log'>, work: (tenantId: TenantId) => Promise<unknown>): Promise<void> {
  for (const { id: tenantId } of await house.database.tenants.all()) {
    try {
      await work(tenantId);
    } catch (error) {
      house.log.error(
        { error: error instanceof Error ? error : null, tenantId },
        'Work in the background failed for a tenant and is tried again',
      );
    }
  }
}
