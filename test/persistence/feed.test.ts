import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/vocabulary.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { ago, makeWorld, type World } from './world.ts';
import { settledEvents } from '../support/events.ts';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await testDatabase({ databasePool: 20 });
  world = await makeWorld(database, 'Feed');
});
afterAll(() => database.close());

const created = (by: string) => ({ type: 'user.created', userId: world.user.id, payload: { by } }) as const;
const numbers = (position: string): [number, number] => position.split('-').map(Number) as [number, number];
const inOrder = (a: Event, b: Event): boolean => {
  const [x, y] = [numbers(a.position), numbers(b.position)];
  return x[0] < y[0] || (x[0] === y[0] && x[1] < y[1]);
};

describe('the feed', () => {
  it('is paged by position, filtered, and says where to go on even where nothing passed', async () => {
    const reads = database.reads(world.tenantId);
    const before = await reads.lastPosition();
    await database.transaction(world.tenantId, (tx) =>
      tx.append([created('1'), created('2'), { type: 'target.resumed', targetId: world.target.id, payload: {} }]),
    );
    const first = await settledEvents(reads, { after: before, first: 2 });
    expect(first.items.map((event) => event.payload)).toEqual([{ by: '1' }, { by: '2' }]);
    expect(first).toMatchObject({ hasNextPage: true, endPosition: first.items[1]!.position, unsettled: false });
    const rest = await reads.events({ after: first.endPosition, first: 2, types: ['user.removed'] });
    expect(rest).toMatchObject({ items: [], hasNextPage: false, endPosition: await reads.lastPosition() });
    expect((await reads.events({ after: rest.endPosition, first: 5 })).endPosition).toBe(rest.endPosition);
    expect((await reads.events({ after: before, first: 5, targetId: world.target.id })).items).toMatchObject([{ type: 'target.resumed' }]);
    await expect(reads.events({ after: 'yesterday', first: 1 })).rejects.toThrow('not a position');
  });

  it('wakes listeners when a transaction commits, and not before', async () => {
    let woken = 0;
    const heard = new Promise<void>((resolve) => {
      const stop = database.bus.listen('usher_events', () => {
        woken++;
        stop();
        resolve();
      });
    });
    await database.transaction(world.tenantId, async (tx) => {
      await tx.append([created('wake')]);
      expect(woken).toBe(0);
    });
    await heard;
    expect(woken).toBe(1);
  });

  it('forgets the oldest, so many at a time', async () => {
    const total = (await settledEvents(database.reads(world.tenantId), { after: null, first: 100 })).items.length;
    expect(await database.deleteEvents(ago(60_000), 100)).toBe(0);
    expect(await database.deleteEvents(new Date(Date.now() + 1000), 1)).toBe(1);
    expect((await settledEvents(database.reads(world.tenantId), { after: null, first: 100 })).items).toHaveLength(total - 1);
  });
});

describe.skipIf(process.env['DATABASE_URL'] === undefined)('the feed on PostgreSQL (skipped: no DATABASE_URL)', () => {
  it('tells a reader who follows every event once and in order, however late transactions commit', async () => {
    const writers = 12;
    const rounds = 15;
    let writing = true;
    const write = async (writer: number) => {
      for (let round = 0; round < rounds; round++)
        await database.transaction(world.tenantId, async (tx) => {
          await tx.append([created(`${writer}.${round}.a`)]);
          // Commit order is anything but the order of positions: that is what is tried here.
          await wait(Math.random() * 12);
          await tx.append([created(`${writer}.${round}.b`)]);
        });
    };
    const reads = database.reads(world.tenantId);
    const start = await reads.lastPosition();
    const seen: Event[] = [];
    const follow = async () => {
      for (let after = start; ;) {
        const done = !writing;
        const page = await reads.events({ after, first: 7 });
        seen.push(...page.items);
        after = page.endPosition;
        if (done && !page.hasNextPage && !page.unsettled) return;
      }
    };
    const following = follow();
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    writing = false;
    await following;
    expect(seen).toHaveLength(writers * rounds * 2);
    expect(new Set(seen.map((event) => event.payload['by'])).size).toBe(writers * rounds * 2);
    expect(seen.every((event, n) => n === 0 || inOrder(seen[n - 1]!, event))).toBe(true);
  });

  it('says that something later exists that may not be told yet', async () => {
    const reads = database.reads(world.tenantId);
    const start = await reads.lastPosition();
    await database.transaction(world.tenantId, async (tx) => {
      await tx.append([created('slow')]);
      await database.transaction(world.tenantId, (other) => other.append([created('quick')]));
      expect(await reads.events({ after: start, first: 5 })).toMatchObject({ items: [], endPosition: start, unsettled: true });
    });
    expect((await settledEvents(reads, { after: start, first: 5 })).items.map((event) => event.payload['by'])).toEqual(['slow', 'quick']);
  });

  it('goes on above the newest event where the data came from a cluster that had counted further', async () => {
    const { openDatabase } = await import('../../src/persistence/database.ts');
    const { testKeys } = await import('../support/database.ts');
    await database.query('update event set tx = tx + 1000000000');
    const after = await database.reads(world.tenantId).lastPosition();
    expect(after).toBeNull();
    const again = await openDatabase(
      { databaseUrl: database.url, databasePool: 2, dataDir: 'memory://', secretKeys: testKeys },
      database.parts,
    );
    await again.transaction(world.tenantId, (tx) => tx.append([created('restored')]));
    const { items } = await settledEvents(again.reads(world.tenantId), { after: null, first: 10_000 });
    await again.close();
    expect(items.at(-1)!.payload).toEqual({ by: 'restored' });
  });

  it('hears again after its connection was cut, and is told to look', async () => {
    const told = new Promise<void>((resolve) => {
      database.bus.listen('usher_work', () => resolve());
    });
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'usher bus' and datname = current_database()`,
    );
    await told;
  });
});
