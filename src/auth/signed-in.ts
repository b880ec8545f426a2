/** Who is behind a session now: it outlives changes, so both the person and the service provider are looked up anew. */
import type { ServiceProvider, TenantId, User } from '../domain/vocabulary.ts';
import type { Reads } from '../commands/ports.ts';
import type { SignedInPerson } from './session-data.ts';

export interface SignedIn {
  readonly user: User;
  readonly serviceProvider: ServiceProvider;
}

/** null: switched off, removed, signed in to something that is gone, or signed out while the session was still being stored. */
export async function whoIsSignedIn(
  database: { reads(tenantId: TenantId): Pick<Reads, 'byId'> },
  { tenantId, userId, serviceProviderId, loginAttemptId }: SignedInPerson,
): Promise<SignedIn | null> {
  const reads = database.reads(tenantId);
  const [user, serviceProvider, attempt] = await Promise.all([
    reads.byId('user', userId),
    reads.byId('serviceProvider', serviceProviderId),
    reads.byId('loginAttempt', loginAttemptId),
  ]);
  // Ending sessions takes a login away from its browser. The attempt itself is forgotten one day, when its session is long over.
  if (attempt?.browserHash === null) return null;
  return user?.active && !user.removedAt && serviceProvider ? { user, serviceProvider } : null;
}
