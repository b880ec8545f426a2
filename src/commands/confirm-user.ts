/** An administrator vouches for somebody who registered themself: what they said of themself may lead to accounts that exist already. */
import type { User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { planAndRequest } from './provision-user.ts';

export async function confirmUser(house: House, caller: Caller, input: { readonly id: UserId }): Promise<Outcome<User>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const user = await lockLivingUser(tx, input.id);
    if (!user) return notFound('user', 'id');
    if (!user.selfRegistered) return done(user);
    const changed = await tx.change('user', user.id, { selfRegistered: false });
    if (typeof changed === 'string') throw new Error(`A locked user cannot be changed: ${changed}`);
    await tx.append([{ type: 'user.changed', userId: user.id, payload: { by: caller.actor.kind } }]);
    await planAndRequest(house, tx, { userId: user.id, trigger: 'change', serviceProviderId: null, priority: 'change', changed: true });
    return done(changed);
  });
}
