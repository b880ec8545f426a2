/** Usher as `npm start` runs it: a process of its own, on an embedded database in a folder, told what to do by its environment alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface UsherProcess {
  readonly url: string;
  readonly readyAfterMs: number;
  /** SIGTERM, and SIGKILL where that is not heard. Resolves with the exit code; null: it was killed. */
  stop(): Promise<number | null>;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const patienceMs = 120_000;
const stopPatienceMs = 15_000;

export async function startUsherProcess(dataDir: string, adminPassword: string, signal: AbortSignal): Promise<UsherProcess> {
  const begun = performance.now();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    // Nothing of what this shell may have set for another Usher, a database above all.
    env: {
      ...withoutSettings(process.env),
      NODE_ENV: 'development',
      USHER_PORT: String(port),
      USHER_PUBLIC_URL: url,
      USHER_DATA_DIR: dataDir,
      USHER_ADMIN_PASSWORD: adminPassword,
      USHER_ALLOW_INTERNAL_ADDRESSES: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Its last words, in case they are needed; reading keeps the pipes from filling up.
  let words = '';
  const keep = (text: string): void => void (words = (words + text).slice(-20_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const ended = once(child, 'exit');
  // However this process ends, that one does not stay behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);

  async function stop(): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const impatient = setTimeout(kill, stopPatienceMs);
      await ended;
      clearTimeout(impatient);
    }
    process.off('exit', kill);
    return child.exitCode;
  }

  try {
    while (!(await isReady(url))) {
      signal.throwIfAborted();
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Usher ended instead of starting. It said:\n${words}`);
      if (performance.now() - begun > patienceMs) throw new Error(`Usher was not ready in ${patienceMs / 1000} s. It said:\n${words}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, readyAfterMs: performance.now() - begun, stop };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('USHER_') && name !== 'DATABASE_URL'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
