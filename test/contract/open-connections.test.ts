import { describe, expect, it } from 'vitest';
import { defineConnector, type Connector } from '../../src/connectors/contract/connector.ts';
import { memory } from '../../src/connectors/memory/index.ts';
import { createConnections, type Connections, type TargetToOpen } from '../../src/connectors/open-connections.ts';
import { definitions, definitionsWithMemory } from '../../src/connectors/registry.ts';
import type { TargetId } from '../../src/domain/vocabulary.ts';
import { failureOf } from './bench.ts';

const id = 'target-1' as TargetId;

function bench(settings: Partial<TargetToOpen> = {}) {
  let now = 0;
  let closed = 0;
  let opened = 0;
  const state = { id, connectorType: 'memory', config: { name: 'open-connections' } as Record<string, unknown>, version: 1, ...settings };
  const definition = defineConnector({
    ...memory,
    open: (config, tools): Connector => {
      opened += 1;
      return { ...memory.open(config, tools), close: async () => void (closed += 1) };
    },
  });
  const connections: Connections = createConnections({
    definitions: new Map([['memory', definition]]),
    tools: { http: { request: () => Promise.reject(new Error('No network here.')) }, now: () => now },
    secretsOf: async () => ({}),
    idleMs: 1_000,
  });
  return { connections, state, opened: () => opened, closed: () => closed, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('opened connections', () => {
  it('are one per target, also for many that ask at once', async () => {
    const { connections, state, opened } = bench();
    const all = await Promise.all([1, 2, 3].map(() => connections.connection(state)));
    expect([new Set(all).size, opened()]).toEqual([1, 1]);
  });
  it('are opened anew when the configuration has changed, and the old one is closed once it is idle', async () => {
    const { connections, state, opened, closed, pass } = bench();
    await connections.connection(state);
    state.version = 2;
    await connections.connection(state);
    expect([opened(), closed()]).toEqual([2, 0]);
    pass(1_001);
    await connections.connection(state);
    expect([opened(), closed()]).toEqual([2, 1]);
  });
  it('are not tied to a failure to open', async () => {
    const { connections, state } = bench({ config: { nothing: 'right' } });
    expect(await failureOf(connections.connection(state))).toEqual({ kind: 'unauthorized' });
    state.config = { name: 'right' };
    await expect(connections.connection(state)).resolves.toBeDefined();
  });
  it('do not exist for a type that nobody knows', async () => {
    const { connections, state } = bench({ connectorType: 'gone' });
    expect(await failureOf(connections.connection(state))).toEqual({ kind: 'unauthorized' });
  });
  it('are closed with the house', async () => {
    const { connections, state, closed } = bench();
    await connections.connection(state);
    await connections.close();
    expect(closed()).toBe(1);
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
