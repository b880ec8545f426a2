import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoginToOpen } from '../../src/commands/ports.ts';
import type { LoginAttempt, LoginAttemptId } from '../../src/domain/vocabulary.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { inAMinute, makeWorld, type World } from './world.ts';

let database: TestDatabase;
let ours: World;
let theirs: World;
beforeAll(async () => {
  database = await testDatabase();
  ours = await makeWorld(database, 'Ours');
  theirs = await makeWorld(database, 'Theirs');
});
afterAll(() => database.close());

const loginOf = ({ user, serviceProvider }: World, more: Partial<LoginToOpen> = {}): LoginToOpen => ({
  attempt: {
    id: randomUUID() as LoginAttemptId,
    serviceProviderId: serviceProvider.id,
    identityProviderId: null,
    userId: user.id,
    state: 'opened',
    refusal: null,
    reference: '0000-0000-0000',
    browserHash: 'h',
    returnTo: 'https://shop.example/cart',
    holds: [],
    decidedAt: new Date(),
  },
  user,
  once: { key: randomUUID(), until: inAMinute() },
  ...more,
});
const attempt = (world: World, { attempt: { id } }: LoginToOpen): Promise<LoginAttempt | null> =>
  database.reads(world.tenantId).byId('loginAttempt', id);
const useOnce = ({ tenantId }: World, { once }: LoginToOpen): Promise<boolean> =>
  database.transaction(tenantId, (tx) => tx.useOnce(once.key, once.until));

describe('a login that is opened in one statement', () => {
  it('is recorded as it was given, and its key is used', async () => {
    const login = loginOf(ours);
    const opened = await database.openLogin(ours.tenantId, login);
    expect(opened).toMatchObject({ ...login.attempt, tenantId: ours.tenantId });
    expect(await attempt(ours, login)).toEqual(opened);
    expect(await useOnce(ours, login)).toBe(false);
  });

  it('is opened once of ten times at once', async () => {
    const once = { key: randomUUID(), until: inAMinute() };
    const logins = Array.from({ length: 10 }, () => loginOf(ours, { once }));
    const opened = await Promise.all(logins.map((login) => database.openLogin(ours.tenantId, login)));
    expect(opened.filter((each) => each !== null)).toHaveLength(1);
    const written = await Promise.all(logins.map((login) => attempt(ours, login)));
    expect(written.filter((each) => each !== null)).toHaveLength(1);
  });

  it('is not opened beside a transaction that used its key', async () => {
    const login = loginOf(ours);
    expect(await useOnce(ours, login)).toBe(true);
    expect(await database.openLogin(ours.tenantId, login)).toBeNull();
    expect(await attempt(ours, login)).toBeNull();
  });

  it.each([
    ['of a user who changed since', () => loginOf(ours, { user: { ...ours.user, version: ours.user.version + 1 } })],
    ['of a user of another tenant', () => loginOf(ours, { user: theirs.user })],
  ])('is not opened, nor its key used, where it is one %s', async (_name, make) => {
    const login = make();
    expect(await database.openLogin(ours.tenantId, login)).toBeNull();
    expect(await attempt(ours, login)).toBeNull();
    expect(await useOnce(ours, login)).toBe(true);
  });
});
