/**
 * Usher as a process of its own, to be killed and started again: src/main.ts, bundled once a run so that a start costs a second and not
 * five. It is the program itself, with the settings of a real one; only times are short. Start with startUsherProcess.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ask } from './web.ts';

export interface UsherProgram {
  readonly file: string;
  remove(): void;
}

/** The program and what it imports of ours, in one file; packages stay where they are. */
export async function bundleUsher(): Promise<UsherProgram> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  // Beneath node_modules, so that the packages are found from there.
  const folder = mkdtempSync(join(root, 'node_modules', '.usher-test-'));
  const { NODE_ENV } = process.env;
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // What the program reads from the environment stays a question to the environment.
    define: { 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
    build: { ssr: 'src/main.ts', outDir: folder, emptyOutDir: false, minify: false, copyPublicDir: false, target: 'node24' },
  });
  // Vite sets it for the whole process.
  if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = NODE_ENV;
  return { file: join(folder, 'main.js'), remove: () => rmSync(folder, { recursive: true }) };
}

export interface UsherProcess {
  readonly url: string;
  readonly pid: number;
  /** As a power cut would end it. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  terminate(): Promise<number | null>;
  /** What it logged as an error. */
  readonly errors: readonly string[];
}

/** The pipe from the parent closes when the parent ends, however it ends. */
const endWithParent = `data:text/javascript,${encodeURIComponent("process.stdin.on('end', () => process.exit(9)).resume()")}`;

export const processPassword = 'the password of the first administrator';

/** `settings` are environment variables. Resolves when it is ready. */
export async function startUsherProcess(
  program: UsherProgram,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<UsherProcess> {
  // The embedded database is much WebAssembly: compiled plainly, a start takes two thirds of the time.
  const child = spawn(process.execPath, ['--liftoff-only', '--import', endWithParent, program.file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      USHER_PORT: String(port),
      USHER_ALLOW_INTERNAL_ADDRESSES: 'true',
      USHER_ADMIN_PASSWORD: processPassword,
      USHER_SESSION_SECRET: 'a secret of tests that is long enough',
      USHER_SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      ...settings,
    },
  });
  const errors: string[] = [];
  const ready = Promise.withResolvers<undefined>();
  createInterface(child.stdout).on('line', (line) => {
    if (line.includes('"Usher is ready"')) ready.resolve(undefined);
    if (line.startsWith('{"level":50') || line.startsWith('{"level":60')) errors.push(line);
  });
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  child.once('exit', (code) => ready.reject(new Error(`Usher ended with ${code} before it was ready:\n${errors.join('\n')}`)));
  await ready.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    kill: async () => {
      await endWith(child, 'SIGKILL');
    },
    terminate: () => endWith(child, 'SIGTERM'),
    errors,
  };
}

async function endWith(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

/** A port that was free a moment ago, for a program that has to come back at the same address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Signs in as the first administrator and makes a token, as an administrator's program would. */
export async function tokenOf(url: string): Promise<string> {
  const signedIn = await ask(url, `mutation { signIn(input: { userName: "admin", password: "${processPassword}" }) { __typename } }`);
  const made = await ask(
    url,
    `mutation { createApiToken(input: { name: "chaos", role: ADMINISTRATOR }) { ... on CreatedApiToken { token } } }`,
    {},
    { cookie: signedIn.cookie },
  );
  const token: unknown = made.data?.createApiToken?.token;
  if (typeof token !== 'string') throw new Error(`No token was made: ${JSON.stringify([signedIn, made])}`);
  return token;
}
