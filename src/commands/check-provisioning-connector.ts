/** Tries a connector with a form that need not be saved: address, credentials, privileges. Changes nothing, here and there. */
import type { CheckProblem, Connector } from '../connectors/contract/connector.ts';
import type { Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { readForm, type FormInput, type StoredForm } from './connector-form.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { House, UnsavedForm } from './ports.ts';
import { tryConnector } from './try-connector.ts';

export interface CheckProvisioningConnectorInput {
  /** A saved target whose settings the form changes, its secrets included; null: a new one. */
  readonly id: TargetId | null;
  /** Needed where `id` is null. */
  readonly connectorType: string | null;
  readonly config: FormInput;
}

/** An empty list means it works. */
export async function checkProvisioningConnector(
  house: Pick<House, 'database' | 'definitions' | 'connections' | 'log'>,
  caller: Caller,
  input: CheckProvisioningConnectorInput,
): Promise<Outcome<readonly CheckProblem[]>> {
  const form = await unsavedForm(house, caller, input);
  if (form.kind !== 'done') return form;
  let connector: Connector | null = null;
  try {
    return done(await tryConnector(house, form.value.connectorType, async () => (connector = await house.connections.open(form.value))));
  } finally {
    await close(connector);
  }
}

const close = async (connector: Connector | null): Promise<void> => connector?.close?.();

async function unsavedForm(
  house: Pick<House, 'database' | 'definitions'>,
  caller: Caller,
  input: CheckProvisioningConnectorInput,
): Promise<Outcome<UnsavedForm>> {
  const { tenantId } = caller;
  const { id } = input;
  const stored = id === null ? null : await storedForm(house, caller, id);
  if (id !== null && !stored) return notFound('provisioning connector', 'id');
  const connectorType = stored?.connectorType ?? input.connectorType;
  const definition = connectorType === null ? undefined : house.definitions.get(connectorType);
  if (!definition) return invalid({ path: ['connectorType'], message: 'There is no such kind of connector.' });
  const form = readForm(definition, input.config, stored);
  if (form.kind === 'invalid') return invalid(...form.problems);
  const typed = Object.entries(form.secrets).filter(([, value]) => value !== null);
  const config = { ...form.config, ...Object.fromEntries(typed) };
  const storedSecrets = stored && { targetId: stored.id, version: stored.version, names: form.keptSecrets };
  return done({ tenantId, connectorType: definition.type, config, storedSecrets });
}

async function storedForm(
  house: Pick<House, 'database'>,
  caller: Caller,
  id: TargetId,
): Promise<(StoredForm & Pick<Target, 'id' | 'version' | 'connectorType'>) | null> {
  const reads = house.database.reads(caller.tenantId);
  const target = await reads.byId('target', id);
  if (!target) return null;
  const secretNames = (await reads.secretNamesOf('target', [id])).get(id) ?? [];
  return { id, version: target.version, connectorType: target.connectorType, config: target.config, secretNames };
}
