/**
 * The database: opened, migrated, and given out as the interfaces of commands/ports.ts. MikroORM describes and migrates the schema;
 * statements are SQL by hand, in the files beside this one. It decides nothing about provisioning. Start with openDatabase.
 */
import type { PGlite } from '@electric-sql/pglite';
import {
  UniqueViolation,
  type Bus,
  type Chance,
  type Clock,
  type Database,
  type Queue,
  type SecretOwner,
  type StoredConfig,
} from '../commands/ports.ts';
import type { Environment } from '../config/environment.ts';
import type { TargetId, TenantId } from '../domain/vocabulary.ts';
import { embeddedBus, postgresBus, type OpenBus } from './bus.ts';
import { createCredentials } from './credentials.ts';
import { whyUnusable } from './database-unusable.ts';
import { openPostgres } from './engine-postgres.ts';
import { adjustFeed, deleteEvents } from './feed.ts';
import { migrateEmbedded, migratePostgres } from './migrate.ts';
import { openLogin } from './once.ts';
import { createProvisionedGroups } from './group-runs.ts';
import { createOperations } from './operations.ts';
import { createSealer } from './sealed.ts';
import { openConfig, openSecrets, resealAll } from './secrets.ts';
import { sqlState, type Engine, type OpenTransaction, type Row } from './session.ts';
import { claimUserId, forgetClaims } from './user-id-claims.ts';
import { createTenants } from './tenants.ts';
import { createReads, inTransaction } from './transaction.ts';

export interface DatabaseParts {
  /** Asked for when something is first queued: the queue itself needs the database. */
  readonly queue: () => Queue;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Data folder made by PGlite's dumpDataDir, for a database in memory. */
  readonly dump?: Blob;
}

export interface OpenDatabase extends Database {
  readonly bus: Bus;
  /** The plain form of node-postgres, for the session store and the queue engine. Outside every transaction. */
  query(text: string, parameters?: readonly unknown[]): Promise<{ readonly rows: Row[]; readonly rowCount: number }>;
  /** Set when embedded. */
  readonly pglite: PGlite | null;
  /** Set on a PostgreSQL server. */
  readonly url: string | null;
  /** Unsealed secrets: only for the composition, which hands them to connectors and sign-in strategies. */
  secretsOf(tenantId: TenantId, owner: SecretOwner): Promise<Readonly<Record<string, string>>>;
  /** The same for a target, with the configuration that they belong to; null: there is none. */
  configOf(tenantId: TenantId, targetId: TargetId): Promise<StoredConfig | null>;
  /** Seals every secret with the first key. Returns how many it sealed anew. */
  resealSecrets(): Promise<number>;
  /** Keys of useOnce whose time is over. */
  forgetUsedBefore(date: Date): Promise<number>;
  /** Ids that user id patterns made of people who were removed and whose accounts have ended. */
  forgetClaims(): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type DatabaseSettings = Pick<Environment, 'databaseUrl' | 'databasePool' | 'dataDir' | 'secretKeys'>;

export async function openDatabase(settings: DatabaseSettings, parts: DatabaseParts): Promise<OpenDatabase> {
  const sealer = createSealer(settings.secretKeys);
  const { engine, bus, pglite } = await openEngine(settings, parts.dump ?? null);
  const shared = { clock: parts.clock, chance: parts.chance, queue: parts.queue, sealer };
  const transaction = <T>(work: (open: OpenTransaction) => Promise<T>): Promise<T> => again(() => engine.transaction(work));
  let closing: Promise<void> | null = null;

  return {
    reads: (tenantId) => createReads(engine, tenantId, shared),
    transaction: (tenantId, work) => transaction((open) => inTransaction(open, tenantId, shared, work)),
    openLogin: (tenantId, login) => openLogin(engine, parts.clock, tenantId, login),
    claimUserId: (tenantId, request) => transaction((open) => claimUserId(open, parts.chance, tenantId, request)),
    operations: createOperations({ session: engine, transaction, clock: parts.clock, chance: parts.chance, queue: parts.queue }),
    provisionedGroups: createProvisionedGroups({
      session: engine,
      transaction,
      clock: parts.clock,
      chance: parts.chance,
      queue: parts.queue,
    }),
    tenants: createTenants(engine, parts.clock, parts.chance),
    credentials: createCredentials(engine),
    bus,
    pglite,
    url: settings.databaseUrl,
    query: (text, parameters) => engine.raw(text, parameters),
    secretsOf: (tenantId, owner) => openSecrets(engine, sealer, tenantId, owner),
    configOf: (tenantId, targetId) => openConfig(engine, sealer, tenantId, targetId),
    resealSecrets: () => resealAll(engine, sealer),
    deleteEvents: (before, atMost) => deleteEvents(engine, before, atMost),
    forgetClaims: () => forgetClaims(engine),
    forgetUsedBefore: async (date) => (await engine.raw('delete from used_once where until < $1', [date])).rowCount,
    ping: async () => {
      await engine.query('select 1');
    },
    close: () => (closing ??= bus.close().then(() => engine.close())),
  };
}

async function openEngine(
  settings: DatabaseSettings,
  dump: Blob | null,
): Promise<{ readonly engine: Engine; readonly bus: OpenBus; readonly pglite: PGlite | null }> {
  if (settings.databaseUrl !== null) {
    const engine = openPostgres(settings.databaseUrl, settings.databasePool);
    try {
      await migratePostgres(engine, settings.databaseUrl);
      await adjustFeed(engine);
      return { engine, bus: await postgresBus(settings.databaseUrl), pglite: null };
    } catch (error) {
      await engine.close();
      throw whyUnusable(settings.databaseUrl, error);
    }
  }
  // Not loaded where there is a server.
  const { openEmbedded } = await import('./engine-embedded.ts');
  const engine = await openEmbedded(settings.dataDir, dump);
  try {
    await migrateEmbedded(engine, engine.pglite);
    await adjustFeed(engine);
    return { engine, bus: await embeddedBus(engine.pglite), pglite: engine.pglite };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Keys on which two that do the right thing at the same time meet: the second looks again and finds what the first made. */
const races = new Set([
  'user_name_unique',
  'identity_unique',
  'operation_lane',
  'assignment_unique',
  'assignment_default_unique',
  'membership_unique',
  'link_user_target_unique',
  'user_id_claim_value_unique',
]);

/** Runs `work` again where it lost a race, three times at most. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let time = 1; ; time++) {
    try {
      return await work();
    } catch (error) {
      const state = sqlState(error);
      const lost = state === '40001' || state === '40P01' || (error instanceof UniqueViolation && races.has(error.constraint));
      if (!lost || time >= 3) throw error;
    }
  }
}
