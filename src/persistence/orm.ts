/** What MikroORM is told, to migrate and to compare. Only loaded where there is something to migrate: it is a fifth of all modules. */
import type { Options } from '@mikro-orm/core';
import { Migrator, TSMigrationGenerator } from '@mikro-orm/migrations';
import { migrations } from '../../migrations/index.ts';
import { entities } from './entities.ts';

export const ormOptions: Pick<Options, 'entities' | 'extensions' | 'migrations' | 'logger'> = {
  entities,
  extensions: [Migrator],
  // The list is imported, so that dist needs no directory scan; drift is found by comparing with a migrated database, not with a snapshot.
  migrations: { path: 'migrations', snapshot: false, generator: TSMigrationGenerator, migrationsList: migrations },
  logger: (): void => undefined,
};
