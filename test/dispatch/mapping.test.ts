import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userIdFields } from '../../src/connectors/contract/user-id-fields.ts';
import { memory } from '../../src/connectors/memory/index.ts';
import { memoryTarget } from '../../src/connectors/memory/target.ts';
import { definitionsWithMemory } from '../../src/connectors/registry.ts';
import type { ConnectorDefinition } from '../../src/connectors/contract/connector.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { until } from '../support/people.ts';

/** Memory with a user id pattern in its form. */
const patterned: ConnectorDefinition = {
  ...memory,
  type: 'patterned',
  config: { ...memory.config, ...userIdFields({ domainDescription: 'Domain.', domainRequired: false }) },
  userIdAttribute: 'userName',
  account: memory.account.map((spec) => (spec.name === 'userName' ? { ...spec, defaultMapping: { kind: 'user-id-pattern' } } : spec)),
};
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ parts: { definitions: new Map([...definitionsWithMemory, ['patterned', patterned]]) } });
});
afterAll(() => engine.close());

const document = readFileSync('schema/operations/mappings.graphql', 'utf8');
const operation = (name: string): string => {
  const parts = document.split(/\n(?=fragment|query|mutation)/);
  return parts.filter((part) => part.startsWith('fragment') || part.includes(` ${name}(`)).join('\n');
};
type Row = Record<string, unknown>;
const userName = { attribute: 'userName', source: { kind: 'USER_NAME' } };
const externalId = { attribute: 'externalId', source: { kind: 'USER_ID' } };
const configure = async (target: MemoryAtHand, rows: readonly Row[] | null) => {
  const current = await engine.admin.do(operation('Mapping'), { targetId: target.connectorId });
  return engine.admin.do(operation('ConfigureMapping'), { input: { targetId: target.connectorId, version: current.version, rows } });
};
const preview = (userId: string, target: MemoryAtHand, rows?: readonly Row[]) =>
  engine.admin.do(operation('PreviewAccount'), { userId, targetId: target.connectorId, ...(rows ? { rows } : {}) });
const patternedTarget = async (config: Record<string, unknown> = {}): Promise<MemoryAtHand> => {
  const name = `patterned ${randomUUID()}`;
  const target = await engine.admin.addTarget({ name, connectorType: 'patterned', config: { name, ...config } });
  return { ...target, name, memory: memoryTarget(name) };
};
const accountNames = (target: MemoryAtHand) => target.memory.accounts().map((account) => account.attributes['userName']);

it('makes no account for somebody without a value of what accounts are found by', async () => {
  const target = await engine.target({ matchingAttribute: 'emails' });
  const app = await engine.serviceProvider({ target });
  target.memory.put({ userName: 'here already', emails: ['ann@example.com'] });
  const user = await engine.register(app);
  await engine.rest(target);
  expect(target.memory.accounts()).toHaveLength(1);
  expect(await engine.operationsOf(user.id)).toMatchObject([
    { state: 'failed', failureKind: 'rejected', failureAttribute: 'emails', failureMessage: expect.stringContaining('"emails"') },
  ]);
});

describe("a target's own mapping", () => {
  it('holds from the moment it is saved, for everybody who belongs there', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    const title = { attribute: 'title', source: { kind: 'EXPRESSION', expression: '"Dear " & user.userName' } };
    const saved = await configure(target, [userName, externalId, title]);
    expect(saved.mapping).toMatchObject({ inherited: false, rows: [{ origin: 'OWN' }, { origin: 'OWN' }, { attribute: 'title' }] });
    await until(() => target.memory.accounts()[0]?.attributes['title'] === `Dear ${user.userName}`);
    const later = await engine.register(app);
    await engine.rest(target);
    expect(target.memory.accounts().map((account) => account.attributes['title'])).toContain(`Dear ${later.userName}`);
    expect((await configure(target, null)).mapping).toMatchObject({ inherited: true });
  });

  it('reads the account only where a value of the target could be in the way, and leaves that value', async () => {
    const target = await engine.target();
    await configure(target, [
      userName,
      externalId,
      { attribute: 'title', source: { kind: 'ATTRIBUTE', attribute: 'title' }, owner: 'TARGET' },
    ]);
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.changeTitle(user.id, 'ours');
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'ours' } }]);
    const reads = () => target.memory.calls.filter((call) => call.method === 'read').length;
    const before = reads();
    await engine.changeTitle(user.id, 'ours again');
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ attributes: { title: 'ours' } }]);
    expect(reads()).toBe(before + 1);
    const calls = target.memory.calls.length;
    await engine.changeTitle(user.id, 'ours again');
    await engine.rest(target);
    expect(target.memory.calls.length).toBe(calls);
  });

  it('rejects who has no value that a mapping can work with, naming the attribute and nothing of the person', async () => {
    const target = await engine.target();
    await configure(target, [
      userName,
      externalId,
      { attribute: 'title', source: { kind: 'EXPRESSION', expression: '$number(user.userName)' } },
    ]);
    const app = await engine.serviceProvider({ target });
    const user = await engine.register(app);
    await engine.rest(target);
    const [failed] = await engine.operationsOf(user.id);
    expect(failed).toMatchObject({ state: 'failed', failureKind: 'rejected', failureAttribute: 'title' });
    expect(failed!.failureMessage).not.toContain(user.userName);
    expect(target.memory.calls).toEqual([]);
  });

  it('is refused with the place of every fault', async () => {
    const target = await engine.target();
    const bad = configure(target, [
      userName,
      { attribute: 'nothing', source: { kind: 'USER_ID' } },
      { attribute: 'title', source: { kind: 'EXPRESSION', expression: '$now()' } },
    ]);
    await expect(bad).rejects.toThrow(/"path":\["rows","1","attribute"\].*"path":\["rows","2","source","expression"\]/);
    await expect(configure(target, [{ attribute: 'title', source: { kind: 'ATTRIBUTE' } }])).rejects.toThrow(
      /"path":\["rows","0","source","attribute"\]/,
    );
    await expect(configure(target, [])).rejects.toThrow(/userName/);
  });
});

describe('a preview', () => {
  it('shows where every attribute comes from, by rows that are not saved, and calls and writes nothing', async () => {
    const target = await engine.target();
    const app = await engine.serviceProvider();
    const user = await engine.register(app);
    await engine.changeTitle(user.id, 'Dr');
    const now = await preview(user.id, target);
    expect(now).toMatchObject({ complete: true, faults: [] });
    const one = (from: any, name: string) => from.attributes.find((each: any) => each.attribute === name);
    expect(one(now, 'title')).toMatchObject({ outcome: 'SET', value: ['Dr'], rowIndex: null, row: { origin: 'DEFAULT' } });
    expect(one(now, 'department')).toMatchObject({ outcome: 'CLEARED', value: null });
    const tried = await preview(user.id, target, [
      { attribute: 'title', source: { kind: 'EXPRESSION', expression: 'user.attributes.title & "!"' } },
      { attribute: 'department', source: { kind: 'ATTRIBUTE', attribute: 'x' }, owner: 'NEVER_CLEAR' },
    ]);
    expect(one(tried, 'title')).toMatchObject({ outcome: 'SET', value: ['Dr!'], rowIndex: 0, row: { origin: 'OWN' } });
    expect(one(tried, 'department')).toMatchObject({ outcome: 'LEFT_ALONE', rowIndex: 1 });
    expect(one(tried, 'userName')).toMatchObject({ outcome: 'MISSING', row: null });
    expect(tried.complete).toBe(false);
    expect(tried.faults).toMatchObject([{ path: ['rows'] }]);
    expect(target.memory.calls).toEqual([]);
    expect(await engine.operationsOf(user.id)).toEqual([]);
  });
});

describe('two people who would get one id', () => {
  const twins = async (config: Record<string, unknown>, count: number) => {
    const target = await patternedTarget({ userIdDomain: 'g.com', ...config });
    const app = await engine.serviceProvider({ target });
    const name = `ann-${randomUUID().slice(0, 8)}`;
    // Names that differ for us and come to one id there.
    const spelled = Array.from({ length: count }, (_, i) => name.slice(0, 3) + ' '.repeat(i) + name.slice(3));
    return { target, app, name, spelled };
  };

  it('are refused, the second with a clear problem', async () => {
    const { target, app, name, spelled } = await twins({}, 2);
    await engine.register(app, spelled[0]);
    await engine.rest(target);
    const second = await engine.register(app, spelled[1]);
    await engine.rest(target);
    expect(accountNames(target)).toEqual([`${name}@g.com`]);
    const [failed] = await engine.operationsOf(second.id);
    expect(failed).toMatchObject({ state: 'failed', failureKind: 'rejected', failureAttribute: 'userName' });
    expect(failed!.failureMessage).toContain('Another user has the id');
    expect(failed!.failureMessage).not.toContain(name);
  });

  it('are numbered where the connector says so, also when all come at once, and keep their number', async () => {
    const { target, app, name, spelled } = await twins({ userIdTaken: 'number' }, 5);
    const people = await Promise.all(spelled.map((each) => engine.register(app, each)));
    await engine.rest(target);
    const expected = ['', '2', '3', '4', '5'].map((number) => `${name}${number}@g.com`);
    expect(accountNames(target).toSorted()).toEqual(expected.toSorted());
    const before = new Map(target.memory.accounts().map((account) => [account.attributes['externalId'], account.attributes['userName']]));
    for (const person of people) await engine.changeTitle(person.id, 'Dr');
    await engine.rest(target);
    for (const account of target.memory.accounts())
      expect(account.attributes).toMatchObject({ title: 'Dr', userName: before.get(account.attributes['externalId']) });
  });

  it('are not made twice when a create was not answered: the account is found again by our own id', async () => {
    const { target, app, name, spelled } = await twins({ userIdTaken: 'number' }, 2);
    await engine.register(app, spelled[0]);
    await engine.rest(target);
    target.memory.inject({ kind: 'fail', when: 'after', method: 'create', times: 1, failure: { kind: 'transient', mayHaveApplied: true } });
    const second = await engine.register(app, spelled[1]);
    await until(async () => (await engine.operationsOf(second.id))[0]?.state === 'succeeded', 20_000);
    expect(accountNames(target).toSorted()).toEqual([`${name}2@g.com`, `${name}@g.com`]);
  });
});

it('refuses a pattern with an unknown token when the connector is saved, naming the field', async () => {
  await expect(patternedTarget({ userIdPattern: '{UN,SP}' })).rejects.toThrow(/"path":\["config","userIdPattern"\]/);
});
