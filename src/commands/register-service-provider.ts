/** An administrator registers an application that people sign in to. It inherits the tenant's default outbound rows until it has its own. */
import type { ServiceProvider, UserStoreId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, type Outcome } from './outcome.ts';
import type { House, Reads } from './ports.ts';
import { missingReferences, type ServiceProviderSettings } from './service-provider-settings.ts';
import { unlessNameTaken } from './settings-record.ts';

export type RegisterServiceProviderInput = ServiceProviderSettings & { readonly name: string };

export async function registerServiceProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: RegisterServiceProviderInput,
): Promise<Outcome<ServiceProvider>> {
  return unlessNameTaken('a service provider', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const problems = await missingReferences(tx, input);
      if (problems.length > 0) return invalid(...problems);
      const made = await tx.insert('serviceProvider', {
        name: input.name,
        description: input.description ?? '',
        homeUrl: input.homeUrl ?? null,
        returnUrls: input.returnUrls ?? [],
        signInIdentityProviderIds: input.signInIdentityProviderIds ?? [],
        passwordSignIn: input.passwordSignIn ?? false,
        selfRegistration: input.selfRegistration ?? false,
        userStoreId: input.userStoreId ?? (await primaryUserStore(tx)),
        ownsOutboundRows: false,
      });
      await tx.append([{ type: 'service-provider.registered', payload: { serviceProviderId: made.id, name: made.name } }]);
      return done(made);
    }),
  );
}

async function primaryUserStore(reads: Reads): Promise<UserStoreId> {
  const [primary] = await reads.find('userStore', { name: 'PRIMARY' });
  if (!primary) throw new Error('The tenant has no PRIMARY user store.');
  return primary.id;
}
