/** Ends one way in which a user is known, and the sessions that began that way; the user and their accounts stay. */
import type { Identity } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endSessionsThrough } from './end-sessions-through.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { countRefused } from './refuse-held-logins.ts';

export async function unlinkIdentity(house: House, caller: Caller, input: { readonly id: string }): Promise<Outcome<Identity>> {
  const outcome = await house.database.transaction(caller.tenantId, async (tx) => {
    const identity = await tx.byId('identity', input.id);
    if (!identity || (await tx.remove('identity', { id: identity.id })) === 0) return notFound('identity', 'id');
    const { userId, identityProviderId } = identity;
    const by = caller.actor.kind;
    // Somebody known there under two names loses the sessions of both: a login says through whom, not as whom.
    const { sessions, refused } = await endSessionsThrough(tx, house.clock, { identityProviderId, userId }, 'signed-out');
    await tx.append([{ type: 'user.changed', userId, payload: { by } }]);
    if (sessions > 0 || refused.length > 0)
      await tx.append([{ type: 'user.sessions-ended', userId, payload: { sessions, refusedLogins: refused.length, by } }]);
    return done({ identity, refused });
  });
  if (outcome.kind !== 'done') return outcome;
  countRefused(house, outcome.value.refused);
  return done(outcome.value.identity);
}
