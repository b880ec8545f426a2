/** Nobody signs in with it and the operations of its connectors wait; nothing is removed. */
import type { IdentityProvider, IdentityProviderId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function disableIdentityProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  id: IdentityProviderId,
): Promise<Outcome<IdentityProvider>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('identityProvider', id);
    if (!current) return notFound('identity provider', 'id');
    if (!current.enabled) return done(current);
    const changed = await tx.change('identityProvider', id, { enabled: false });
    if (typeof changed === 'string') return notFound('identity provider', 'id');
    await tx.append([identityProviderChanged(changed)]);
    return done(changed);
  });
}
