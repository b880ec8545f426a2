/**
 * Opened connectors, one per target and version of its configuration, so that a token or a server's discovered habits are
 * fetched once and not for every call. It decides nothing about calls; those go straight to the connector it hands out.
 */
import type { Connections, StoredConfig } from '../commands/ports.ts';
import type { Target, TargetId } from '../domain/vocabulary.ts';
import { parseConfig } from './contract/config-fields.ts';
import { ConnectorError, type Connector, type ConnectorDefinition, type ConnectorTools } from './contract/connector.ts';
import { pacedHttp } from './network/paced-http.ts';

export interface LoadedConfig {
  readonly connectorType: string;
  /** The whole form, secrets unsealed. It stays inside the connector. */
  readonly config: Readonly<Record<string, unknown>>;
}
export interface OpenConnections extends Connections {
  close(): Promise<void>;
}
type StoredTarget = Pick<Target, 'tenantId' | 'id'>;

interface Entry {
  /** As asked for, until the configuration has been read and may turn out newer. */
  version: number;
  readonly connector: Promise<Connector>;
  usedAt: number;
}

export function createConnections(parts: {
  readonly definitions: ReadonlyMap<string, ConnectorDefinition>;
  readonly tools: ConnectorTools;
  /** One statement: a new secret must not go to the address that it was not given for. null: there is no such target. */
  readonly loadConfig: (target: StoredTarget) => Promise<StoredConfig | null>;
  /** A connector that nobody asked for during this time is closed. Longer than any call may last. Default ten minutes. */
  readonly idleMs?: number;
}): OpenConnections {
  const idleMs = parts.idleMs ?? 600_000;
  const current = new Map<TargetId, Entry>();
  // Replaced by a newer version, but calls may still run on them: they are closed when they have been idle as well.
  const replaced = new Set<Entry>();

  async function closeIdle(now: number): Promise<void> {
    const idle: Entry[] = [];
    for (const [targetId, entry] of current) if (now - entry.usedAt > idleMs && current.delete(targetId)) idle.push(entry);
    for (const entry of replaced) if (now - entry.usedAt > idleMs && replaced.delete(entry)) idle.push(entry);
    await Promise.all(idle.map(closeEntry));
  }

  async function load(target: StoredTarget): Promise<StoredConfig> {
    const stored = await parts.loadConfig(target);
    if (!stored) throw new ConnectorError({ kind: 'unauthorized' }, 'The connector was removed.');
    return stored;
  }

  return {
    connection: async ({ tenantId, id: targetId, version }) => {
      const now = parts.tools.now();
      const known = current.get(targetId);
      if (known && known.version >= version) {
        known.usedAt = now;
        await closeIdle(now);
        return known.connector;
      }
      if (known) replaced.add(known);
      const loaded = load({ tenantId, id: targetId });
      const connector = loaded.then(({ connectorType, config, secrets }) =>
        openConnector(parts.definitions, { connectorType, config: { ...config, ...secrets } }, parts.tools),
      );
      const entry: Entry = { version, connector, usedAt: now };
      current.set(targetId, entry);
      try {
        const [opened, stored] = await Promise.all([connector, loaded, closeIdle(now)]);
        entry.version = stored.version;
        return opened;
      } catch (error) {
        // The next call shall read the configuration again.
        if (current.get(targetId) === entry) current.delete(targetId);
        throw error;
      }
    },
    open: async ({ tenantId, connectorType, config, storedSecrets }) => {
      if (!storedSecrets) return openConnector(parts.definitions, { connectorType, config }, parts.tools);
      const stored = await load({ tenantId, id: storedSecrets.targetId });
      if (stored.version !== storedSecrets.version)
        throw new ConnectorError({ kind: 'conflict' }, 'The settings of the connector were changed meanwhile. Look at them and try again.');
      const kept = Object.entries(stored.secrets).filter(([name]) => storedSecrets.names.includes(name));
      return openConnector(parts.definitions, { connectorType, config: { ...Object.fromEntries(kept), ...config } }, parts.tools);
    },
    close: async () => {
      const all = [...current.values(), ...replaced];
      current.clear();
      replaced.clear();
      await Promise.all(all.map(closeEntry));
    },
  };
}

/**
 * Reads a form and opens its connector. A form that is no longer valid, or a kind of target this release does not know, is
 * answered like refused credentials: nothing helps until a person changes the configuration.
 */
export function openConnector(
  definitions: ReadonlyMap<string, ConnectorDefinition>,
  loaded: LoadedConfig,
  tools: ConnectorTools,
): Connector {
  const definition = definitions.get(loaded.connectorType);
  if (!definition) throw new ConnectorError({ kind: 'unauthorized' }, `There is no connector of type "${loaded.connectorType}".`);
  const parsed = parseConfig(definition.config, loaded.config);
  if (parsed.kind === 'invalid') {
    const problems = parsed.problems.map((problem) => problem.message).join(' ');
    throw new ConnectorError({ kind: 'unauthorized' }, `The configuration is not valid. ${problems}`);
  }
  const pace = definition.callsPerMinute?.(parsed.config) ?? null;
  return definition.open(parsed.config, pace === null ? tools : { ...tools, http: pacedHttp(tools.http, pace, tools.now) });
}

async function closeEntry(entry: Entry): Promise<void> {
  const connector = await entry.connector.catch(() => null);
  await connector?.close?.();
}
