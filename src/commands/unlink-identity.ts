/** Ends one way in which a user is known; the user and their accounts stay. */
import type { Identity } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export async function unlinkIdentity(house: House, caller: Caller, input: { readonly id: string }): Promise<Outcome<Identity>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const identity = await tx.byId('identity', input.id);
    if (!identity || (await tx.remove('identity', { id: identity.id })) === 0) return notFound('identity', 'id');
    await tx.append([{ type: 'user.changed', userId: identity.userId, payload: { by: caller.actor.kind } }]);
    return done(identity);
  });
}
