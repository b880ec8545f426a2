/** An administrator says whether, where and from what our own user is made when somebody signs in with an identity provider for the first time. */
import type { IdentityProvider, IdentityProviderId, JustInTimeSettings } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { invalid, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';

export interface ConfigureJustInTimeProvisioningInput {
  readonly identityProviderId: IdentityProviderId;
  readonly version: number;
  readonly justInTime: JustInTimeSettings;
}

export async function configureJustInTimeProvisioning(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: ConfigureJustInTimeProvisioningInput,
): Promise<Outcome<IdentityProvider>> {
  const { identityProviderId: id, version, justInTime } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    if (justInTime.userStoreId !== null && !(await tx.byId('userStore', justInTime.userStoreId)))
      return invalid({ path: ['userStoreId'], message: 'There is no such user store.' });
    const changed = await changeAsSeen(tx, 'identityProvider', { id, version }, { justInTime }, 'identityProviderId');
    if (changed.kind === 'done') await tx.append([identityProviderChanged(changed.value)]);
    return changed;
  });
}
