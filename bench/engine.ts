/**
 * Durable operations a second into a local stub, against a bare HTTP loop that sends bodies of the same size with the same client and the
 * same number at once, and remembers nothing. An update costs one call, a creation two (look, then create).
 */
import { createHttpClient } from '../src/connectors/network/http-client.ts';
import type { ServiceProviderId, TargetId } from '../src/domain/vocabulary.ts';
import { firstLine, ownDatabase, start, startUsher, until, type Child } from './processes.ts';
import { seed, type Person } from './seed.ts';
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
  const people = Array.from({ length: operations }, (_, i) => personFor(`person-${i}`, kind));
  await seed(environment, target.connectorId as TargetId, door.id as ServiceProviderId, people);

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

function personFor(userName: string, kind: 'update' | 'create'): Person {
  const emails = `${userName}@example.org`;
  return {
    userName,
    attributes: { displayName: [`Display name of ${userName}`], givenName: ['Given'], familyName: ['Family'], email: [emails] },
    account:
      kind === 'create'
        ? null
        : {
            id: `account-${userName}`,
            applied: (id) => ({
              userName,
              externalId: id,
              displayName: 'Before',
              givenName: 'Given',
              familyName: 'Family',
              emails: [emails],
            }),
          },
  };
}
