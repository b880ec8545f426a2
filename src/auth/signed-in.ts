/** Who is behind a session now: it outlives changes, so both the person and the service provider are looked up anew. */
import type { ServiceProvider, TenantId, User } from '../domain/vocabulary.ts';
import type { Reads } from '../commands/ports.ts';
import type { SignedInPerson } from './session-data.ts';

export interface SignedIn {
  readonly user: User;
  readonly serviceProvider: ServiceProvider;
}

/** null: switched off, removed, or signed in to something that is gone. */
export async function whoIsSignedIn(
  database: { reads(tenantId: TenantId): Pick<Reads, 'byId'> },
  { tenantId, userId, serviceProviderId }: SignedInPerson,
): Promise<SignedIn | null> {
  const reads = database.reads(tenantId);
  const [user, serviceProvider] = await Promise.all([reads.byId('user', userId), reads.byId('serviceProvider', serviceProviderId)]);
  return user?.active && !user.removedAt && serviceProvider ? { user, serviceProvider } : null;
}
