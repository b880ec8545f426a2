/** Deactivates a user: nobody signs in as them, and their accounts end as each target's removal setting says. */
import type { User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { planAndRequest } from './provision-user.ts';
import { forgetOpenedLogins } from './refuse-held-logins.ts';

export interface SwitchUserInput {
  readonly id: UserId;
  /** null: whatever it is now. */
  readonly version: number | null;
}

export const deactivateUser = (house: House, caller: Caller, input: SwitchUserInput): Promise<Outcome<User>> =>
  switchUser(house, caller, input, { active: false, event: 'user.deactivated' });

/** Both ways of the switch; already there is done at once. */
export async function switchUser(
  house: House,
  caller: Caller,
  input: SwitchUserInput,
  to: { readonly active: boolean; readonly event: 'user.deactivated' | 'user.reactivated' },
): Promise<Outcome<User>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const user = await lockLivingUser(tx, input.id);
    if (!user) return notFound('user', 'id');
    if (input.version !== null && input.version !== user.version) return versionConflict(user.version);
    if (user.active === to.active) return done(user);
    const changed = await tx.change('user', user.id, { active: to.active });
    if (typeof changed === 'string') throw new Error(`A locked user cannot be changed: ${changed}`);
    // Ended and not only refused: one that nobody used meanwhile would be open again with the user.
    if (!to.active) {
      await tx.remove('session', { userId: user.id });
      await forgetOpenedLogins(tx, house.clock, { userId: user.id });
    }
    await tx.append([{ type: to.event, userId: user.id, payload: {} }]);
    await planAndRequest(house, tx, { userId: user.id, trigger: 'change', serviceProviderId: null, priority: 'change', changed: true });
    return done(changed);
  });
}
