/** Makes a user store beside PRIMARY. */
import { problemWithName } from '../domain/text.ts';
import type { UserStore } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, nameTaken, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessTaken } from './unless-taken.ts';

export async function createUserStore(house: House, caller: Caller, input: { readonly name: string }): Promise<Outcome<UserStore>> {
  const message = problemWithName(input.name, 100);
  if (message) return invalid({ path: ['name'], message });
  return unlessTaken(
    () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const store = await tx.insert('userStore', { name: input.name });
        await tx.append([{ type: 'user-store.created', payload: { userStoreId: store.id, name: store.name } }]);
        return done(store);
      }),
    nameTaken('A user store of this name exists.', 'name'),
  );
}
