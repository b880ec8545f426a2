import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFeed, type Feed, type FeedLimits, type FollowOptions } from '../../src/events/feed.ts';
import { FeedClosed } from '../../src/events/subscriber.ts';
import type { Bus, Log, NewEvent } from '../../src/commands/ports.ts';
import type { Event, TenantId, UserId } from '../../src/domain/vocabulary.ts';
import { testChance, testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.close());

const problems: string[] = [];
const log: Log = { info: () => undefined, warn: (_, fact) => void problems.push(fact), error: (_, fact) => void problems.push(fact) };
const deaf: Bus = { listen: () => () => undefined };

interface World {
  readonly tenantId: TenantId;
  readonly feed: Feed;
  /** How often the database was asked for events. */
  readonly asked: () => number;
  write(...events: readonly NewEvent[]): Promise<void>;
  follow(options?: Partial<FollowOptions>): AsyncIterableIterator<Event, void>;
}

let count = 0;
async function makeWorld(options: { bus?: Bus; limits?: Partial<FeedLimits>; pollMs?: number } = {}): Promise<World> {
  const { id: tenantId } = await database.tenants.create(`Feed ${(count += 1)}`);
  let asked = 0;
  const feed = createFeed({
    database: {
      reads: (tenant) => {
        const reads = database.reads(tenant);
        return {
          ...reads,
          events: (request) => {
            asked += 1;
            return reads.events(request);
          },
        };
      },
    },
    bus: options.bus ?? database.bus,
    log,
    limits: { waitingEvents: 1000, perSubscriber: 10, perProcess: 1000, ...options.limits },
    times: { pollMs: options.pollMs ?? 60_000, unsettledMs: 5 },
  });
  return {
    tenantId,
    feed,
    asked: () => asked,
    write: (...events) => database.transaction(tenantId, (tx) => tx.append(events)),
    follow: (more = {}) => feed.follow(tenantId, { after: null, role: 'viewer', subscriber: 'somebody', ...more }),
  };
}

/** An event that can be told from others: its own name in the payload. */
const named = (name: string): NewEvent => ({ type: 'user-store.created', payload: { userStoreId: null, name } });
const nameOf = (event: Event): unknown => event.payload['name'];

async function take(events: AsyncIterableIterator<Event, void>, howMany: number): Promise<readonly Event[]> {
  const taken: Event[] = [];
  while (taken.length < howMany) {
    const next = await events.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

describe('a subscriber', () => {
  test('is told first what was missed, then what comes', async () => {
    const world = await makeWorld();
    await world.write(named('missed 1'), named('missed 2'));
    const events = world.follow();
    expect((await take(events, 2)).map(nameOf)).toEqual(['missed 1', 'missed 2']);
    const next = events.next();
    await world.write(named('live'));
    expect(nameOf((await next).value as Event)).toBe('live');
    await world.feed.close();
  });

  test('who goes and comes back with the last position sees each event exactly once, in order, while two write at once', async () => {
    const world = await makeWorld();
    const rounds = 60;
    const writer = async (name: string) => {
      for (let i = 0; i < rounds; i++) await world.write(named(`${name} ${i}`), named(`${name} ${i} too`));
    };
    const writing = Promise.all([writer('left'), writer('right')]);
    const seen: Event[] = [];
    let after: string | null = null;
    while (seen.length < rounds * 4) {
      const events = world.follow({ after });
      const some = await take(events, Math.min(1 + (seen.length % 23), rounds * 4 - seen.length));
      seen.push(...some);
      after = some.at(-1)?.position ?? after;
      await events.return?.();
    }
    await writing;
    expect(new Set(seen.map((event) => event.position)).size).toBe(rounds * 4);
    for (const name of ['left', 'right']) {
      const own = seen.map(nameOf).filter((each) => String(each).startsWith(name));
      expect(own).toEqual(Array.from({ length: rounds }, (_, i) => [`${name} ${i}`, `${name} ${i} too`]).flat());
    }
    const rest = await database.reads(world.tenantId).events({ after, first: 10 });
    expect(rest.items).toEqual([]);
    await world.feed.close();
  });

  test('gets only what the filter and the role let through', async () => {
    const world = await makeWorld();
    const userId = testChance.uuid() as UserId;
    const secret: NewEvent = { type: 'api-token.created', payload: { apiTokenId: 'x', role: 'owner' } };
    await world.write(secret, { type: 'user.removed', userId, payload: {} }, named('store'), {
      type: 'user.deactivated',
      userId,
      payload: {},
    });
    const types = async (options: Partial<FollowOptions>, howMany: number) =>
      (await take(world.follow(options), howMany)).map(({ type }) => type);
    expect(await types({ role: 'operator' }, 3)).toEqual(['user.removed', 'user-store.created', 'user.deactivated']);
    expect(await types({ role: 'administrator' }, 2)).toEqual(['api-token.created', 'user.removed']);
    expect(await types({ userId }, 2)).toEqual(['user.removed', 'user.deactivated']);
    const live = world.follow({ types: ['api-token.created', 'user.deactivated'] });
    expect((await take(live, 1)).map(({ type }) => type)).toEqual(['user.deactivated']);
    const next = live.next();
    await world.write(secret, { type: 'user.deactivated', userId, payload: {} });
    expect((await next).value).toMatchObject({ type: 'user.deactivated' });
    await world.feed.close();
  });

  test('who reads too slowly is ended with the last position, and misses nothing by coming back', async () => {
    const world = await makeWorld({ limits: { waitingEvents: 3 } });
    const slow = world.follow();
    const first = slow.next();
    await world.write(named('0'));
    const told = (await first).value as Event;
    const quick = world.follow({ subscriber: 'another' });
    expect((await take(quick, 1)).map(nameOf)).toEqual(['0']);
    for (let i = 1; i <= 5; i++) await Promise.all([quick.next(), world.write(named(String(i)))]);
    const ended = await slow.next().catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(FeedClosed);
    expect(ended).toMatchObject({ reason: 'too-slow', lastPosition: told.position });
    const again = world.follow({ after: told.position });
    expect((await take(again, 5)).map(nameOf)).toEqual(['1', '2', '3', '4', '5']);
    await world.feed.close();
  });

  test('gives the place back while nothing happens, by leaving or by its signal', async () => {
    const world = await makeWorld({ limits: { perSubscriber: 1 } });
    const idle = world.follow();
    const waiting = idle.next();
    expect(() => world.follow()).toThrow(FeedClosed);
    await idle.return?.();
    expect(await waiting).toMatchObject({ done: true });
    const signal = new AbortController();
    const second = world.follow({ signal: signal.signal });
    const alsoWaiting = second.next();
    signal.abort();
    expect(await alsoWaiting).toMatchObject({ done: true });
    const never = world.follow();
    await never.return?.();
    const last = world.follow();
    await last.return?.();
    await world.feed.close();
  });

  test('is told of what came while no notification got through', async () => {
    const world = await makeWorld({ bus: deaf, pollMs: 20 });
    const events = world.follow();
    const next = events.next();
    await world.write(named('unheard'));
    expect(nameOf((await next).value as Event)).toBe('unheard');
    await world.feed.close();
  });
});

describe('the feed', () => {
  test('is read once for a whole crowd', async () => {
    const world = await makeWorld({ limits: { perSubscriber: 100 } });
    const crowd = Array.from({ length: 40 }, () => world.follow());
    const waiting = crowd.map((events) => events.next());
    await world.write(named('first'));
    await Promise.all(waiting);
    const before = world.asked();
    const next = crowd.map((events) => events.next());
    await world.write(named('second'));
    expect((await Promise.all(next)).map(({ value }) => nameOf(value as Event))).toEqual(crowd.map(() => 'second'));
    // A few looks more where somebody else's transaction on the same server keeps it unsettled; never one each.
    expect(world.asked() - before).toBeLessThan(crowd.length / 2);
    await world.feed.close();
  });

  test('tells no tenant of another', async () => {
    const [here, there] = [await makeWorld(), await makeWorld()];
    const events = here.follow();
    const next = events.next();
    await there.write(named('there'));
    await here.write(named('here'));
    expect(nameOf((await next).value as Event)).toBe('here');
    await Promise.all([here.feed.close(), there.feed.close()]);
  });

  test('goes on after the database was away', async () => {
    const { id: tenantId } = await database.tenants.create('Feed that breaks');
    let broken = false;
    let asked = 0;
    const feed = createFeed({
      database: {
        reads: (tenant) => {
          const reads = database.reads(tenant);
          const events: typeof reads.events = async (request) => {
            asked += 1;
            if (broken) throw new Error('away');
            return reads.events(request);
          };
          return { ...reads, events };
        },
      },
      bus: database.bus,
      log,
      times: { pollMs: 20, unsettledMs: 5 },
    });
    const events = feed.follow(tenantId, { after: null, role: 'viewer', subscriber: 'somebody' });
    const write = (name: string) => database.transaction(tenantId, (tx) => tx.append([named(name)]));
    const next = events.next();
    // Twice to the end, and the first look of the reader: from then on it follows.
    await expect.poll(() => asked).toBeGreaterThan(2);
    broken = true;
    await write('meanwhile');
    await expect.poll(() => problems).toContain('The event feed could not be read; it is read again soon.');
    broken = false;
    expect(nameOf((await next).value as Event)).toBe('meanwhile');
    await feed.close();
  });

  test('closing ends everybody and everything', async () => {
    const world = await makeWorld();
    const crowd = [world.follow(), world.follow()];
    const first = crowd.map((events) => events.next());
    await world.write(named('one'));
    await Promise.all(first);
    const waiting = [...crowd, world.follow()].map((events) => events.next());
    await world.feed.close();
    const [left, right] = await Promise.all(waiting);
    expect([left, right]).toMatchObject([{ done: true }, { done: true }]);
  });

  // One connection cannot hold a transaction open while another commits.
  test.skipIf(process.env['DATABASE_URL'] === undefined)(
    'does not tell a later event before an earlier one that commits late',
    async () => {
      const world = await makeWorld();
      const events = world.follow();
      const next = events.next();
      let commit = (): void => undefined;
      const held = new Promise<void>((resolve) => (commit = resolve));
      let appended = (): void => undefined;
      const isAppended = new Promise<void>((resolve) => (appended = resolve));
      const late = database.transaction(world.tenantId, async (tx) => {
        await tx.append([named('early position, late commit')]);
        appended();
        await held;
      });
      await isAppended;
      await world.write(named('late position, early commit'));
      const unsettled = await database.reads(world.tenantId).events({ after: null, first: 10 });
      expect(unsettled).toMatchObject({ items: [], unsettled: true });
      commit();
      await late;
      const second = events.next();
      expect([nameOf((await next).value as Event), nameOf((await second).value as Event)]).toEqual([
        'early position, late commit',
        'late position, early commit',
      ]);
      await world.feed.close();
    },
  );
});
