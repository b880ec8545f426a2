import { afterAll, beforeAll, expect, it } from 'vitest';
import { toLoggedError } from '../../src/http/log-error.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

it('tells nothing of the row that a database error is about', async () => {
  const tenant = await database.tenants.create('canary-tenant');
  const again = await database.tenants.create('canary-tenant').catch((error: unknown) => error as Error);
  expect(tenant.name).toBe('canary-tenant');
  expect(again).toBeInstanceOf(Error);
  const wrapped = new Error('It could not be made.', { cause: again });
  const logged = toLoggedError(wrapped);
  expect(JSON.stringify(logged)).not.toContain('canary-tenant');
  expect(logged.cause?.message).toContain('tenant');
  expect(logged.stack).toContain('log-error.test.ts');
});

it('tells type, message, code and causes of any other error', () => {
  const logged = toLoggedError(Object.assign(new TypeError('No such thing.', { cause: new Error('Because.') }), { code: 'E_NONE' }));
  expect(logged).toMatchObject({ type: 'TypeError', message: 'No such thing.', code: 'E_NONE', cause: { message: 'Because.' } });
});
