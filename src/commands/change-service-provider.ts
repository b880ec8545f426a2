/** An administrator changes what a service provider is called, how people sign in to it and where they may go. Outbound rows have their own command. */
import type { ServiceProvider, ServiceProviderId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { invalid, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { ruledTargets } from './policies-changed.ts';
import { requestReevaluation } from './reevaluate.ts';
import { missingReferences, type ServiceProviderSettings } from './service-provider-settings.ts';
import { changeAsSeen, given, unlessNameTaken } from './settings-record.ts';

export type ChangeServiceProviderInput = ServiceProviderSettings & { readonly id: ServiceProviderId; readonly version: number };

export async function changeServiceProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: ChangeServiceProviderInput,
): Promise<Outcome<ServiceProvider>> {
  const { id, version, name, description, homeUrl, returnUrls, signInIdentityProviderIds, passwordSignIn, selfRegistration, userStoreId } =
    input;
  const patch = given({ name, description, homeUrl, returnUrls, signInIdentityProviderIds, passwordSignIn, selfRegistration, userStoreId });
  return unlessNameTaken('a service provider', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const problems = await missingReferences(tx, input);
      if (problems.length > 0) return invalid(...problems);
      const before = await tx.byId('serviceProvider', id);
      const changed = await changeAsSeen(tx, 'serviceProvider', { id, version }, patch, 'id');
      if (changed.kind !== 'done') return changed;
      await tx.append([{ type: 'service-provider.changed', payload: { serviceProviderId: id, name: changed.value.name } }]);
      // Policies may know it by its name.
      if (before?.name !== changed.value.name) await requestReevaluation(tx, 'rules', await ruledTargets(tx));
      return changed;
    }),
  );
}
