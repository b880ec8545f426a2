/**
 * The only reader of the process's environment: every variable with what it means, all faults at once. It knows nothing of what the
 * settings are used for. Start with `variables`; `.env.example` repeats them, and a test compares.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { ownSecrets, type SecretKey } from './own-secrets.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const whole = (least: number, most: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .refine((value) => /^[^@?#]*$/.test(value), 'must have no user name, password, query or fragment')
  .transform((value) => value.replace(/\/+$/, ''));
const roleList = z
  .string()
  .transform((value) => value.split(',').map((role) => role.trim()))
  .pipe(z.array(z.enum(['web', 'worker'], { error: 'must be web, worker or both, separated by a comma' })).min(1));

/** In the order of `.env.example`. */
export const variables = {
  /** development, test or production. In production there is no introspection, and a warning where USHER_PUBLIC_URL is no https: without it cookies travel in the clear. */
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** Address to listen on. */
  USHER_HOST: z.string().min(1).default('127.0.0.1'),
  /** Port to listen on; 0 takes a free one, and then USHER_PUBLIC_URL says where it can be reached all the same. */
  USHER_PORT: whole(0, 65_535).default(4000),
  /** Where browsers and other systems reach Usher, without a path behind it. Default: http://localhost and the port. */
  USHER_PUBLIC_URL: httpUrl.optional(),
  /** PostgreSQL 15 or newer. Without it an embedded database in USHER_DATA_DIR is used, for one process. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  /** Connections to PostgreSQL that this process may hold. */
  USHER_DATABASE_POOL: whole(2, 1000).default(10),
  /** Folder of the embedded database and of secrets that Usher made itself. `memory://` keeps nothing. */
  USHER_DATA_DIR: z.string().min(1).default('./data'),
  /** What this process does: web (serve people and programs), worker (run operations), or both. */
  USHER_ROLES: roleList.default(['web', 'worker']),
  /** Signs session cookies, at least 32 characters. Needed in production with DATABASE_URL; else made once and kept in the data folder. */
  USHER_SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  /** Seal the secrets of connectors: `keyId:base64 of 32 bytes`, several separated by commas. The first seals, all open. Needed like the above. */
  USHER_SECRET_KEYS: z.string().transform(parseKeys).optional(),
  /** Password of the first administrator, used at the first start only. Without it one is made and printed once. */
  USHER_ADMIN_PASSWORD: z.string().min(12, 'must have at least 12 characters').optional(),
  /** Let connectors call loopback, link-local and private addresses. */
  USHER_ALLOW_INTERNAL_ADDRESSES: flag.default(false),
  /** Let GraphQL clients ask for the schema. Default: yes, but not in production. */
  USHER_INTROSPECTION: flag.optional(),
  /** Proxies in front of us whose X-Forwarded headers are believed: how many, or a list of their addresses. */
  USHER_TRUST_PROXY: z
    .string()
    .refine(areProxies, 'must be how many proxies there are, or their addresses and networks (10.0.0.0/8, loopback), separated by commas')
    .transform((value) => (/^\d+$/.test(value) ? Number(value) : value))
    .optional(),
  /** trace, debug, info, warn, error, fatal or silent. */
  USHER_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Bearer token that /metrics asks for. Without it /metrics is open to whoever reaches the port. */
  USHER_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** Days that events and decided logins are kept. */
  USHER_EVENT_RETENTION_DAYS: whole(1, 36_500).default(90),
  /** Milliseconds that one attempt at one operation may take. */
  USHER_ATTEMPT_TIMEOUT_MS: whole(100, 600_000).default(10_000),
  /** Milliseconds that a lease outlives its attempt: the work of a process that died is taken over then. */
  USHER_LEASE_MARGIN_MS: whole(100, 600_000).default(5_000),
  /** Milliseconds that a sign-in waits in its request before it shows the waiting page. */
  USHER_HOLD_IN_REQUEST_MS: whole(0, 60_000).default(5_000),
  /** Operations that this process runs at once. */
  USHER_WORKER_SLOTS: whole(1, 10_000).default(64),
} as const;

export interface Environment {
  readonly nodeEnv: 'development' | 'test' | 'production';
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly databasePool: number;
  readonly dataDir: string;
  readonly roles: readonly ('web' | 'worker')[];
  readonly sessionSecret: string;
  /** The first seals, all open. */
  readonly secretKeys: readonly SecretKey[];
  readonly adminPassword: string | null;
  readonly allowInternalAddresses: boolean;
  readonly introspection: boolean;
  /** As Express wants it: false, a number of proxies, or addresses. */
  readonly trustProxy: false | number | string;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly metricsToken: string | null;
  readonly eventRetentionDays: number;
  readonly attemptTimeoutMs: number;
  readonly leaseMarginMs: number;
  readonly holdInRequestMs: number;
  readonly workerSlots: number;
}

/** Says everything that is wrong at once, each line with its variable; values are not repeated, for they may be secret. */
export class EnvironmentError extends Error {
  constructor(
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`Usher cannot start with these settings:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, options);
    this.name = 'EnvironmentError';
  }
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Of a program that listens by itself. Throws EnvironmentError. Where secrets are not given and may be made, they are made and kept in the
 * data folder.
 */
export function readEnvironment(env: Variables): Environment {
  return read(env, faultsOfListening);
}

/** Of a router in somebody else's program, which listens and mounts it where it likes. */
export function readEnvironmentOfRouter(env: Variables): Environment {
  return read(env, () => []);
}

function faultsOfListening({ USHER_PUBLIC_URL: publicUrl, USHER_PORT: port }: Variables): readonly string[] {
  const faults: string[] = [];
  if (publicUrl !== undefined && URL.canParse(publicUrl) && new URL(publicUrl).pathname !== '/')
    faults.push('USHER_PUBLIC_URL: must have no path, for Usher answers at the root of its port; mounted elsewhere it is embedded');
  if (publicUrl === undefined && port !== undefined && Number(port) === 0)
    faults.push('USHER_PUBLIC_URL: needed where USHER_PORT is 0, for nobody knows the port before');
  return faults;
}

function read(env: Variables, furtherFaults: (given: Variables) => readonly string[]): Environment {
  // A variable that is set to nothing counts as not set: that is what `KEY=` in an env file means.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = z.object(variables).safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  faults.push(...furtherFaults(given));
  for (const name of Object.keys(given))
    if (name.startsWith('USHER_') && !(name in variables)) faults.push(`${name}: there is no such setting`);
  const mustBring = given['NODE_ENV'] === 'production' && given['DATABASE_URL'] !== undefined;
  for (const name of ['USHER_SESSION_SECRET', 'USHER_SECRET_KEYS'])
    if (mustBring && given[name] === undefined)
      faults.push(`${name}: needed in production with DATABASE_URL, for every process must have the same`);
  if (!parsed.success || faults.length > 0) throw new EnvironmentError(faults);
  return toEnvironment(parsed.data);
}

function toEnvironment(data: z.infer<z.ZodObject<typeof variables>>): Environment {
  const { sessionSecret, secretKeys } = ownSecrets(data.USHER_DATA_DIR, data.USHER_SESSION_SECRET ?? null, data.USHER_SECRET_KEYS ?? null);
  return {
    nodeEnv: data.NODE_ENV,
    production: data.NODE_ENV === 'production',
    host: data.USHER_HOST,
    port: data.USHER_PORT,
    publicUrl: data.USHER_PUBLIC_URL ?? `http://localhost:${data.USHER_PORT}`,
    databaseUrl: data.DATABASE_URL ?? null,
    databasePool: data.USHER_DATABASE_POOL,
    dataDir: data.USHER_DATA_DIR,
    roles: [...new Set(data.USHER_ROLES)],
    sessionSecret,
    secretKeys,
    adminPassword: data.USHER_ADMIN_PASSWORD ?? null,
    allowInternalAddresses: data.USHER_ALLOW_INTERNAL_ADDRESSES,
    introspection: data.USHER_INTROSPECTION ?? data.NODE_ENV !== 'production',
    trustProxy: data.USHER_TRUST_PROXY ?? false,
    logLevel: data.USHER_LOG_LEVEL,
    metricsToken: data.USHER_METRICS_TOKEN ?? null,
    eventRetentionDays: data.USHER_EVENT_RETENTION_DAYS,
    attemptTimeoutMs: data.USHER_ATTEMPT_TIMEOUT_MS,
    leaseMarginMs: data.USHER_LEASE_MARGIN_MS,
    holdInRequestMs: data.USHER_HOLD_IN_REQUEST_MS,
    workerSlots: data.USHER_WORKER_SLOTS,
  };
}

/** What Express takes: it would say no only when it is started, and as if we were broken. */
function areProxies(value: string): boolean {
  if (/^\d{1,3}$/.test(value)) return true;
  return value.split(',').every((entry) => {
    const [address = '', bits, more] = entry.trim().split('/');
    if (bits === undefined) return ['loopback', 'linklocal', 'uniquelocal'].includes(address) || isIP(address) !== 0;
    const most = isIP(address) === 4 ? 32 : 128;
    return more === undefined && isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most;
  });
}

function parseKeys(value: string, context: z.RefinementCtx): readonly SecretKey[] {
  const keys: SecretKey[] = [];
  for (const [index, entry] of value.split(',').entries()) {
    const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry.trim()) ?? [];
    const key = Buffer.from(base64 ?? '', 'base64');
    if (id === undefined || key.length !== 32)
      context.addIssue({ code: 'custom', message: `key ${index + 1} must be keyId:base64 of 32 bytes` });
    else if (keys.some((known) => known.id === id)) context.addIssue({ code: 'custom', message: `key id "${id}" occurs twice` });
    else keys.push({ id, key });
  }
  return keys;
}
