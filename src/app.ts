/**
 * The composition root: the only file that sees every room. It reads settings, opens the database, starts the queue and the engine, and
 * puts the web in front. It decides nothing. Start with buildApp; main.ts listens with it, usher.ts embeds it.
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { pino, type Logger } from 'pino';
import { v7 } from 'uuid';
import type { LoginRoutesDeps } from './auth/login-deps.ts';
import { createCertificates } from './auth/own-certificate.ts';
import { passwords } from './auth/passwords.ts';
import { completeLogin } from './commands/complete-login.ts';
import { createDecisionPoint } from './commands/decision-point.ts';
import { ensureFirstAdministrator, type FirstAdministrator } from './commands/ensure-first-administrator.ts';
import type { Chance, Clock, House, Log, LogFields } from './commands/ports.ts';
import { refuseLogin } from './commands/refuse-login.ts';
import { resumeLogin } from './commands/resume-login.ts';
import { tryPassword } from './commands/try-password.ts';
import type { Environment } from './config/environment.ts';
import type { ConnectorDefinition, ConnectorTools } from './connectors/contract/connector.ts';
import { createHttpClient } from './connectors/network/http-client.ts';
import { createConnections } from './connectors/open-connections.ts';
import { definitions as ordinaryDefinitions } from './connectors/registry.ts';
import { startGroupWorker } from './dispatch/group-worker.ts';
import { startHousekeeping } from './dispatch/housekeeping.ts';
import { startQueue, type StartedQueue } from './dispatch/queue.ts';
import { createRunner, type LocalRunner } from './dispatch/runner.ts';
import { startWorker } from './dispatch/worker.ts';
import { healthApp, type HealthDeps } from './http/health.ts';
import { toLoggedError } from './http/log-error.ts';
import { createMetrics } from './http/metrics.ts';
import { createWeb, type Web, type WebSettings } from './http/create-web.ts';
import { createProofLimit } from './http/proof-limit.ts';
import { openDatabase, type OpenDatabase } from './persistence/database.ts';

export interface App {
  readonly house: House;
  readonly database: OpenDatabase;
  /** To listen with: the whole web, or health and metrics alone in a process that only works. */
  readonly listener: RequestListener;
  /** null in a process that only works. */
  readonly web: Web | null;
  /** Made at this very start; its password is told once. */
  readonly firstAdministrator: FirstAdministrator | null;
  readonly logger: Logger;
  /**
   * Once it is listened with: loads, between answers, what the first request or call would have to wait for, and starts to work. What cannot
   * be loaded is logged, and tried again when it is needed.
   */
  begin(): Promise<void>;
  /** Answers go on while it drains: not ready, no new work, what is under way ends, then everything closes. */
  close(): Promise<void>;
}

/** What an embedding application or a test may bring of its own. */
export interface AppParts {
  readonly clock?: Clock;
  readonly chance?: Chance;
  readonly logger?: Logger;
  readonly definitions?: ReadonlyMap<string, ConnectorDefinition>;
  readonly rateLimits?: WebSettings['rateLimits'];
  /** A data folder to begin with, for a database in memory. */
  readonly dump?: Blob;
}

export async function buildApp(environment: Environment, parts: AppParts = {}): Promise<App> {
  const logger = parts.logger ?? pino({ level: environment.logLevel });
  const log = logInto(logger);
  const clock = parts.clock ?? { now: () => new Date() };
  const chance = parts.chance ?? ownChance;
  const definitions = parts.definitions ?? ordinaryDefinitions;

  const engine: { queue?: StartedQueue; runner?: LocalRunner } = {};
  const begun = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The engine was asked for something before it was started.');
    return part;
  };
  const database = await openDatabase(environment, {
    queue: () => begun(engine.queue),
    clock,
    chance,
    ...(parts.dump ? { dump: parts.dump } : {}),
  });
  const http = createHttpClient({ allowInternalAddresses: environment.allowInternalAddresses });
  const tools: ConnectorTools = { http, now: () => clock.now().getTime() };
  const connections = createConnections({ definitions, tools, loadConfig: ({ tenantId, id }) => database.configOf(tenantId, id) });
  const metrics = createMetrics(
    () => database.operations,
    () => clock.now(),
  );
  const house: House = {
    database,
    connections,
    definitions,
    decisionPoint: createDecisionPoint(),
    clock,
    chance,
    log,
    settings: environment,
    certificates: createCertificates(clock),
    metrics,
    get runner() {
      return begun(engine.runner);
    },
  };
  const queue = await startQueue({ ...(database.pglite ? { pglite: database.pglite } : { url: database.url ?? '' }) }, (error) =>
    log.error({ error }, 'the queue engine failed'),
  );
  engine.queue = queue;
  const runner = createRunner(() => house, database.bus, environment.workerSlots);
  engine.runner = runner;
  if (database.pglite) {
    // The only process there is: whatever is leased or fetched belongs to one that died.
    await queue.releaseStale(0);
    await database.operations.freeAllLeases(clock.now());
    await database.provisionedGroups.freeAllLeases(clock.now());
  }
  const firstAdministrator = await ensureFirstAdministrator(house, passwords, environment.adminPassword);
  const web = environment.roles.includes('web') ? openWeb(environment, house, database, metrics, logger, parts.rateLimits) : null;

  let draining = false;
  const health = {
    notReady: () => notReady(database),
    draining: () => draining,
    metrics: { registry: metrics.registry, token: environment.metricsToken },
  };
  const listener = web?.app ?? healthApp(health);
  let working: readonly { stop(): Promise<void> }[] = [];
  const startWork = (): typeof working => [
    startHousekeeping(house, queue, database, environment),
    startGroupWorker(house, runner, `groups:${chance.uuid()}`),
    startWorker(house, queue, runner, database.bus, { slots: environment.workerSlots, name: `worker:${chance.uuid()}` }),
  ];
  let beginning: Promise<void> | null = null;
  const begin = async (): Promise<void> => {
    await inTurn([...(web ? [() => web.prepare()] : []), () => http.prepare()], log);
    if (!draining && environment.roles.includes('worker')) working = startWork();
  };
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    draining = true;
    web?.drain();
    await beginning;
    for (const each of working) await each.stop();
    await web?.close();
    await runner.drain(environment.attemptTimeoutMs + environment.leaseMarginMs);
    await queue.stop();
    await connections.close();
    await http.close();
    await database.close();
  };
  return {
    house,
    database,
    listener,
    web,
    firstAdministrator,
    logger,
    begin: () => (beginning ??= begin()),
    close: () => (closing ??= close()),
  };
}

async function inTurn(preparations: readonly (() => Promise<void>)[], log: Log): Promise<void> {
  for (const prepare of preparations) {
    try {
      await prepare();
    } catch (error) {
      log.error({ error: error instanceof Error ? error : null }, 'A part could not be loaded ahead; it is tried again when it is needed');
    }
  }
}

function openWeb(
  environment: Environment,
  house: House,
  database: OpenDatabase,
  metrics: ReturnType<typeof createMetrics>,
  logger: Logger,
  rateLimits: WebSettings['rateLimits'],
): Web {
  const { clock, chance, log } = house;
  const loginDeps: LoginRoutesDeps = {
    publicUrl: environment.publicUrl,
    cookieSecrets: [environment.sessionSecret],
    database,
    ownPrivateKey: async (tenantId, id) => (await database.secretsOf(tenantId, { kind: 'identityProvider', id }))['privateKey'] ?? null,
    tryPassword: (user, password) => tryPassword(house, passwords, user && { kind: 'user', ...user }, password),
    completeLogin: (input) => completeLogin(house, input),
    resumeLogin: (input) => resumeLogin(house, input),
    refuseLogin: (input) => refuseLogin(house, input),
    proofs: createProofLimit(rateLimits ?? {}),
    clock,
    chance,
    log,
  };
  return createWeb({
    house,
    bus: database.bus,
    passwords,
    logger,
    loginRoutes: async () => (await import('./auth/login-routes.ts')).createLoginRoutes(loginDeps),
    query: (text, parameters) => database.query(text, parameters),
    notReady: () => notReady(database),
    metrics: { registry: metrics.registry, token: environment.metricsToken },
    settings: {
      publicUrl: environment.publicUrl,
      sessionSecrets: [environment.sessionSecret],
      introspection: environment.introspection,
      trustProxy: environment.trustProxy,
      ...(rateLimits ? { rateLimits } : {}),
    },
  });
}

/** Migrations ran before anything listened; from then on it is the database that may be missing. */
const notReady: (database: OpenDatabase) => ReturnType<HealthDeps['notReady']> = async (database) => {
  try {
    await database.ping();
    return [];
  } catch {
    // Whoever asks wants a yes or a no; the database's own words are in the log of what needed it.
    return ['database'];
  }
};

const ownChance: Chance = {
  random: () => Math.random(),
  uuid: () => v7(),
  secret: () => randomBytes(32).toString('base64url'),
};

function logInto(logger: Logger): Log {
  const fields = ({ error, ...rest }: LogFields): object => (error instanceof Error ? { ...rest, error: toLoggedError(error) } : rest);
  return {
    info: (given, fact) => logger.info(fields(given), fact),
    warn: (given, fact) => logger.warn(fields(given), fact),
    error: (given, fact) => logger.error(fields(given), fact),
  };
}
