import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetId } from '../../src/domain/vocabulary.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { createSealer } from '../../src/persistence/sealed.ts';
import { resealAll } from '../../src/persistence/secrets.ts';
import { testChance, testClock, testDatabase, testKeys, type TestDatabase } from '../support/database.ts';
import { makeWorld, type World } from './world.ts';

const old = { id: 'old', key: Buffer.alloc(32, 1) };
const fresh = { id: 'fresh', key: Buffer.alloc(32, 2) };
const place = { table: 'target', column: 'secrets', id: 'a', name: 'token' };

describe('a sealed value', () => {
  const sealer = createSealer([old]);

  it('opens where it belongs and holds nothing that can be read', () => {
    const sealed = sealer.seal(place, 'hunter2 ✓');
    expect(sealed).toMatch(/^v1\.old\.[A-Za-z0-9_-]+$/);
    expect(sealer.open(place, sealed)).toBe('hunter2 ✓');
    expect(sealer.seal(place, 'hunter2 ✓')).not.toBe(sealed);
  });

  it.each([{ table: 'user' }, { column: 'config' }, { id: 'b' }, { name: 'password' }])('does not open elsewhere: %o', (elsewhere) => {
    expect(() => sealer.open({ ...place, ...elsewhere }, sealer.seal(place, 'hunter2'))).toThrow('altered or moved');
  });

  it('does not open altered, shortened or with an unknown key, and the error does not repeat it', () => {
    const sealed = sealer.seal(place, 'hunter2');
    // Of the last character some bits count for nothing, so that another one may mean the same.
    const altered = sealed.slice(0, -2) + (sealed.at(-2) === 'A' ? 'B' : 'A') + sealed.slice(-1);
    expect(() => sealer.open(place, altered)).toThrow('altered or moved');
    expect(() => sealer.open(place, 'v1.old.AAAA')).toThrow();
    expect(() => createSealer([fresh]).open(place, sealed)).toThrow('USHER_SECRET_KEYS');
    expect(() => createSealer([])).toThrow('no key');
  });

  it('opens with any of several keys; the first seals', () => {
    const both = createSealer([fresh, old]);
    expect(both.open(place, sealer.seal(place, 'x'))).toBe('x');
    expect(both.isFresh(both.seal(place, 'x'))).toBe(true);
    expect(both.isFresh(sealer.seal(place, 'x'))).toBe(false);
  });
});

describe('secrets of a target', () => {
  let database: TestDatabase;
  let world: World;
  beforeAll(async () => {
    database = await testDatabase();
    world = await makeWorld(database, 'Sealed');
  });
  afterAll(() => database.close());

  it('are set, kept, cleared and named; null clears and absent keeps', async () => {
    const owner = { kind: 'target', id: world.target.id } as const;
    const put = (secrets: Record<string, string | null>) => database.transaction(world.tenantId, (tx) => tx.putSecrets(owner, secrets));
    await put({ token: 'one', password: 'two' });
    await put({ token: 'three' });
    expect(await database.secretsOf(world.tenantId, owner)).toEqual({ token: 'three', password: 'two' });
    const { version, connectorType, config } = world.target;
    expect(await database.configOf(world.tenantId, owner.id)).toEqual({
      ...{ version, connectorType, config },
      secrets: { token: 'three', password: 'two' },
    });
    expect(await database.configOf(world.tenantId, world.user.id as string as TargetId)).toBeNull();
    const { id: elsewhere } = await database.tenants.create('Elsewhere');
    expect([await database.secretsOf(elsewhere, owner), await database.configOf(elsewhere, owner.id)]).toEqual([{}, null]);
    await put({ password: null, key: 'four' });
    const names = await database.reads(world.tenantId).secretNamesOf('target', [world.target.id, world.user.id]);
    expect(names).toEqual(new Map([[world.target.id, ['key', 'token']]]));
    expect((await database.query('select secrets::text as stored from target')).rows[0]!['stored']).not.toMatch(/three|four/);
  });

  it('are sealed anew with the first key while others write', async () => {
    const owner = { kind: 'identityProvider', id: world.target.identityProviderId } as const;
    await database.transaction(world.tenantId, (tx) => tx.putSecrets(owner, { samlKey: 'PEM' }));
    const session = { query: async (text: string, parameters?: readonly unknown[]) => (await database.query(text, parameters)).rows };
    const sealer = createSealer([fresh, ...testKeys]);
    const [resealed] = await Promise.all([
      resealAll(session, sealer),
      ...Array.from({ length: 5 }, (_, n) => database.transaction(world.tenantId, (tx) => tx.putSecrets(owner, { samlKey: `PEM ${n}` }))),
    ]);
    expect(resealed).toBeGreaterThanOrEqual(3);
    await resealAll(session, sealer);
    expect(await resealAll(session, sealer)).toBe(0);
    const { rows } = await database.query(
      'select secrets::text as stored from target union all select secrets::text from identity_provider',
    );
    for (const row of rows) expect(row['stored']).not.toContain('v1.test.');
  });
});

it('npm run rotate-secrets seals everything with the first key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-rotate-'));
  const parts = {
    queue: () => {
      throw new Error('no queue');
    },
    clock: testClock,
    chance: testChance,
  };
  const settings = { databaseUrl: null, databasePool: 2, dataDir: folder };
  const first = await openDatabase({ ...settings, secretKeys: [old] }, parts);
  const world = await makeWorld(first, 'Rotated');
  await first.transaction(world.tenantId, (tx) => tx.putSecrets({ kind: 'target', id: world.target.id }, { token: 'hunter2' }));
  await first.close();
  const keys = [fresh, old].map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
  const env = { PATH: process.env['PATH'], USHER_DATA_DIR: folder, USHER_SECRET_KEYS: keys, USHER_SESSION_SECRET: 'x'.repeat(32) };
  const rotate = () => promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/rotate-secrets.ts'], { env });
  const running = await openDatabase({ ...settings, secretKeys: [old] }, parts);
  await expect(rotate()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The data folder .* is in use by another process\.[^\n]*\n$/),
  });
  await running.close();
  const run = await rotate();
  expect(run.stdout).toContain('Sealed anew with the first key: 1');
  const second = await openDatabase({ ...settings, secretKeys: [fresh] }, parts);
  expect(await second.secretsOf(world.tenantId, { kind: 'target', id: world.target.id })).toEqual({ token: 'hunter2' });
  await second.close();
  rmSync(folder, { recursive: true });
}, 120_000);
