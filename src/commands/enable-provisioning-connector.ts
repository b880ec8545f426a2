/** An administrator enables a connector on an identity provider: a new target, into which outbound rows may provision from now on. */
import type { IdentityProviderId, Target } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { requestCheck } from './check-saved-connectors.ts';
import { readForm, type FormInput } from './connector-form.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessNameTaken } from './settings-record.ts';
import { concurrencyLimits, endingSettings, unfitAccounts, unfitSettings, usualRemoval, type TargetSettings } from './target-settings.ts';

export type EnableProvisioningConnectorInput = TargetSettings & {
  readonly identityProviderId: IdentityProviderId;
  readonly name: string;
  readonly connectorType: string;
  /** The connector's form, secrets among it. */
  readonly config: FormInput;
};

export async function enableProvisioningConnector(
  house: Pick<House, 'database' | 'definitions' | 'clock'>,
  caller: Caller,
  input: EnableProvisioningConnectorInput,
): Promise<Outcome<Target>> {
  return unlessNameTaken('a provisioning connector', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const provider = await tx.byId('identityProvider', input.identityProviderId);
      if (!provider) return notFound('identity provider', 'identityProviderId');
      const definition = house.definitions.get(input.connectorType);
      if (!definition) return invalid({ path: ['connectorType'], message: 'There is no such kind of connector.' });
      const form = readForm(definition, input.config, null);
      const problems = [...(form.kind === 'invalid' ? form.problems : []), ...unfitSettings(definition, input)];
      if (form.kind === 'invalid' || problems.length > 0) return invalid(...problems);
      const { config } = form;
      const matchingAttribute = input.matchingAttribute ?? definition.defaultMatchingAttribute;
      const unfit = unfitAccounts(definition, { config, matchingAttribute, mapping: null }, provider);
      if (unfit.length > 0) return invalid(...unfit);
      const target = await tx.insert('target', {
        identityProviderId: input.identityProviderId,
        name: input.name,
        connectorType: definition.type,
        enabled: true,
        config,
        removal: input.removal ?? usualRemoval(definition),
        adoption: input.adoption ?? 'link',
        matchingAttribute,
        maxConcurrentCalls: input.maxConcurrentCalls ?? concurrencyLimits.usual,
        mapping: null,
        removalAskedAt: null,
        ...endingSettings(input),
      });
      await tx.putSecrets({ kind: 'target', id: target.id }, form.secrets);
      await requestCheck(tx, definition, target.id, house.clock.now());
      const payload = { name: target.name, connectorType: target.connectorType };
      await tx.append([{ type: 'connector.enabled', targetId: target.id, payload }]);
      return done(target);
    }),
  );
}
