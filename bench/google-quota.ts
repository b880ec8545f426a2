/**
 * How much of a quota of 2,400 calls a minute the Google connector uses through the engine, and how many calls are refused for being too
 * many: half of the work is updates (read, then patch), half creations (look, then create). The fake counts over any sixty seconds, as Google does.
 */
import type { ServiceProviderId, TargetId } from '../src/domain/vocabulary.ts';
import { firstLine, ownDatabase, start, startUsher, until } from './processes.ts';
import { seed, type Person } from './seed.ts';
import { adminOf } from './world.ts';

const quota = 2_400;
const people = 3_000;
/** The line begins with a burst, and the engine has to warm up: what is measured is the minute after. */
const warmUpMs = 8_000;
const measuredMs = 60_000;

interface Counts {
  readonly answered: number;
  readonly refused: number;
}

export async function benchGoogleQuota(): Promise<readonly string[]> {
  const fake = start('test/support/targets/google-server.ts', {}, ['--latency', '80']);
  const { config, control } = await firstLine<{ config: Record<string, unknown>; control: string }>(fake);
  // Each on a connection of its own: one that is kept while a minute is measured may be closed by the other side just when it is used again.
  const close = { connection: 'close' } as const;
  const post = async (path: string, body: unknown): Promise<Response> =>
    fetch(`${control}/${path}`, { method: 'POST', headers: { ...close, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const counts = async (): Promise<Counts> => (await (await fetch(`${control}/counts`, { headers: close })).json()) as Counts;

  const database = await ownDatabase();
  const environment = { ...database.environment, USHER_SECRET_KEYS: `bench:${Buffer.alloc(32, 1).toString('base64')}` };
  const setUp = await startUsher({ ...environment, USHER_ROLES: 'web' });
  const { admin } = await adminOf(setUp.url);
  const target = await admin.addTarget({
    name: 'Google',
    connectorType: 'google',
    config: { ...config, callsPerMinute: quota },
    more: { maxConcurrentCalls: 32 },
  });
  const door = await admin.addServiceProvider({ name: 'Door' });
  await setUp.stop();

  const addresses = Array.from({ length: people / 2 }, (_, i) => `known-${i}@example.com`);
  const ids = (await (await post('seed', { addresses })).json()) as readonly string[];
  const known = addresses.map((address, i) => personFor(address, ids[i] ?? null));
  const fresh = addresses.map((address) => personFor(address.replace('known', 'fresh'), null));
  const mixed = known.flatMap((person, i) => [person, fresh[i]!]);
  await seed(environment, target.connectorId as TargetId, door.id as ServiceProviderId, mixed);
  await post('quota', { calls: quota });

  const usher = await startUsher(environment);
  await until(async () => (await counts()).answered > 0, 60_000, 20);
  await wait(warmUpMs);
  const [before, began] = [await counts(), performance.now()];
  await wait(measuredMs);
  const [after, ended] = [await counts(), performance.now()];
  await usher.stop();
  await database.drop();
  await fake.stop('SIGKILL');

  const minutes = (ended - began) / 60_000;
  const answered = (after.answered - before.answered) / minutes;
  // Of all calls from the first on, those of the burst included.
  const refused = after.refused / (after.answered + after.refused);
  return [
    '| quota of 2,400 calls a minute | measured | goal |',
    '| --- | --- | --- |',
    `| calls a minute | ${answered.toFixed(0)} (${((answered / quota) * 100).toFixed(1)} %) | 95 % |`,
    `| refused | ${(refused * 100).toFixed(2)} % | under 1 % |`,
  ];
}

function personFor(address: string, accountId: string | null): Person {
  return {
    userName: address,
    attributes: { givenName: ['Given'], familyName: ['Family'] },
    account:
      accountId === null
        ? null
        : {
            id: accountId,
            applied: (id) => ({ primaryEmail: address, givenName: 'Before', familyName: 'Before', externalId: id }),
          },
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
