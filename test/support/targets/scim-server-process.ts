/** The SCIM server of scim-server.ts in a process of its own: it survives what a chaos test does to ours, and takes no time from it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FaultKind } from './faults.ts';
import type { StoredGroup, StoredUser } from './scim-store.ts';

export interface ScimServerProcess {
  readonly url: string;
  readonly token: string;
  users(): Promise<readonly StoredUser[]>;
  groups(): Promise<readonly StoredGroup[]>;
  requests(): Promise<readonly { readonly method: string; readonly path: string; readonly query: string }[]>;
  fault(kind: FaultKind, options?: { readonly times?: number; readonly method?: string }): Promise<void>;
  latency(milliseconds: number): Promise<void>;
  dropAnswers(probability: number, seed?: number): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startScimServerProcess(
  options: {
    readonly latencyMs?: number;
    readonly token?: string;
    /** Two users of one name are let in, so that a test sees what was made twice. */
    readonly allowDuplicates?: boolean;
  } = {},
): Promise<ScimServerProcess> {
  const file = fileURLToPath(new URL('./scim-server.ts', import.meta.url));
  const args = ['--end-with-parent', '--latency', String(options.latencyMs ?? 0), '--token', options.token ?? 'scim-token'];
  if (options.allowDuplicates) args.push('--allow-duplicates');
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('The SCIM server did not start.'))),
  ])) as [string];
  const { url, token, control } = JSON.parse(line) as { url: string; token: string; control: string };

  async function get<T>(path: string): Promise<T> {
    return (await (await fetch(`${control}/${path}`)).json()) as T;
  }
  async function post(path: string, body: unknown = {}): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${control}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.status !== 204) throw new Error(`The control of the SCIM server answered ${response.status}.`);
  }

  return {
    url,
    token,
    users: () => get('users'),
    groups: () => get('groups'),
    requests: () => get('requests'),
    fault: (kind, rest = {}) => post('fault', { kind, ...rest }),
    latency: (ms) => post('latency', { ms }),
    dropAnswers: (probability, seed = 1) => post('drop-answers', { probability, seed }),
    reset: () => post('reset'),
    close: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
