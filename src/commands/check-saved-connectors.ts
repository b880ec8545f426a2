/**
 * Tries connectors whose settings were saved a moment ago, in the background: a mutation calls nobody. Asked for by the change in its own
 * transaction (requestCheck), worked off by any process (checkSavedConnectors). What it finds is told, and stops nothing.
 */
import type { ConnectorDefinition } from '../connectors/contract/connector.ts';
import type { ConnectorCheck, TargetId } from '../domain/vocabulary.ts';
import { forEachTenant } from './for-each-tenant.ts';
import type { House, Transaction } from './ports.ts';
import { checkTimeoutMs, tryConnector } from './try-connector.ts';

/** What was found out about other settings is forgotten. */
export async function requestCheck(tx: Transaction, definition: ConnectorDefinition, targetId: TargetId, now: Date): Promise<void> {
  if (!definition.capabilities.checksSaved) return;
  const asked = { dueAt: now, checkedAt: null, problems: null };
  const [known] = await tx.find('connectorCheck', { targetId });
  if (known) await tx.change('connectorCheck', known.id, asked);
  else await tx.insert('connectorCheck', { targetId, ...asked });
}

/** A process that dies meanwhile leaves the check to whoever looks after this. */
const leaseMs = 3 * checkTimeoutMs;

/** Tries what is due in all tenants. */
export async function checkSavedConnectors(house: House, isStopping: () => boolean): Promise<void> {
  await forEachTenant(house, async (tenantId) => {
    const due = await house.database.reads(tenantId).find('connectorCheck', { dueAt: { before: house.clock.now() } });
    for (const check of due) if (!isStopping()) await checkOne(house, check);
  });
}

async function checkOne(house: House, { id, tenantId, targetId, version }: ConnectorCheck): Promise<void> {
  const { database, clock } = house;
  const taken = await database.transaction(tenantId, async (tx) => {
    // Of two processes the second finds another version, and so does whoever ends a check of settings that were saved anew meanwhile.
    const mine = await tx.change('connectorCheck', id, { dueAt: new Date(clock.now().getTime() + leaseMs) }, version);
    return typeof mine === 'string' ? null : { mine, target: await tx.byId('target', targetId) };
  });
  if (!taken?.target) return;
  const { mine, target } = taken;
  const problems = await tryConnector(house, target.connectorType, () => house.connections.connection(target));
  await database.transaction(tenantId, async (tx) => {
    const done = await tx.change('connectorCheck', id, { dueAt: null, checkedAt: clock.now(), problems }, mine.version);
    if (typeof done === 'string') return;
    const payload = { name: target.name, connectorType: target.connectorType, works: problems.length === 0, problems: problems.length };
    await tx.append([{ type: 'connector.checked', targetId, payload }]);
  });
}
