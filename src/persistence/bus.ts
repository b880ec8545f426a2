/** LISTEN and NOTIFY: within the process when embedded, across processes on PostgreSQL, where a lost connection comes back by itself. */
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { Bus, BusChannel } from '../commands/ports.ts';

const channels: readonly BusChannel[] = ['usher_work', 'usher_events', 'usher_settled'];
const longestPauseMs = 5_000;

export interface OpenBus extends Bus {
  close(): Promise<void>;
}
type Listener = (payload: string) => void;

function listeners(): { readonly listen: Bus['listen']; readonly tell: (channel: string, payload: string) => void } {
  const byChannel = new Map<string, Set<Listener>>(channels.map((channel) => [channel, new Set()]));
  return {
    listen: (channel, listener) => {
      // Wrapped, so that the same function may listen twice and stop once.
      const own: Listener = (payload) => listener(payload);
      byChannel.get(channel)?.add(own);
      return () => byChannel.get(channel)?.delete(own);
    },
    tell: (channel, payload) => {
      for (const listener of [...(byChannel.get(channel) ?? [])]) listener(payload);
    },
  };
}

export async function embeddedBus(pglite: PGlite): Promise<OpenBus> {
  const { listen, tell } = listeners();
  const stops = await Promise.all(channels.map((channel) => pglite.listen(channel, (payload) => tell(channel, payload))));
  return {
    listen,
    close: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

export async function postgresBus(url: string): Promise<OpenBus> {
  const { listen, tell } = listeners();
  const state: { client: pg.Client | null; closed: boolean; retry: NodeJS.Timeout | null } = { client: null, closed: false, retry: null };
  let pauseMs = 50;

  const lost = (which: pg.Client): void => {
    if (state.client !== which) return;
    state.client = null;
    which.end().catch(() => undefined);
    if (state.closed) return;
    state.retry = setTimeout(() => {
      connect().then(
        // Whatever was said meanwhile went by unheard: everybody looks again.
        () => channels.forEach((channel) => tell(channel, '')),
        () => undefined,
      );
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'usher bus', connectionTimeoutMillis: 10_000 });
    state.client = next;
    next.on('notification', (message) => tell(message.channel, message.payload ?? ''));
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    try {
      await next.connect();
      await next.query(channels.map((channel) => `listen ${channel}`).join('; '));
      pauseMs = 50;
    } catch (error) {
      lost(next);
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    state.closed = true;
    if (state.retry) clearTimeout(state.retry);
    await state.client?.end();
  };
  try {
    await connect();
  } catch (error) {
    await close();
    throw error;
  }
  return { listen, close };
}
