import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMembers } from '../../src/commands/add-members.ts';
import { changeGroup } from '../../src/commands/change-group.ts';
import { changeIdentityProvider } from '../../src/commands/change-identity-provider.ts';
import { createGroup } from '../../src/commands/create-group.ts';
import { reevaluate } from '../../src/commands/reevaluate.ts';
import { removeGroup } from '../../src/commands/remove-group.ts';
import type { MappingRow, MappingSource } from '../../src/domain/mapping-row.ts';
import { accountOf } from '../../src/domain/mapping/prepare.ts';
import type { Group, IdentityProvider, Reevaluation, User } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration } from '../support/configuration.ts';
import { settledEvents } from '../support/events.ts';
import { makePeople, valueOf, type People } from './people.ts';

let configuration: Configuration;
let people: People;
let staff: Group;
let inside: User;
let outside: User;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(async () => configuration.close());
/** Two people with accounts behind a gate that is still open; one of them is in the group. */
beforeEach(async () => {
  people = await makePeople(configuration);
  [inside, outside] = [await people.user('inside'), await people.user('outside')];
  staff = valueOf(await createGroup(people.house, people.caller, { name: 'Staff' }));
  await addMembers(people.house, people.caller, { groupId: staff.id, userIds: [inside.id] });
  for (const user of [inside, outside]) {
    await people.assign(user, people.world.target);
    await people.link(user, people.world.target);
  }
});

const provider = async (): Promise<IdentityProvider> => {
  const found = await configuration.database.reads(people.tenantId).byId('identityProvider', people.world.target.identityProviderId);
  if (!found) throw new Error('There is no identity provider.');
  return found;
};
const letIn = async (...groups: readonly Group[]): Promise<void> => {
  const { id, version } = await provider();
  valueOf(await changeIdentityProvider(people.house, people.caller, { id, version, outboundRoles: groups.map((group) => group.id) }));
};
const renameProvider = async (name: string): Promise<void> => {
  const { id, version } = await provider();
  valueOf(await changeIdentityProvider(people.house, people.caller, { id, version, name }));
};
const renameStaff = async (name: string): Promise<void> => {
  const { id, version } = (await configuration.database.reads(people.tenantId).byId('group', staff.id))!;
  valueOf(await changeGroup(people.house, people.caller, { id, version, name }));
};
/** Their title comes from here, and their accounts are right with it. */
const map = async (source: MappingSource, config: Record<string, unknown> = {}): Promise<void> => {
  const row = { type: null, when: 'always', owner: 'source', defaultValues: [] } as const;
  const rows: readonly MappingRow[] = [
    { ...row, attribute: 'userName', source: { kind: 'user-name' } },
    { ...row, attribute: 'title', source },
  ];
  const { id, config: stored } = people.world.target;
  await people.write((tx) => tx.change('target', id, { mapping: rows, config: { ...stored, ...config } }));
  await people.write(async (tx) => {
    for (const { id: link, userId } of await tx.find('link', { targetId: id })) {
      const subject = await tx.mappingSubject(userId, id);
      const { mapped } = await accountOf(people.house.definitions.get('memory')!, subject!);
      if (mapped.kind === 'mapped') await tx.change('link', link, { applied: mapped.attributes });
    }
  });
};
const reevaluations = (): Promise<readonly Reevaluation[]> => configuration.database.reads(people.tenantId).find('reevaluation', {});
const lookAgain = (): Promise<void> => reevaluate(people.house, () => false);

describe('another gate', () => {
  test('ends the accounts of those who are not let through, and only theirs', async () => {
    await letIn(staff);
    expect(await people.operations(outside)).toEqual([]);
    expect(await reevaluations()).toMatchObject([{ cause: 'outbound-roles', state: 'waiting', total: 2, done: 0 }]);
    await lookAgain();
    expect(await people.operations(inside)).toEqual([]);
    expect(await people.operations(outside)).toMatchObject([{ kind: 'deprovision', trigger: 'change' }]);
    expect(await reevaluations()).toMatchObject([{ state: 'done', total: 2, done: 2, requested: 1 }]);
  });

  test('gives the account back when it opens again', async () => {
    await letIn(staff);
    await lookAgain();
    await people.end(outside, 'succeeded');
    const [link] = await configuration.database.reads(people.tenantId).find('link', { userId: outside.id });
    await people.write((tx) => tx.change('link', link!.id, { active: false }));
    await letIn();
    await lookAgain();
    expect((await people.operations(outside)).at(-1)).toMatchObject({ kind: 'provision', state: 'pending' });
  });

  test('is not looked at again for a new name', async () => {
    await renameProvider('Another name');
    expect(await reevaluations()).toEqual([]);
  });
});

describe('a new name', () => {
  test('of a group is written where an expression speaks of it, to those in the group', async () => {
    await map({ kind: 'expression', text: '$join(groups, "+")' });
    await renameStaff('Crew');
    expect(await reevaluations()).toMatchObject([{ cause: 'group-renamed', targetIds: [people.world.target.id], total: 2 }]);
    await lookAgain();
    expect(await people.operations(inside)).toMatchObject([{ kind: 'provision', trigger: 'change' }]);
    expect(await people.operations(outside)).toEqual([]);
  });

  test('of a group concerns no target without an expression, and an old name nobody', async () => {
    await map({ kind: 'roles' });
    await renameStaff('Crew');
    await map({ kind: 'expression', text: '$join(groups, "+")' });
    await renameStaff('Crew');
    expect(await reevaluations()).toEqual([]);
  });

  test.each<readonly [string, MappingSource, Record<string, unknown>]>([
    ['an expression may speak of it', { kind: 'expression', text: 'identityProvider' }, {}],
    ['ids are made of it', { kind: 'attribute', name: 'id', fallback: { kind: 'user-id-pattern' } }, { userIdPattern: '{UN, IDP}' }],
  ])('of an identity provider is written where %s', async (_, source, config) => {
    await map(source, config);
    await renameProvider(`Renamed ${people.tenantId}`);
    expect(await reevaluations()).toMatchObject([{ cause: 'identity-provider-renamed', targetIds: [people.world.target.id], total: 2 }]);
    await lookAgain();
    for (const user of [inside, outside]) expect(await people.operations(user)).toMatchObject([{ kind: 'provision', trigger: 'change' }]);
  });

  test('of an identity provider concerns no target whose ids are made of other things', async () => {
    await map({ kind: 'user-id-pattern' }, { userIdPattern: '{UN,UD,TD}' });
    await renameProvider(`Renamed ${people.tenantId}`);
    expect(await reevaluations()).toEqual([]);
  });
});

describe('a gate whose group is removed', () => {
  test('needs the word of whoever removes it', async () => {
    await letIn(staff);
    await lookAgain();
    const refused = await removeGroup(people.house, people.caller, { id: staff.id, evenIfUsed: false });
    expect(refused).toMatchObject({ kind: 'in-use', path: ['id'] });
  });

  test('stays shut: its members lose their accounts, and nobody else gets one', async () => {
    await letIn(staff);
    await lookAgain();
    await people.end(outside, 'succeeded');
    valueOf(await removeGroup(people.house, people.caller, { id: staff.id, evenIfUsed: true }));
    await lookAgain();
    expect(await people.operations(inside)).toMatchObject([{ kind: 'deprovision' }]);
    expect((await people.operations(outside)).filter((operation) => operation.kind === 'provision')).toEqual([]);
    expect((await provider()).outboundRoles).toEqual([staff.id]);
  });

  test('forgets the role mappings to it', async () => {
    const { id, version } = await provider();
    const roleMappings = [{ federated: 'employee', groupId: staff.id }];
    valueOf(await changeIdentityProvider(people.house, people.caller, { id, version, roleMappings }));
    valueOf(await removeGroup(people.house, people.caller, { id: staff.id, evenIfUsed: true }));
    expect((await provider()).roleMappings).toEqual([]);
  });
});

describe('looking again', () => {
  test('goes on where it was stopped, and two at once do no harm', async () => {
    const crowd = await Promise.all(Array.from({ length: 120 }, (_, i) => people.user(`person ${i}`)));
    for (const user of crowd) {
      await people.assign(user, people.world.target);
      await people.link(user, people.world.target);
    }
    // What other tests left behind takes no step of this one.
    await lookAgain();
    await letIn(staff);
    let steps = 0;
    await reevaluate(people.house, () => ++steps > 1);
    expect(await reevaluations()).toMatchObject([{ state: 'running', total: 122, done: 50 }]);
    await Promise.all([lookAgain(), lookAgain()]);
    await lookAgain();
    expect(await reevaluations()).toMatchObject([{ state: 'done', total: 122, done: 122, requested: 121 }]);
    for (const user of crowd) expect(await people.operations(user)).toMatchObject([{ kind: 'deprovision' }]);
  });

  test('of one tenant keeps no other waiting by failing, and is tried again', async () => {
    await letIn(staff);
    const others = await makePeople(configuration);
    await others.assign(await others.user('somebody'), others.world.target);
    await others.write((tx) =>
      tx.insert('reevaluation', {
        ...{ cause: 'outbound-roles', targetIds: [others.world.target.id], total: 1 },
        ...{ state: 'waiting', done: 0, requested: 0, cursor: null, finishedAt: null },
      }),
    );
    const failures: string[] = [];
    const { database, log } = people.house;
    const broken: typeof database = Object.create(database, {
      transaction: {
        value: (tenantId: typeof people.tenantId, work: never) =>
          tenantId === people.tenantId ? Promise.reject(new Error('No.')) : database.transaction(tenantId, work),
      },
    });
    const failing = { ...people.house, database: broken, log: { ...log, error: (_: unknown, fact: string) => void failures.push(fact) } };
    await reevaluate(failing, () => false);
    expect(failures).toEqual(['A re-evaluation failed and is tried again']);
    expect(await configuration.database.reads(others.tenantId).find('reevaluation', {})).toMatchObject([{ state: 'done' }]);
    expect(await reevaluations()).toMatchObject([{ state: 'waiting' }]);
    await lookAgain();
    expect(await reevaluations()).toMatchObject([{ state: 'done' }]);
  });

  test('is told to whoever listens', async () => {
    await letIn(staff);
    await lookAgain();
    const { items } = await settledEvents(configuration.database.reads(people.tenantId), { after: null, first: 100 });
    expect(items.filter((event) => event.type.startsWith('reevaluation.')).map((event) => event.payload)).toMatchObject([
      { cause: 'outbound-roles', assignments: 2 },
      { cause: 'outbound-roles', assignments: 2, operations: 1 },
    ]);
  });
});
