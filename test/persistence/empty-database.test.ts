import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, expect, it } from 'vitest';
import { ensureDatabase } from '../../src/persistence/empty-database.ts';

const made: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-empty-'));
  made.push(folder);
  return join(folder, 'postgres');
};
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

it('makes a folder that this version of PostgreSQL opens as its own, empty and in UTF-8', async () => {
  const folder = newFolder();
  await ensureDatabase(folder);
  const pglite = await PGlite.create(folder);
  const { rows } = await pglite.query(
    `select pg_encoding_to_char(encoding) as encoding, current_setting('full_page_writes') as pages,
       (select count(*)::int from information_schema.tables where table_schema = 'public') as tables from pg_database where datname = 'postgres'`,
  );
  await pglite.close();
  expect(rows).toMatchObject([{ encoding: 'UTF8', pages: 'on', tables: 0 }]);
});

it('begins anew after a start that was cut off in the middle', async () => {
  const folder = newFolder();
  mkdirSync(`${folder}.new`);
  writeFileSync(join(`${folder}.new`, 'PG_VERSION'), 'half of it');
  await ensureDatabase(folder);
  expect(existsSync(join(folder, 'global', 'pg_control'))).toBe(true);
  expect(existsSync(`${folder}.new`)).toBe(false);
});

it('leaves a database alone, and whatever else somebody keeps there', async () => {
  const database = newFolder();
  mkdirSync(database);
  writeFileSync(join(database, 'PG_VERSION'), '17');
  await ensureDatabase(database);
  expect(readdirSync(database)).toEqual(['PG_VERSION']);

  const other = newFolder();
  mkdirSync(other);
  writeFileSync(join(other, 'letters'), 'mine');
  await expect(ensureDatabase(other)).rejects.toThrow('ENOTEMPTY');
  expect(readdirSync(other)).toEqual(['letters']);
});
