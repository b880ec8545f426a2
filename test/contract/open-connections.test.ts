import { describe, expect, it } from 'vitest';
import type { StoredConfig } from '../../src/commands/ports.ts';
import { defineConnector, type Connector } from '../../src/connectors/contract/connector.ts';
import { memory } from '../../src/connectors/memory/index.ts';
import { createConnections, type OpenConnections } from '../../src/connectors/open-connections.ts';
import { definitions, definitionsWithMemory } from '../../src/connectors/registry.ts';
import type { TargetId, TenantId } from '../../src/domain/vocabulary.ts';
import { failureOf } from './bench.ts';

const tenantId = 'tenant-1' as TenantId;
const id = 'target-1' as TargetId;

interface Stored extends StoredConfig {
  version: number;
  config: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** The target as it is stored; tests change it as another process would. */
function bench(more: Partial<Stored> = {}) {
  let now = 0;
  let closed = 0;
  let loads = 0;
  const opened: object[] = [];
  const stored: Stored = { connectorType: 'memory', config: { name: 'open-connections' }, secrets: {}, version: 1, ...more };
  const place: { stored: Stored | null } = { stored };
  const definition = defineConnector({
    ...memory,
    config: { ...memory.config, token: { kind: 'secret', displayName: 'Token', description: '', required: false } },
    open: (config, tools): Connector => {
      opened.push(config);
      return { ...memory.open(config, tools), close: async () => void (closed += 1) };
    },
  });
  const connections: OpenConnections = createConnections({
    definitions: new Map([['memory', definition]]),
    tools: { http: { request: () => Promise.reject(new Error('No network here.')) }, now: () => now },
    loadConfig: async (target) => {
      loads += 1;
      return target.tenantId === tenantId && target.id === id ? structuredClone(place.stored) : null;
    },
    idleMs: 1_000,
  });
  return {
    connections,
    stored,
    opened,
    remove: () => void (place.stored = null),
    ask: (version = stored.version) => connections.connection({ tenantId, id, version }),
    loads: () => loads,
    closed: () => closed,
    pass: (milliseconds: number) => (now += milliseconds),
  };
}

describe('opened connections', () => {
  it('are one per target, also for many that ask at once', async () => {
    const { ask, opened } = bench();
    const all = await Promise.all([1, 2, 3].map(() => ask()));
    expect([new Set(all).size, opened.length]).toEqual([1, 1]);
  });
  it('read nothing while they are open', async () => {
    const { ask, loads } = bench();
    for (let i = 0; i < 3; i++) await ask();
    expect(loads()).toBe(1);
  });
  it('are opened anew when the configuration has changed, and the old one is closed once it is idle', async () => {
    const { ask, stored, opened, closed, pass } = bench();
    await ask();
    stored.version = 2;
    await ask();
    expect([opened.length, closed()]).toEqual([2, 0]);
    pass(1_001);
    await ask();
    expect([opened.length, closed()]).toEqual([2, 1]);
  });
  it('have address and secrets of one version, the stored one, whichever the asker saw', async () => {
    const { ask, stored, opened, loads } = bench({ version: 2, config: { name: 'new address' }, secrets: { token: 'new token' } });
    await ask(1);
    expect(opened).toEqual([{ name: 'new address', token: 'new token' }]);
    // Whoever saw the newer one finds it open already.
    await ask(2);
    expect(loads()).toBe(1);
    stored.version = 3;
    await ask(3);
    expect(loads()).toBe(2);
  });
  it('are not tied to a failure to open', async () => {
    const { ask, stored } = bench({ config: { nothing: 'right' } });
    expect(await failureOf(ask())).toEqual({ kind: 'unauthorized' });
    stored.config = { name: 'right' };
    await expect(ask()).resolves.toBeDefined();
  });
  it('do not exist for a type that nobody knows, and for a target that is gone', async () => {
    expect(await failureOf(bench({ connectorType: 'gone' }).ask())).toEqual({ kind: 'unauthorized' });
    const { ask, remove } = bench();
    remove();
    expect(await failureOf(ask())).toEqual({ kind: 'unauthorized' });
  });
  it('are closed with the house', async () => {
    const { connections, ask, closed } = bench();
    await ask();
    await connections.close();
    expect(closed()).toBe(1);
  });
});

describe('a form that is tried out', () => {
  const form = { tenantId, connectorType: 'memory', config: { name: 'typed in' } };
  const keeping = { ...form, storedSecrets: { targetId: id, version: 1, names: ['token'] } };

  it('has the secrets that are kept, and only those', async () => {
    const { connections, opened } = bench({ secrets: { token: 'kept', other: 'not asked for' } });
    await connections.open({ ...form, storedSecrets: null });
    await connections.open(keeping);
    await connections.open({ ...keeping, config: { ...form.config, token: 'typed in' } });
    expect(opened).toEqual([{ name: 'typed in' }, { name: 'typed in', token: 'kept' }, { name: 'typed in', token: 'typed in' }]);
  });
  it('is not opened with secrets that were given for other settings meanwhile', async () => {
    const { connections, opened } = bench({ version: 2, secrets: { token: 'for another address' } });
    await expect(connections.open(keeping)).rejects.toThrow('changed meanwhile');
    expect(opened).toEqual([]);
  });
});

describe('the registry', () => {
  it('keeps the target in memory out of the ordinary catalogue', () => {
    expect([definitions.has('memory'), definitionsWithMemory.has('memory')]).toEqual([false, true]);
  });
  it.each([...definitionsWithMemory.values()])('holds a $type that is whole', (definition) => {
    const matching = definition.account.find(({ name }) => name === definition.defaultMatchingAttribute);
    expect(matching?.matchable).toBe(true);
    for (const field of Object.values(definition.config))
      expect(field.when === undefined || field.when.field in definition.config).toBe(true);
  });
});
