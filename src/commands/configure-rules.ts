/** How the policies of a tenant decide together: their order, the algorithm that combines them, and the time zone in which they see the clock. */
import { isTimeZone } from '../domain/time-zone.ts';
import type { PolicyCombining, PolicyId, Tenant } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { byWhom } from './create-policy.ts';
import { done, invalid, versionConflict, type Outcome } from './outcome.ts';
import { policiesChanged } from './policies-changed.ts';
import type { House } from './ports.ts';
import { unlessUndone } from './undo.ts';

export interface ConfigureRulesInput {
  /** The tenant's policy revision that was read. */
  readonly revision: number;
  readonly combining?: PolicyCombining | null;
  readonly timeZone?: string | null;
  /** All policies in their order, the first one first. Absent or null: as it is. */
  readonly order?: readonly PolicyId[] | null;
}

export async function configureRules(house: House, caller: Caller, input: ConfigureRulesInput): Promise<Outcome<Tenant>> {
  const { combining, timeZone, order } = input;
  if (timeZone != null && !isTimeZone(timeZone))
    return invalid({ path: ['timeZone'], message: 'There is no such time zone: give an IANA name such as Europe/Berlin.' });
  return unlessUndone(() =>
    house.database.transaction(caller.tenantId, async (tx) => {
      // First of all, so that of two the second sees the revision of the first.
      const { policyRevision } = await tx.lockTenant();
      if (policyRevision !== input.revision) return versionConflict(policyRevision);
      if (order) {
        const policies = await tx.find('policy', {});
        const isWhole =
          order.length === policies.length && new Set(order).size === order.length && policies.every(({ id }) => order.includes(id));
        if (!isWhole) return invalid({ path: ['order'], message: 'Name every policy of the tenant once.' });
        await tx.orderPolicies(order);
      }
      const tenant = await policiesChanged(house, tx, {
        ...(combining ? { policyCombining: combining } : {}),
        ...(timeZone ? { timeZone } : {}),
      });
      const payload = { combining: tenant.policyCombining, timeZone: tenant.timeZone, ordered: order != null, by: byWhom(caller) };
      await tx.append([{ type: 'rules.configured', payload }]);
      return done(tenant);
    }),
  );
}
