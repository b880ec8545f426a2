/** People, what they are linked to, and an operation for each, written while nobody works. */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { startQueue, type StartedQueue } from '../src/dispatch/queue.ts';
import type { AccountAttributes, AccountId, Attributes, ServiceProviderId, TargetId, UserId } from '../src/domain/vocabulary.ts';
import { openDatabase } from '../src/persistence/database.ts';

export interface Person {
  readonly userName: string;
  readonly attributes: Attributes;
  /** null: they have no account yet. */
  readonly account: { readonly id: string; readonly applied: (id: UserId) => AccountAttributes } | null;
}

export async function seed(
  environment: Record<string, string>,
  targetId: TargetId,
  serviceProviderId: ServiceProviderId,
  people: readonly Person[],
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
  for (let from = 0; from < people.length; from += 500)
    await database.transaction(tenantId, async (tx) => {
      const users = people.slice(from, from + 500).map((person) => ({ ...person, id: v7() as UserId }));
      await tx.insertMany(
        'user',
        users.map(({ id, userName, attributes }) => ({ id, userStoreId: store!.id, userName, attributes, active: true, removedAt: null })),
      );
      await tx.insertMany(
        'assignment',
        users.map(({ id }) => ({ userId: id, targetId, serviceProviderId })),
      );
      const links = users.flatMap(({ id, account }) =>
        account === null
          ? []
          : [
              {
                userId: id,
                targetId,
                accountId: account.id as AccountId,
                origin: 'created' as const,
                active: true,
                applied: account.applied(id),
                appliedAt: new Date(),
              },
            ],
      );
      if (links.length > 0) await tx.insertMany('link', links);
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
