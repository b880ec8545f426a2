/** An administrator changes name, mappings or outbound roles of an identity provider. Accounts follow in the background: see reevaluate. */
import { withoutSource } from '../domain/mapping-faults.ts';
import type { MappingProvider } from '../domain/mapping-table.ts';
import { usesIdentityProviderName } from '../domain/mapping/prepare.ts';
import type { IdentityProvider, IdentityProviderId, ReevaluationCause } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { missingGroups, type IdentityProviderSettings } from './identity-provider-settings.ts';
import { invalid, type InputProblem, type Outcome } from './outcome.ts';
import { ruledTargets } from './policies-changed.ts';
import type { House, Transaction } from './ports.ts';
import { reevaluateTargetsOf, requestReevaluation } from './reevaluate.ts';
import { changeAsSeen, given, unlessNameTaken } from './settings-record.ts';

export type ChangeIdentityProviderInput = IdentityProviderSettings & { readonly id: IdentityProviderId; readonly version: number };

export async function changeIdentityProvider(
  house: Pick<House, 'database' | 'definitions'>,
  caller: Caller,
  input: ChangeIdentityProviderInput,
): Promise<Outcome<IdentityProvider>> {
  const { id, version, name, description, attributeMappings, roleMappings, outboundRoles } = input;
  const patch = given({ name, description, attributeMappings, roleMappings, outboundRoles });
  return unlessNameTaken('an identity provider', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const problems = await missingGroups(tx, input);
      if (problems.length > 0) return invalid(...problems);
      const before = await tx.byId('identityProvider', id);
      if (before && before.version === version && attributeMappings) {
        const lost = await lostSources(house, tx, before, { attributeMappings });
        if (lost.length > 0) return invalid(...lost);
      }
      const changed = await changeAsSeen(tx, 'identityProvider', { id, version }, patch, 'id');
      if (changed.kind !== 'done') return changed;
      await tx.append([identityProviderChanged(changed.value)]);
      const cause = before && causeOf(before, changed.value);
      if (cause) await reevaluateTargetsOf(tx, [changed.value], cause);
      else if (before && before.name !== changed.value.name) await reevaluateNamed(house, tx, changed.value);
      return changed;
    }),
  );
}

/** Connectors that these mappings would leave without a value of what no account there can be made without. */
async function lostSources(
  { definitions }: Pick<House, 'definitions'>,
  tx: Transaction,
  before: IdentityProvider,
  after: MappingProvider,
): Promise<readonly InputProblem[]> {
  return (await tx.find('target', { identityProviderId: before.id })).flatMap((target): readonly InputProblem[] => {
    const definition = definitions.get(target.connectorType);
    if (!definition) return [];
    const missing = (provider: MappingProvider) => withoutSource(definition, target.mapping, provider, target).map(({ name }) => name);
    const already = missing(before);
    const lost = missing(after).filter((attribute) => !already.includes(attribute));
    if (lost.length === 0) return [];
    const message = `The connector "${target.name}" makes no account without ${lost.join(', ')}, and nothing else gives it a value: add a row to the connector's mapping first.`;
    return [{ path: ['attributeMappings'], message }];
  });
}

/** The first of what concerns accounts; one look again serves all. */
function causeOf(before: IdentityProvider, after: IdentityProvider): ReevaluationCause | null {
  const differs = (of: 'outboundRoles' | 'roleMappings' | 'attributeMappings'): boolean =>
    JSON.stringify(before[of]) !== JSON.stringify(after[of]);
  if (differs('outboundRoles')) return 'outbound-roles';
  if (differs('roleMappings')) return 'role-mappings';
  return differs('attributeMappings') ? 'attribute-mappings' : null;
}

/** Only where accounts are made of its name, or policies may know it by it. */
async function reevaluateNamed({ definitions }: Pick<House, 'definitions'>, tx: Transaction, { id }: IdentityProvider): Promise<void> {
  const ruled = await ruledTargets(tx);
  const concerned = (await tx.find('target', { identityProviderId: id })).filter((target) => {
    const definition = definitions.get(target.connectorType);
    return ruled.includes(target.id) || (definition !== undefined && usesIdentityProviderName(definition, target));
  });
  await requestReevaluation(
    tx,
    'identity-provider-renamed',
    concerned.map((target) => target.id),
  );
}
