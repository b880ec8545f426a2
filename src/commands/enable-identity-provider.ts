/** People may sign in with it again, and the operations that waited for its connectors go on. */
import type { IdentityProvider, IdentityProviderId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function enableIdentityProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  id: IdentityProviderId,
): Promise<Outcome<IdentityProvider>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('identityProvider', id);
    if (!current) return notFound('identity provider', 'id');
    if (current.enabled) return done(current);
    const changed = await tx.change('identityProvider', id, { enabled: true });
    if (typeof changed === 'string') return notFound('identity provider', 'id');
    await tx.append([identityProviderChanged(changed)]);
    return done(changed);
  });
}
