import { afterAll, beforeAll, expect, it } from 'vitest';
import { MikroORM } from '@mikro-orm/pglite';
import { migrations } from '../../migrations/index.ts';
import { migrationNames } from '../../migrations/names.ts';
import { describedTables } from '../../src/persistence/described-tables.ts';
import { entityOfKind } from '../../src/persistence/entities.ts';
import { ormOptions } from '../../src/persistence/orm.ts';
import { tables } from '../../src/persistence/tables.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.query('drop table test_queue');
});
afterAll(() => database.close());

it('has migrations that lead exactly to what the entities say', async () => {
  const orm = database.pglite
    ? await MikroORM.init({ ...ormOptions, dbName: 'postgres', driverOptions: { pglite: database.pglite } })
    : await (await import('@mikro-orm/postgresql')).MikroORM.init({ ...ormOptions, clientUrl: database.url!, pool: { min: 0, max: 1 } });
  const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  await orm.close();
  expect(difference.trim()).toBe('');
});

it('names every migration, so that a start can tell that there is nothing to do', () => {
  expect(migrationNames).toEqual(migrations.map((migration) => migration.name));
});

it('knows the tables as the entities describe them: `npm run migration` writes them down', () => {
  expect(tables).toEqual(describedTables());
});

it('has a tenant on every row', async () => {
  const { rows } = await database.query(
    `select table_name from information_schema.tables t where table_schema = 'public' and table_type = 'BASE TABLE'
     and not exists (select from information_schema.columns c where c.table_name = t.table_name and c.column_name = 'tenant_id') order by 1`,
  );
  expect(rows.map((row) => row['table_name'])).toEqual(['feed', 'mikro_orm_migrations', 'tenant']);
});

it('has an index for every foreign key, so that removing one thing does not read everything else', async () => {
  const { rows } = await database.query(
    `select c.conname from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace
     and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])`,
  );
  expect(rows).toEqual([]);
});

it('describes every kind of record', () => {
  expect(Object.keys(entityOfKind)).toHaveLength(29);
});
