/** Ends an API token at once. Revoking it again changes nothing. */
import type { ApiToken } from '../domain/vocabulary.ts';
import { reaches, type Caller } from './caller.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function revokeApiToken(house: House, caller: Caller, id: string): Promise<Outcome<ApiToken>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const apiToken = await tx.byId('apiToken', id);
    if (apiToken === null) return notFound('API token', 'id');
    if (apiToken.revokedAt !== null) return done(apiToken);
    if (!reaches(caller.role, apiToken.role))
      return invalid({ path: ['id'], message: 'Only somebody with the role of this token, or a higher one, may revoke it.' });
    const revoked = await tx.change('apiToken', id, { revokedAt: house.clock.now() });
    if (revoked === 'missing' || revoked === 'stale') return notFound('API token', 'id');
    await tx.append([{ type: 'api-token.revoked', payload: { apiTokenId: id } }]);
    return done(revoked);
  });
}
