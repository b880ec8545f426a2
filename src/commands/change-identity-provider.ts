/** An administrator changes name, mappings or outbound roles of an identity provider. Accounts follow at the next sign-in or change of each person. */
import type { IdentityProvider, IdentityProviderId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { missingGroups, type IdentityProviderSettings } from './identity-provider-settings.ts';
import { invalid, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { changeAsSeen, given, unlessNameTaken } from './settings-record.ts';

export type ChangeIdentityProviderInput = IdentityProviderSettings & { readonly id: IdentityProviderId; readonly version: number };

export async function changeIdentityProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: ChangeIdentityProviderInput,
): Promise<Outcome<IdentityProvider>> {
  const { id, version, name, description, attributeMappings, roleMappings, outboundRoles } = input;
  const patch = given({ name, description, attributeMappings, roleMappings, outboundRoles });
  return unlessNameTaken('an identity provider', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const problems = await missingGroups(tx, input);
      if (problems.length > 0) return invalid(...problems);
      const changed = await changeAsSeen(tx, 'identityProvider', { id, version }, patch, 'id');
      if (changed.kind === 'done') await tx.append([identityProviderChanged(changed.value)]);
      return changed;
    }),
  );
}
