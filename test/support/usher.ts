/** A whole Usher in this process: the app of src/app.ts on a free port, with a database of its own and an API token of an administrator. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { pino } from 'pino';
import { buildApp, type App, type AppParts } from '../../src/app.ts';
import { createApiToken } from '../../src/commands/create-api-token.ts';
import type { Environment } from '../../src/config/environment.ts';
import { definitionsWithMemory } from '../../src/connectors/registry.ts';
import type { TenantId } from '../../src/domain/vocabulary.ts';
import { createDatabase, testKeys } from './database.ts';

export interface RunningUsher {
  readonly url: string;
  readonly app: App;
  readonly tenantId: TenantId;
  /** Bearer token of an administrator of the tenant `default`. */
  readonly token: string;
  /** Everything that was logged, a line each. */
  readonly log: readonly string[];
  /** For a second one on the same database; null where it is embedded. */
  readonly databaseUrl: string | null;
  close(): Promise<void>;
}
export interface UsherOptions {
  readonly settings?: Partial<Environment>;
  readonly parts?: AppParts;
  /** Of another one: share its PostgreSQL database. */
  readonly sharedWith?: RunningUsher;
}

export const testSettings: Environment = {
  nodeEnv: 'test',
  production: false,
  host: '127.0.0.1',
  port: 0,
  publicUrl: '',
  databaseUrl: null,
  databasePool: 10,
  dataDir: 'memory://',
  roles: ['web', 'worker'],
  sessionSecret: 'a secret of tests that is long enough',
  secretKeys: testKeys,
  adminPassword: 'the password of the first administrator',
  allowInternalAddresses: true,
  introspection: true,
  trustProxy: false,
  logLevel: 'info',
  metricsToken: null,
  eventRetentionDays: 90,
  attemptTimeoutMs: 5_000,
  leaseMarginMs: 1_000,
  holdInRequestMs: 2_000,
  workerSlots: 64,
};

export async function startUsher(options: UsherOptions = {}): Promise<RunningUsher> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const own = options.sharedWith ? null : await ownDatabase();
  const databaseUrl = options.sharedWith?.databaseUrl ?? own?.url ?? null;
  const log: string[] = [];
  const dump = process.env['USHER_TEST_DUMP'];
  const app = await buildApp(
    { ...testSettings, publicUrl: url, databaseUrl, ...options.settings },
    {
      logger: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
      definitions: definitionsWithMemory,
      rateLimits: { known: 1_000_000, unknown: 1_000_000 },
      ...(databaseUrl === null && dump !== undefined ? { dump: new Blob([readFileSync(dump)]) } : {}),
      ...options.parts,
    },
  );
  if (app.web) {
    server.on('request', app.web.app);
    app.web.attach(server);
  }
  await app.begin();
  const tenant = await app.database.tenants.byName('default');
  const caller = { tenantId: tenant!.id, role: 'owner', actor: { kind: 'self', id: 'test' } } as const;
  const made = await createApiToken(app.house, caller, { name: `test ${url}`, role: 'administrator', expiresAt: null });
  if (made.kind !== 'done') throw new Error(made.kind);
  return {
    url,
    app,
    tenantId: tenant!.id,
    token: made.value.token,
    log,
    databaseUrl,
    async close() {
      server.closeAllConnections();
      await app.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await own?.drop();
    },
  };
}

async function ownDatabase() {
  const server = process.env['DATABASE_URL'];
  return server === undefined ? null : createDatabase(server, process.env['USHER_TEST_TEMPLATE'] ?? null);
}
