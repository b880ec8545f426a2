/** Brings the schema up to date. Several processes may start at once: the first does it, the others wait. */
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { migrationNames } from '../../migrations/names.ts';
import type { Session } from './session.ts';

export async function migrateEmbedded(session: Session, pglite: PGlite): Promise<void> {
  if (await isCurrent(session)) return;
  const [{ MikroORM }, { ormOptions }] = await Promise.all([import('@mikro-orm/pglite'), import('./orm.ts')]);
  const orm = await MikroORM.init({ ...ormOptions, dbName: 'postgres', driverOptions: { pglite } });
  try {
    await orm.migrator.up();
  } finally {
    await orm.close();
  }
}

/** MikroORM's migrator takes no lock: of four processes on an empty database two or three would die without this one. */
export async function migratePostgres(session: Session, url: string): Promise<void> {
  if (await isCurrent(session)) return;
  const lock = new pg.Client({ connectionString: url, application_name: 'usher migrations' });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock(7231001)');
    if (await isCurrent(session)) return;
    const [{ MikroORM }, { ormOptions }] = await Promise.all([import('@mikro-orm/postgresql'), import('./orm.ts')]);
    const orm = await MikroORM.init({ ...ormOptions, clientUrl: url, pool: { min: 0, max: 2 } });
    try {
      await orm.migrator.up();
    } finally {
      await orm.close();
    }
  } finally {
    await lock.end();
  }
}

/** One cheap question instead of loading the migrator: most starts have nothing to do. */
async function isCurrent(session: Session): Promise<boolean> {
  const [table] = await session.query(`select to_regclass('mikro_orm_migrations') is not null as "exists"`);
  if (table?.['exists'] !== true) return false;
  const done = new Set((await session.query('select name from mikro_orm_migrations')).map((row) => row['name']));
  return migrationNames.every((name) => done.has(name));
}
