/** An administrator says how accounts at one target are made of users, or gives it back to what its connector proposes. It makes no call. */
import type { MappingRow } from '../domain/mapping-row.ts';
import { mappingFaults, sourceFault } from '../domain/mapping-faults.ts';
import type { Target, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { readMappingRows, type MappingRowInput } from './mapping-input.ts';
import { invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { requestReevaluation } from './reevaluate.ts';
import { changeAsSeen } from './settings-record.ts';

export interface ConfigureMappingInput {
  readonly targetId: TargetId;
  readonly version: number;
  /** null: back to the connector's defaults. */
  readonly rows: readonly MappingRowInput[] | null;
}

export async function configureMapping(
  house: Pick<House, 'database' | 'definitions'>,
  caller: Caller,
  { targetId, version, rows }: ConfigureMappingInput,
): Promise<Outcome<Target>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('target', targetId);
    if (!current) return notFound('provisioning connector', 'targetId');
    if (current.version !== version) return versionConflict(current.version);
    const definition = house.definitions.get(current.connectorType);
    if (!definition)
      return invalid({ path: ['targetId'], message: `This release knows no connector of the kind "${current.connectorType}".` });
    const read = rows === null ? null : readMappingRows(rows);
    if (read?.kind === 'invalid') return invalid(...read.problems);
    const faults = read ? mappingFaults(definition, read.rows, current) : [];
    if (faults.length > 0) return invalid(...faults.map(({ path, message }) => ({ path: ['rows', ...path], message })));
    const provider = await tx.byId('identityProvider', current.identityProviderId);
    const fault = provider && sourceFault(definition, read ? read.rows : null, provider, current);
    if (fault) return invalid({ path: ['rows'], message: fault });
    return saveMapping(tx, current, version, read ? read.rows : null);
  });
}

async function saveMapping(
  tx: Transaction,
  current: Target,
  version: number,
  mapping: readonly MappingRow[] | null,
): Promise<Outcome<Target>> {
  const changed = await changeAsSeen(tx, 'target', { id: current.id, version }, { mapping }, 'targetId');
  if (changed.kind !== 'done') return changed;
  const payload = { name: current.name, connectorType: current.connectorType };
  await tx.append([{ type: 'connector.configured', targetId: current.id, payload }]);
  // Everybody who belongs there is looked at again with the new mapping.
  await requestReevaluation(tx, 'mapping', [current.id]);
  return changed;
}
