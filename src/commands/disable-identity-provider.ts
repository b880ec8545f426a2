/** Nobody signs in with it, who did is signed out, and the operations of its connectors wait; nothing else is removed. */
import type { IdentityProvider, IdentityProviderId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endSessionsThrough } from './end-sessions-through.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { countRefused } from './refuse-held-logins.ts';

export async function disableIdentityProvider(
  house: Pick<House, 'database' | 'clock' | 'metrics'>,
  caller: Caller,
  id: IdentityProviderId,
): Promise<Outcome<IdentityProvider>> {
  const outcome = await house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('identityProvider', id);
    if (!current) return notFound('identity provider', 'id');
    if (!current.enabled) return done({ changed: current, refused: [] });
    const changed = await tx.change('identityProvider', id, { enabled: false });
    if (typeof changed === 'string') return notFound('identity provider', 'id');
    const { refused } = await endSessionsThrough(tx, house.clock, { identityProviderId: id }, 'identity-provider-disabled');
    await tx.append([identityProviderChanged(changed)]);
    return done({ changed, refused });
  });
  if (outcome.kind !== 'done') return outcome;
  countRefused(house, outcome.value.refused);
  return done(outcome.value.changed);
}
