/**
 * Durable operations a second into a local stub, against a bare HTTP loop that sends bodies of the same size with the same client and the
 * same number at once, and remembers nothing. An update costs one call, a creation two (look, then create).
 */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { createHttpClient } from '../src/connectors/network/http-client.ts';
import { startQueue, type StartedQueue } from '../src/dispatch/queue.ts';
import type { ServiceProviderId, TargetId, UserId } from '../src/domain/vocabulary.ts';
import { openDatabase } from '../src/persistence/database.ts';
import { firstLine, ownDatabase, start, startUsher, until, type Child } from './processes.ts';
import { adminOf } from './world.ts';

const operations = 6_000;
const atOnce = 64;

export async function benchEngine(): Promise<readonly string[]> {
  const stub = start('bench/scim-stub.ts');
  const { url, token } = await firstLine<{ url: string; token: string }>(stub);
  const lines = ['| engine | per second | ratio | goal |', '| --- | --- | --- | --- |'];
  // Before and after, so that a machine that drifts is seen.
  const before = await bareLoop(url, token);
  const updates = await drain(url, token, 'update');
  const creations = await drain(url, token, 'create');
  const after = await bareLoop(url, token);
  const bare = (before + after) / 2;
  const goal = process.env['DATABASE_URL'] === undefined ? '0.2' : '0.5';
  lines.push(
    `| bare HTTP loop, ${atOnce} at once | ${bare.toFixed(0)} (${before.toFixed(0)}, ${after.toFixed(0)}) | 1 | |`,
    `| durable updates, one call each | ${updates.toFixed(0)} | ${(updates / bare).toFixed(2)} | ${goal} |`,
    `| durable creations, two calls each | ${creations.toFixed(0)} | ${(creations / bare).toFixed(2)} | |`,
  );
  await stub.stop('SIGKILL');
  return lines;
}

async function bareLoop(url: string, token: string): Promise<number> {
  const http = createHttpClient({ allowInternalAddresses: true });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const body = JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [
      { op: 'replace', path: 'active', value: true },
      { op: 'replace', path: 'displayName', value: 'Display name 00000 of somebody' },
    ],
  });
  let left = operations;
  const loop = async (): Promise<void> => {
    while (left-- > 0) await http.request({ method: 'POST', url: `${url}/loop`, headers, body, signal: AbortSignal.timeout(10_000) });
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, loop));
  const seconds = (performance.now() - began) / 1000;
  await http.close();
  return operations / seconds;
}

/** Writes operations while nobody works, then starts Usher and measures from the first call until the last operation is settled. */
async function drain(stubUrl: string, token: string, kind: 'update' | 'create'): Promise<number> {
  const database = await ownDatabase();
  const environment = {
    ...database.environment,
    USHER_SECRET_KEYS: `bench:${Buffer.alloc(32, 1).toString('base64')}`,
    USHER_WORKER_SLOTS: String(atOnce),
  };
  const setUp = await startUsher({ ...environment, USHER_ROLES: 'web' });
  const { admin } = await adminOf(setUp.url);
  const target = await admin.addTarget({
    name: 'Stub',
    connectorType: 'scim2',
    config: { baseUrl: stubUrl, authentication: 'bearer', token },
    // The target would take more; this process makes no more than `atOnce` calls at the same time, as the loop does.
    more: { maxConcurrentCalls: 4 * atOnce },
  });
  const door = await admin.addServiceProvider({ name: 'Door' });
  await setUp.stop();
  await seed(environment, target.connectorId as TargetId, door.id as ServiceProviderId, kind);

  const counts = async () => (await (await fetch(`${stubUrl}/__counts`)).json()) as { PATCH: number; POST: number };
  const writes = ({ PATCH, POST }: { PATCH: number; POST: number }) => (kind === 'update' ? PATCH : POST);
  const none = writes(await counts());
  const starting = startUsher(environment);
  await until(async () => writes(await counts()) > none, 60_000, 1);
  const began = performance.now();
  const usher = await starting;
  await until(async () => writes(await counts()) >= none + operations, 300_000, 20);
  await settled(usher);
  const seconds = (performance.now() - began) / 1000;
  await usher.stop();
  await database.drop();
  return operations / seconds;
}

async function settled(usher: Child & { readonly url: string }): Promise<void> {
  await until(
    async () => !/usher_operations_unfinished\{[^}]*\} [1-9]/.test(await (await fetch(`${usher.url}/metrics`)).text()),
    60_000,
    20,
  );
}

async function seed(
  environment: Record<string, string>,
  targetId: TargetId,
  serviceProviderId: ServiceProviderId,
  kind: 'update' | 'create',
): Promise<void> {
  const engine: { queue?: StartedQueue } = {};
  const database = await openDatabase(
    {
      databaseUrl: environment['DATABASE_URL'] ?? null,
      databasePool: 4,
      dataDir: environment['USHER_DATA_DIR']!,
      secretKeys: [{ id: 'bench', key: Buffer.alloc(32, 1) }],
    },
    {
      queue: () => engine.queue!,
      clock: { now: () => new Date() },
      chance: { random: Math.random, uuid: v7, secret: () => randomBytes(32).toString('base64url') },
    },
  );
  engine.queue = await startQueue(database.pglite ? { pglite: database.pglite } : { url: database.url! }, (error) => console.error(error));
  const tenantId = (await database.tenants.byName('default'))!.id;
  const [store] = await database.reads(tenantId).find('userStore', {});
  for (let from = 0; from < operations; from += 500)
    await database.transaction(tenantId, async (tx) => {
      const users = Array.from({ length: Math.min(500, operations - from) }, (_, i) => ({
        id: v7() as UserId,
        userName: `person-${from + i}`,
      }));
      await tx.insertMany(
        'user',
        users.map(({ id, userName }) => ({
          id,
          userStoreId: store!.id,
          userName,
          attributes: {
            displayName: [`Display name of ${userName}`],
            givenName: ['Given'],
            familyName: ['Family'],
            email: [`${userName}@example.org`],
          },
          active: true,
          removedAt: null,
        })),
      );
      await tx.insertMany(
        'assignment',
        users.map(({ id }) => ({ userId: id, targetId, serviceProviderId })),
      );
      if (kind === 'update')
        await tx.insertMany(
          'link',
          users.map(({ id, userName }) => ({
            userId: id,
            targetId,
            accountId: `account-${userName}` as never,
            origin: 'created' as const,
            active: true,
            applied: {
              userName,
              externalId: id,
              displayName: 'Before',
              givenName: 'Given',
              familyName: 'Family',
              emails: [`${userName}@example.org`],
            },
            appliedAt: new Date(),
          })),
        );
      await tx.requestOperations(
        users.map(({ id }) => ({
          userId: id,
          targetId,
          kind: 'provision',
          trigger: 'change',
          serviceProviderId,
          priority: 'change',
          joinRunning: false,
        })),
      );
    });
  await engine.queue.stop();
  await database.close();
}
