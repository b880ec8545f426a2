/** An administrator adds a federated party. Its authenticator, just-in-time provisioning and connectors are configured afterwards. */
import type { IdentityProvider } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { missingGroups, type IdentityProviderSettings } from './identity-provider-settings.ts';
import { done, invalid, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessNameTaken } from './settings-record.ts';

export type AddIdentityProviderInput = IdentityProviderSettings & { readonly name: string };

export async function addIdentityProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: AddIdentityProviderInput,
): Promise<Outcome<IdentityProvider>> {
  return unlessNameTaken('an identity provider', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const problems = await missingGroups(tx, input);
      if (problems.length > 0) return invalid(...problems);
      const made = await tx.insert('identityProvider', {
        name: input.name,
        description: input.description ?? '',
        enabled: true,
        authenticator: null,
        justInTime: {
          enabled: false,
          userStoreId: null,
          attributeSync: 'override',
          userNameAttribute: null,
          roleAttribute: null,
          groupSync: 'override',
        },
        attributeMappings: input.attributeMappings ?? [],
        roleMappings: input.roleMappings ?? [],
        outboundRoles: input.outboundRoles ?? [],
      });
      await tx.append([{ type: 'identity-provider.added', payload: { identityProviderId: made.id, name: made.name } }]);
      return done(made);
    }),
  );
}
