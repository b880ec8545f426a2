import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeUser } from '../../src/commands/change-user.ts';
import { removeUser } from '../../src/commands/remove-user.ts';
import { retryOperations, type RetryOperationsInput } from '../../src/commands/retry-operations.ts';
import type { User } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration } from '../support/configuration.ts';
import { makePeople, valueOf, type People } from './people.ts';

let configuration: Configuration;
let people: People;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(async () => configuration.close());
beforeEach(async () => {
  people = await makePeople(configuration);
});

const retry = async (input: Partial<RetryOperationsInput> = {}) =>
  valueOf(await retryOperations(people.house, people.caller, { first: 1000, after: null, ...input }));

/** Assigned to the target, where making the account was given up. */
async function failing(userName: string): Promise<User> {
  const user = await people.user(userName);
  await people.assign(user, people.world.target);
  await changeUser(people.house, people.caller, {
    id: user.id,
    version: null,
    attributes: [{ name: 'title', type: 'string', values: ['Prof'] }],
  });
  await people.end(user, 'failed');
  return people.again(user);
}

test('what was given up runs again, asked for by an operator', async () => {
  const ada = await failing('lovelace');
  expect(await retry()).toMatchObject({ looked: 1, retried: 1, hasMore: false });
  expect(await people.operations(ada)).toMatchObject([{ state: 'failed' }, { state: 'pending', kind: 'provision', trigger: 'operator' }]);
});

test('what has become right meanwhile is left alone', async () => {
  const ada = await failing('lovelace');
  await people.link(ada, people.world.target);
  expect(await retry()).toMatchObject({ looked: 1, retried: 0 });
});

test('who was removed meanwhile is not made again', async () => {
  const ada = await failing('lovelace');
  await people.link(ada, people.world.target);
  valueOf(await removeUser(people.house, people.caller, { id: ada.id, version: null }));
  await people.end(ada, 'failed');
  expect(await retry()).toMatchObject({ looked: 2, retried: 1 });
  expect((await people.operations(ada)).at(-1)).toMatchObject({ state: 'pending', kind: 'deprovision' });
});

test('an account whose last assignment went is still ended', async () => {
  const ada = await failing('lovelace');
  await people.link(ada, people.world.target);
  await people.write(async (tx) => {
    await tx.remove('assignment', { userId: ada.id });
    await tx.change('operation', (await tx.find('operation', { userId: ada.id }))[0]!.id, { kind: 'deprovision' });
  });
  expect(await retry()).toMatchObject({ looked: 1, retried: 1 });
  expect((await people.operations(ada)).at(-1)).toMatchObject({ kind: 'deprovision' });
});

test('many are retried call by call, each once, with the filter that was asked for', async () => {
  const users = await Promise.all(['a', 'b', 'c'].map((name) => failing(`user ${name}`)));
  expect(await retry({ failureKind: 'conflict' })).toMatchObject({ looked: 0, hasMore: false });
  expect(await retry({ since: new Date(Date.now() + 60_000) })).toMatchObject({ looked: 0 });
  const first = await retry({ first: 2 });
  expect(first).toMatchObject({ looked: 2, retried: 2, hasMore: true });
  expect(await retry({ first: 2, after: first.end })).toMatchObject({ looked: 1, retried: 1, hasMore: false });
  for (const user of users) expect((await people.operations(user)).map(({ state }) => state)).toEqual(['failed', 'pending']);
});

test('two operators at once make no second operation', async () => {
  const ada = await failing('lovelace');
  await Promise.all([retry(), retry()]);
  expect((await people.operations(ada)).filter(({ state }) => state === 'pending')).toHaveLength(1);
});

test('more than a thousand at once is refused', async () => {
  expect(await retryOperations(people.house, people.caller, { first: 1001, after: null })).toMatchObject({ kind: 'invalid-input' });
});
