import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { passwords } from '../../src/auth/passwords.ts';
import { registerUser, type RegisterUserInput } from '../../src/commands/register-user.ts';
import { setUserPassword } from '../../src/commands/set-user-password.ts';
import { tryPassword } from '../../src/commands/try-password.ts';
import type { ServiceProviderId } from '../../src/domain/vocabulary.ts';
import { testChance } from '../support/database.ts';
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
  await people.row(people.world.target, { jitOutbound: false });
});

const open = () => people.write((tx) => tx.change('serviceProvider', people.serviceProvider.id, { selfRegistration: true }));
const register = (input: Partial<RegisterUserInput> = {}) =>
  registerUser(people.house, passwords, {
    serviceProviderId: people.serviceProvider.id,
    userName: 'hopper',
    attributes: [{ name: 'email', type: 'string', values: ['grace@example.com'] }],
    password: null,
    ...input,
  });

test('who registers is stored, belongs where the service provider says and is provisioned, JIT outbound or not', async () => {
  await open();
  const grace = valueOf(await register());
  expect(grace).toMatchObject({ userName: 'hopper', active: true, attributes: { email: ['grace@example.com'] } });
  expect(await people.operations(grace)).toMatchObject([
    { kind: 'provision', trigger: 'registration', serviceProviderId: people.serviceProvider.id },
  ]);
  expect(await people.events(grace)).toEqual(['user.created', 'assignment.added', 'provisioning.requested']);
});

test('a service provider without outbound rows only stores', async () => {
  await open();
  await people.write((tx) => tx.remove('outboundRow', { serviceProviderId: people.serviceProvider.id }));
  const grace = valueOf(await register());
  expect(await people.operations(grace)).toEqual([]);
  expect(await people.events(grace)).toEqual(['user.created']);
});

test('one that takes no registrations answers as one that does not exist', async () => {
  const closed = await register();
  expect(closed).toMatchObject({ kind: 'not-found', path: ['serviceProviderId'] });
  expect(await register({ serviceProviderId: testChance.uuid() as ServiceProviderId })).toEqual(closed);
});

test('a name that is taken is told, and nothing else of whose it is', async () => {
  await open();
  await people.user('hopper');
  expect(await register()).toEqual({ kind: 'name-taken', path: ['userName'], message: 'This user name is taken.' });
});

test('a password is at least twelve characters, and works afterwards', async () => {
  await open();
  expect(await register({ password: 'short' })).toMatchObject({ kind: 'invalid-input', problems: [{ path: ['password'] }] });
  const grace = valueOf(await register({ password: 'nanoseconds of wire' }));
  const works = (password: string) => tryPassword(people.house, passwords, { kind: 'user', ...grace }, password);
  expect(await works('nanoseconds of wire')).toBe(true);
  valueOf(await setUserPassword(people.house, passwords, people.caller, { userId: grace.id, password: 'another long one' }));
  expect(await works('nanoseconds of wire')).toBe(false);
});
