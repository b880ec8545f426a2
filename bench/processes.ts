/** Child processes of the benchmarks: Usher itself, the bare login it is compared with, and the stub it provisions to. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const children = new Set<ChildProcess>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface Child {
  readonly process: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Megabytes resident, as the kernel counts them. */
  rss(): number;
}

export function start(script: string, environment: Record<string, string> = {}, args: readonly string[] = []): Child {
  const runner = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...runner, script, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  return {
    process: child,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await gone;
      children.delete(child);
    },
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  };
}

/** The first line that the child prints as JSON. */
export async function firstLine<T>(child: Child): Promise<T> {
  let text = '';
  for await (const chunk of child.process.stdout!) {
    text += String(chunk);
    const line = text.split('\n').find((each) => each.startsWith('{') && each.endsWith('}'));
    if (line !== undefined) {
      child.process.stdout!.resume();
      return JSON.parse(line) as T;
    }
  }
  throw new Error(`The process ended without a word: ${text}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'usher-bench-'));
  folders.add(made);
  return made;
}

/** A PostgreSQL database of its own, or none: then everything is embedded. */
export async function ownDatabase(): Promise<{ readonly environment: Record<string, string>; drop(): Promise<void> }> {
  const server = process.env['DATABASE_URL'];
  if (server === undefined) return { environment: { USHER_DATA_DIR: folder() }, drop: async () => undefined };
  const name = `usher_bench_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const on = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await on(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    environment: { DATABASE_URL: url.href, USHER_DATA_DIR: folder() },
    drop: () => on(`drop database if exists ${name} with (force)`),
  };
}

export interface UsherProcess extends Child {
  readonly url: string;
  /** From the start of the process until it answers /readyz. */
  readonly readyMs: number;
}
export const adminPassword = 'the password of the benchmark';

export async function startUsher(environment: Record<string, string>): Promise<UsherProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const child = start('dist/src/main.js', {
    USHER_PORT: String(port),
    USHER_PUBLIC_URL: url,
    USHER_ADMIN_PASSWORD: adminPassword,
    USHER_ALLOW_INTERNAL_ADDRESSES: 'true',
    USHER_LOG_LEVEL: 'warn',
    ...environment,
  });
  child.process.stdout!.pipe(process.stderr);
  await until(async () => (await fetch(`${url}/readyz`)).status === 200, 60_000);
  return { ...child, url, readyMs: performance.now() - began };
}

export async function until(what: () => Promise<boolean>, ms: number, everyMs = 5): Promise<void> {
  const end = performance.now() + ms;
  for (;;) {
    if (await what().catch(() => false)) return;
    if (performance.now() > end) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50);
}
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}
