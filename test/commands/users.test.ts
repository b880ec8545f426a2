import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assignUser } from '../../src/commands/assign-user.ts';
import { changeUser } from '../../src/commands/change-user.ts';
import { createUser } from '../../src/commands/create-user.ts';
import { createUserStore } from '../../src/commands/create-user-store.ts';
import { deactivateUser } from '../../src/commands/deactivate-user.ts';
import { provisionUserNow } from '../../src/commands/provision-user-now.ts';
import { reactivateUser } from '../../src/commands/reactivate-user.ts';
import { removeAssignment } from '../../src/commands/remove-assignment.ts';
import { removeUser } from '../../src/commands/remove-user.ts';
import { attributeLimits } from '../../src/domain/user-attributes.ts';
import type { User, UserId } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration } from '../support/configuration.ts';
import { group, makePeople, valueOf, type People } from './people.ts';

let configuration: Configuration;
let people: People;
let ada: User;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(async () => configuration.close());
beforeEach(async () => {
  people = await makePeople(configuration);
  ada = await people.user('lovelace');
});

const title = (value: string) => ({ name: 'title', type: 'string', values: [value] }) as const;
const change = (input: Partial<Parameters<typeof changeUser>[2]>) =>
  changeUser(people.house, people.caller, { id: ada.id, version: null, ...input });

describe('a change', () => {
  test('reaches every target the user is assigned to, whoever makes it, and no other', async () => {
    const second = await people.target('Second');
    await people.target('Not theirs');
    await people.assign(ada, people.world.target);
    await people.assign(ada, second);
    valueOf(await change({ attributes: [title('Countess')] }));
    const operations = await people.operations(ada);
    expect(operations.map(({ targetId }) => targetId).sort()).toEqual([people.world.target.id, second.id].sort());
    expect(operations.every(({ kind, state, trigger }) => kind === 'provision' && state === 'pending' && trigger === 'change')).toBe(true);
    expect(await people.events(ada)).toEqual(['user.changed', 'provisioning.requested', 'provisioning.requested']);
  });

  test('is a patch: no values clear, what is not named stays', async () => {
    valueOf(await change({ attributes: [{ name: 'nick', type: 'string', values: ['Ada', 'A.'] }] }));
    const cleared = valueOf(
      await change({
        attributes: [
          { name: 'title', type: 'string', values: null },
          { name: 'age', type: 'number', values: ['36'] },
          { name: 'alive', type: 'boolean', values: ['false'] },
        ],
      }),
    );
    expect(cleared.attributes).toEqual({ nick: ['Ada', 'A.'], age: [36], alive: [false] });
  });

  test('that changes nothing writes nothing', async () => {
    await people.assign(ada, people.world.target);
    const same = valueOf(await change({ userName: ada.userName, attributes: [title('Dr'), { name: 'gone', type: 'string', values: [] }] }));
    expect(same.version).toBe(ada.version);
    expect(await people.operations(ada)).toEqual([]);
    expect(await people.events(ada)).toEqual([]);
  });

  test('of something that was changed in between is refused with the version it has now', async () => {
    const { version } = valueOf(await change({ attributes: [title('Countess')] }));
    expect(await change({ version: ada.version, attributes: [title('Baroness')] })).toMatchObject({
      kind: 'version-conflict',
      currentVersion: version,
    });
  });

  test('twice at the same time loses neither', async () => {
    await Promise.all([
      change({ attributes: [{ name: 'a', type: 'string', values: ['1'] }] }),
      change({ attributes: [{ name: 'b', type: 'string', values: ['2'] }] }),
    ]);
    expect((await people.again(ada)).attributes).toEqual({ title: ['Dr'], a: ['1'], b: ['2'] });
  });
});

describe('attributes are refused', () => {
  const faults: readonly (readonly [string, Parameters<typeof changeUser>[2]['attributes'] & object, readonly string[]])[] = [
    ['with a name that is none', [{ name: '1st', type: 'string', values: ['a'] }], ['attributes', '0', 'name']],
    ['that are named twice', [title('a'), title('b')], ['attributes', '1', 'name']],
    ['with U+0000, which PostgreSQL cannot keep', [title('a\u0000b')], ['attributes', '0', 'values', '0']],
    ['with half a character, which JSON cannot keep', [title('a\ud800')], ['attributes', '0', 'values', '0']],
    ['with a number that is none', [{ name: 'age', type: 'number', values: ['1', 'NaN'] }], ['attributes', '0', 'values', '1']],
    ['with a truth that is none', [{ name: 'up', type: 'boolean', values: ['yes'] }], ['attributes', '0', 'values', '0']],
    ['that are too long', [title('é'.repeat(attributeLimits.bytes / 2 + 1))], ['attributes', '0', 'values', '0']],
    [
      'with too many values',
      [{ name: 'many', type: 'string', values: Array.from({ length: attributeLimits.values + 1 }, String) }],
      ['attributes', '0', 'values'],
    ],
  ];
  test.each(faults)('%s', async (_, attributes, path) => {
    expect(await change({ attributes })).toMatchObject({ kind: 'invalid-input', problems: [{ path }] });
  });

  test('when there are too many after the change, over several changes', async () => {
    const some = (from: number) => Array.from({ length: 60 }, (_, i) => ({ ...title('x'), name: `a${from + i}` }));
    valueOf(await change({ attributes: some(0) }));
    expect(await change({ attributes: some(60) })).toMatchObject({ kind: 'invalid-input', problems: [{ path: ['attributes'] }] });
  });
});

describe('a user name', () => {
  const create = (userName: string, userStoreId: User['userStoreId'] | null = null) =>
    createUser(people.house, people.caller, { userName, userStoreId, attributes: [], active: true });

  test('is taken once in a store, in any case, and free in another store', async () => {
    expect(await create('LOVELACE')).toMatchObject({ kind: 'name-taken', path: ['userName'] });
    const store = valueOf(await createUserStore(people.house, people.caller, { name: 'Partners' }));
    expect(valueOf(await create('lovelace', store.id))).toMatchObject({ userName: 'lovelace', userStoreId: store.id });
  });

  test('is free again when its user was removed, for somebody with another id', async () => {
    valueOf(await removeUser(people.house, people.caller, { id: ada.id, version: null }));
    expect(valueOf(await create('lovelace')).id).not.toBe(ada.id);
  });

  test.each(['', ' lovelace', 'love\u0000lace', 'love\nlace', 'x'.repeat(256)])('%j is none', async (userName) => {
    expect(await create(userName)).toMatchObject({ kind: 'invalid-input', problems: [{ path: ['userName'] }] });
  });
});

describe('deactivating', () => {
  test('ends accounts, and reactivating brings them back', async () => {
    await people.assign(ada, people.world.target);
    await people.link(ada, people.world.target);
    valueOf(await deactivateUser(people.house, people.caller, { id: ada.id, version: null }));
    expect(await people.operations(ada)).toMatchObject([{ kind: 'deprovision', trigger: 'change' }]);
    valueOf(await reactivateUser(people.house, people.caller, { id: ada.id, version: null }));
    expect(await people.operations(ada)).toMatchObject([{ kind: 'provision', trigger: 'change' }]);
    expect(await people.events(ada)).toEqual(['user.deactivated', 'provisioning.requested', 'user.reactivated']);
  });

  test('twice is done once', async () => {
    const first = valueOf(await deactivateUser(people.house, people.caller, { id: ada.id, version: null }));
    const second = valueOf(await deactivateUser(people.house, people.caller, { id: ada.id, version: null }));
    expect(second.version).toBe(first.version);
  });
});

describe('removing', () => {
  const remove = () => removeUser(people.house, people.caller, { id: ada.id, version: null });

  test('empties the row, takes what belongs to the person, and ends every account', async () => {
    const staff = await group(people, 'Staff');
    await people.assign(ada, people.world.target);
    await people.link(ada, people.world.target);
    await people.write(async (tx) => {
      await tx.insert('membership', { groupId: staff, userId: ada.id });
      const identityProviderId = people.world.target.identityProviderId;
      await tx.insert('identity', { userId: ada.id, identityProviderId, issuer: 'https://idp.test', subject: 'ada' });
    });
    valueOf(await remove());
    const left = await people.again(ada);
    expect(left).toMatchObject({ attributes: {}, active: false });
    expect(left.removedAt).not.toBeNull();
    const reads = configuration.database.reads(people.tenantId);
    for (const kind of ['assignment', 'identity', 'membership'] as const) expect(await reads.find(kind, { userId: ada.id })).toEqual([]);
    expect(await people.operations(ada)).toMatchObject([{ kind: 'deprovision', trigger: 'removal' }]);
    expect(await people.events(ada)).toEqual(['user.removed', 'provisioning.requested', 'assignment.removed']);
  });

  test('turns an account that is being made, and that nobody knows of yet, into one that ends', async () => {
    await people.assign(ada, people.world.target);
    valueOf(await change({ attributes: [title('Countess')] }));
    valueOf(await remove());
    expect(await people.operations(ada)).toMatchObject([{ kind: 'deprovision', state: 'pending' }]);
  });

  test('leaves nothing to change', async () => {
    valueOf(await remove());
    expect(await remove()).toMatchObject({ kind: 'not-found' });
    expect(await change({ attributes: [title('Ghost')] })).toMatchObject({ kind: 'not-found' });
  });
});

describe('belonging', () => {
  test('at a target provisions there, and once is enough', async () => {
    const input = { userId: ada.id, targetId: people.world.target.id, serviceProviderId: people.serviceProvider.id };
    const first = valueOf(await assignUser(people.house, people.caller, input));
    expect(valueOf(await assignUser(people.house, people.caller, input)).id).toBe(first.id);
    expect(await people.operations(ada)).toMatchObject([{ kind: 'provision', serviceProviderId: people.serviceProvider.id }]);
  });

  test('ends with the last reason for it, and the account with it', async () => {
    await people.link(ada, people.world.target);
    const byDefault = await people.assign(ada, people.world.target);
    const input = { userId: ada.id, targetId: people.world.target.id, serviceProviderId: people.serviceProvider.id };
    const byShop = valueOf(await assignUser(people.house, people.caller, input));
    valueOf(await removeAssignment(people.house, people.caller, { id: byDefault }));
    expect(await people.operations(ada)).toEqual([]);
    valueOf(await removeAssignment(people.house, people.caller, { id: byShop.id }));
    expect(await people.operations(ada)).toMatchObject([{ kind: 'deprovision', trigger: 'removal' }]);
    expect(await removeAssignment(people.house, people.caller, { id: byShop.id })).toMatchObject({ kind: 'not-found' });
  });

  test('is not for a target that is being removed, nor for anybody of another tenant', async () => {
    await people.write((tx) => tx.change('target', people.world.target.id, { removalAskedAt: new Date() }));
    const here = { userId: ada.id, targetId: people.world.target.id, serviceProviderId: null };
    expect(await assignUser(people.house, people.caller, here)).toMatchObject({ kind: 'in-use', path: ['targetId'] });
    const other = await makePeople(configuration);
    expect(await assignUser(other.house, other.caller, { ...here, targetId: other.world.target.id })).toMatchObject({
      kind: 'not-found',
      path: ['userId'],
    });
  });
});

test('an operator provisions to the rows of a service provider also what is right already', async () => {
  await people.row(people.world.target);
  await people.link(ada, people.world.target);
  const input = { userId: ada.id, serviceProviderId: people.serviceProvider.id };
  const planned = valueOf(await provisionUserNow(people.house, people.caller, input));
  expect(planned).toMatchObject([{ operation: 'provision', reason: 'asked-by-operator', assign: true }]);
  expect(await people.operations(ada)).toMatchObject([{ kind: 'provision', trigger: 'operator' }]);
  const nobody = { ...input, userId: people.serviceProvider.id as string as UserId };
  expect(await provisionUserNow(people.house, people.caller, nobody)).toMatchObject({ kind: 'not-found' });
});
