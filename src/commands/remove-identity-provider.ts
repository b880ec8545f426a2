/** An administrator removes an identity provider that nothing needs any more. Its people stay; who came in through it is signed out. */
import type { IdentityProviderId, ServiceProvider } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endSessionsThrough } from './end-sessions-through.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House, Reads } from './ports.ts';
import { countRefused } from './refuse-held-logins.ts';

export async function removeIdentityProvider(
  house: Pick<House, 'database' | 'clock' | 'metrics'>,
  caller: Caller,
  id: IdentityProviderId,
): Promise<Outcome<{ readonly id: IdentityProviderId }>> {
  const outcome = await house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('identityProvider', id);
    if (!current) return notFound('identity provider', 'id');
    const targets = await tx.find('target', { identityProviderId: id });
    if (targets.length > 0) return inUse(`It holds provisioning connectors: ${named(targets)}. Remove them first.`, 'id');
    const signIn = await usedForSignIn(tx, id);
    if (signIn.length > 0) return inUse(`People sign in with it to ${named(signIn)}. Take it off there first.`, 'id');
    const { refused } = await endSessionsThrough(tx, house.clock, { identityProviderId: id }, 'identity-provider-disabled');
    // Its private key and the identities that people had with it go with it.
    await tx.remove('identityProvider', { id });
    await tx.append([{ type: 'identity-provider.removed', payload: { identityProviderId: id, name: current.name } }]);
    return done({ refused });
  });
  if (outcome.kind !== 'done') return outcome;
  countRefused(house, outcome.value.refused);
  return done({ id });
}

async function usedForSignIn(reads: Reads, id: IdentityProviderId): Promise<readonly ServiceProvider[]> {
  return (await reads.find('serviceProvider', {})).filter((provider) => provider.signInIdentityProviderIds.includes(id));
}

/** The first few by name: enough to know where to look. */
function named(records: readonly { readonly name: string }[]): string {
  const names = records.slice(0, 5).map((record) => `"${record.name}"`);
  return records.length > names.length ? `${names.join(', ')} and ${records.length - names.length} more` : names.join(', ');
}
