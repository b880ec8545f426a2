/** An administrator changes the settings of a target. Whatever the engine had learnt about it is set aside: it may work now. */
import { isKept } from '../domain/mapping-table.ts';
import type { AccountAttributeSpec } from '../domain/mapping.ts';
import { userIdSettings } from '../domain/user-id-pattern.ts';
import type { Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { requestCheck } from './check-saved-connectors.ts';
import { readForm, type FormInput } from './connector-form.ts';
import { invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { requestReevaluation } from './reevaluate.ts';
import { changeAsSeen, given, unlessNameTaken } from './settings-record.ts';
import { endingSettings, unfitAccounts, unfitSettings, type TargetSettings } from './target-settings.ts';

export type ConfigureProvisioningConnectorInput = TargetSettings & {
  readonly id: TargetId;
  readonly version: number;
  readonly name?: string | undefined;
  /** Fields of the form that change: absent ones stay, null clears. */
  readonly config?: FormInput | undefined;
};

export async function configureProvisioningConnector(
  house: Pick<House, 'database' | 'definitions' | 'clock'>,
  caller: Caller,
  input: ConfigureProvisioningConnectorInput,
): Promise<Outcome<Target>> {
  const { id, version, name, removal, adoption, matchingAttribute, maxConcurrentCalls } = input;
  return unlessNameTaken('a provisioning connector', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const current = await tx.byId('target', id);
      if (!current) return notFound('provisioning connector', 'id');
      if (current.version !== version) return versionConflict(current.version);
      const definition = house.definitions.get(current.connectorType);
      if (!definition) return invalid({ path: ['id'], message: `This release knows no connector of the kind "${current.connectorType}".` });
      const owner = { kind: 'target', id } as const;
      const form = readForm(definition, input.config ?? {}, {
        config: current.config,
        secretNames: (await tx.secretNamesOf('target', [id])).get(id) ?? [],
      });
      const problems = [...(form.kind === 'invalid' ? form.problems : []), ...unfitSettings(definition, input)];
      if (form.kind === 'invalid' || problems.length > 0) return invalid(...problems);
      const provider = await tx.byId('identityProvider', current.identityProviderId);
      if (!provider) return notFound('identity provider', 'id');
      const matched = { ...current, ...given({ matchingAttribute }), config: form.config };
      const unfit = unfitAccounts(definition, matched, provider);
      if (unfit.length > 0) return invalid(...unfit);

      const patch = {
        ...given({ name, removal, adoption, matchingAttribute, maxConcurrentCalls }),
        ...endingSettings(input),
        config: form.config,
      };
      const changed = await changeAsSeen(tx, 'target', { id, version }, patch, 'id');
      if (changed.kind !== 'done') return changed;
      const moved = definition.account.filter((spec) => isMoved(spec, current.config, form.config)).map((spec) => spec.name);
      if (moved.length > 0) await tx.forgetApplied(id, moved);
      // Another pattern makes other ids, and in another place nothing has been written yet: everybody there is looked at again.
      if (moved.length > 0 || (definition.userIdAttribute !== undefined && makesOtherIds(current.config, form.config)))
        await requestReevaluation(tx, 'mapping', [id]);
      await tx.putSecrets(owner, form.secrets);
      await requestCheck(tx, definition, id, house.clock.now());
      const wasSuspended = await tx.clearCondition(id);
      const payload = { name: changed.value.name, connectorType: current.connectorType };
      await tx.append([
        { type: 'connector.configured', targetId: id, payload },
        ...(wasSuspended ? [{ type: 'target.resumed', targetId: id, payload: {} } as const] : []),
      ]);
      return changed;
    }),
  );
}

/** The form names a place for it that it did not name before. */
function isMoved(spec: AccountAttributeSpec, before: Target['config'], after: Target['config']): boolean {
  const { neededField } = spec;
  return neededField !== undefined && isKept(spec, after) && before[neededField] !== after[neededField];
}

function makesOtherIds(before: Target['config'], after: Target['config']): boolean {
  return JSON.stringify(userIdSettings(before)) !== JSON.stringify(userIdSettings(after));
}
