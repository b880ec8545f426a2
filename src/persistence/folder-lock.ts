/**
 * One process for one embedded folder. PGlite has no lock: two processes on one folder silently lose rows. Process ids lie in containers
 * and files survive kill -9, so the lock is a listening socket in the folder: it answers as long as its process lives, and no longer.
 *
 * Everybody publishes a socket of their own before looking at the others' (as in Lamport's bakery), so of two that start at once at least
 * one sees the other; a dead one refuses connections and is swept away.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** sun_path holds 108 bytes with its closing zero. */
const longestPath = 107;
type Answer = 'holds' | 'wants' | 'dead' | 'broke-off';
/** Who breaks off is about to leave; one that does nothing else for two seconds is taken for a holder. */
const mostBreaks = 200;

/** Whoever starts a second process can mend that: a sentence is enough. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(`The data folder ${folder} is in use by another process. An embedded database is for one process; set DATABASE_URL for several.`);
    this.name = 'FolderInUse';
  }
}

/** Throws FolderInUse where another process (or this one) has the folder open. Returns how to give it free. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const name = `usher-${randomBytes(8).toString('hex')}.lock`;
  const { server, place, take } = await publish(realpathSync(folder), name);
  const release = async (): Promise<void> => {
    rmSync(join(place, name), { force: true });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  try {
    for (const other of others(place, name)) await outlive(folder, place, name, other);
  } catch (error) {
    await release();
    throw error;
  }
  take();
  return release;
}

async function outlive(folder: string, place: string, own: string, other: string): Promise<void> {
  for (let breaks = 0; ;) {
    const answer = await ask(join(place, other));
    if (answer === 'broke-off' && ++breaks < mostBreaks) {
      await wait(10);
      continue;
    }
    if (answer === 'dead') {
      rmSync(join(place, other), { force: true });
      return;
    }
    // Two that start at once: the lower name goes first, the other one gives up; so the lower waits until it has.
    if (answer !== 'wants' || other < own) throw new FolderInUse(folder);
    await wait(10);
  }
}

async function publish(folder: string, name: string): Promise<{ server: Server; place: string; take: () => void }> {
  let answer: Answer = 'wants';
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(answer);
  });
  server.unref();
  const hashed = join(tmpdir(), `usher-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`);
  const places = Buffer.byteLength(join(folder, `${name}.new`)) <= longestPath ? [folder, hashed] : [hashed];
  for (const [index, place] of places.entries()) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      await listen(server, join(place, `${name}.new`));
      // Seen by others only once it listens; a bound socket that doesn't listen yet would look dead.
      renameSync(join(place, `${name}.new`), join(place, name));
      return {
        server,
        place,
        take: () => {
          answer = 'holds';
        },
      };
    } catch (error) {
      // Some mounted file systems know no sockets: then beside the other temporary files of this machine.
      if (index === places.length - 1) throw error;
    }
  }
  throw new Error(`No place for the lock of ${folder}`);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function others(place: string, own: string): readonly string[] {
  return readdirSync(place).filter((file) => /^usher-[0-9a-f]{16}\.lock$/.test(file) && file !== own);
}

function ask(path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let said = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (said += text));
    socket.on('error', (error) =>
      resolve('code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') ? 'dead' : 'broke-off'),
    );
    // A process that is stopped answers nothing and may go on at any time.
    socket.setTimeout(2_000, () => {
      socket.destroy();
      resolve('holds');
    });
    socket.on('end', () => resolve(said === 'wants' || said === 'holds' ? said : 'broke-off'));
  });
}
