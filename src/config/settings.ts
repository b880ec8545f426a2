/**
 * Settings of an Usher inside somebody else's program: the environment's, by the names of `Environment` and with its defaults and checks. The
 * program's own environment is read only where it is handed in.
 */
import { EnvironmentError, readEnvironmentOfRouter, type Environment, type variables } from './environment.ts';

/** All are as in `.env.example`; what is absent has the same default. Listening, and proxies in front, are the program's own business. */
export interface UsherSettings extends Partial<Omit<Environment, 'publicUrl' | 'production' | 'host' | 'port' | 'trustProxy'>> {
  /** Where browsers reach the router: scheme, host, port and the path it is mounted under. */
  readonly publicUrl: string;
  /** Variables for what is not named here, such as `process.env`. Without it none are read. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

type Named = Exclude<keyof UsherSettings, 'environment'>;
const variableOf: Readonly<Record<Named, keyof typeof variables>> = {
  nodeEnv: 'NODE_ENV',
  publicUrl: 'USHER_PUBLIC_URL',
  databaseUrl: 'DATABASE_URL',
  databasePool: 'USHER_DATABASE_POOL',
  dataDir: 'USHER_DATA_DIR',
  roles: 'USHER_ROLES',
  sessionSecret: 'USHER_SESSION_SECRET',
  secretKeys: 'USHER_SECRET_KEYS',
  adminPassword: 'USHER_ADMIN_PASSWORD',
  allowInternalAddresses: 'USHER_ALLOW_INTERNAL_ADDRESSES',
  introspection: 'USHER_INTROSPECTION',
  logLevel: 'USHER_LOG_LEVEL',
  metricsToken: 'USHER_METRICS_TOKEN',
  eventRetentionDays: 'USHER_EVENT_RETENTION_DAYS',
  attemptTimeoutMs: 'USHER_ATTEMPT_TIMEOUT_MS',
  leaseMarginMs: 'USHER_LEASE_MARGIN_MS',
  holdInRequestMs: 'USHER_HOLD_IN_REQUEST_MS',
  workerSlots: 'USHER_WORKER_SLOTS',
};
const names = Object.keys(variableOf) as readonly Named[];

/** Throws EnvironmentError with every fault, each under the name it was given by. */
export function readSettings({ environment = {}, ...settings }: UsherSettings): Environment {
  const given = names.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [[variableOf[name], value === null || value === false ? offOf(name) : inText(value)] as const];
  });
  try {
    return readEnvironmentOfRouter({ ...ownAlone(environment), ...Object.fromEntries(given) });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const nameOf = (variable: string): string =>
      names.find((name) => variableOf[name] === variable && (settings[name] !== undefined || !environment[variable])) ?? variable;
    throw new EnvironmentError(
      error.faults.map((fault) => fault.replace(/^\w+/, nameOf)),
      { cause: error },
    );
  }
}

/** What is not there is an empty variable; only switches have a word for it. */
const offOf = (name: Named): string => (name === 'allowInternalAddresses' || name === 'introspection' ? 'false' : '');

function inText(value: NonNullable<UsherSettings[Named]>): string {
  if (typeof value !== 'object') return String(value);
  return value.map((one) => (typeof one === 'string' ? one : `${one.id}:${one.key.toString('base64')}`)).join(',');
}

/** A host's environment may hold variables that begin as ours do and are not: there only those we know count. */
function ownAlone(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const known = new Set<string>([...Object.values(variableOf), 'USHER_HOST', 'USHER_PORT']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => known.has(name)));
}
