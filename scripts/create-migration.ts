/**
 * npm run migration: writes the migration that leads from what is merged to what the entities say, and puts it into migrations/index.ts and names.ts;
 * what statements know of the tables goes into src/persistence/tables.ts. Give it a first line that says why before you commit it.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { MikroORM } from '@mikro-orm/pglite';
import { printedTables } from '../src/persistence/described-tables.ts';
import { ormOptions } from '../src/persistence/orm.ts';

const orm = await MikroORM.init({ ...ormOptions, dbName: 'memory://' });
await orm.migrator.up();
const result = await orm.migrator.create();
await orm.close();
console.log(result.fileName === '' ? 'The entities and the migrations agree: nothing to do.' : result.fileName);

const names = readdirSync('migrations')
  .filter((file) => /^Migration\d+\.ts$/.test(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const imports = names.map((name) => `import { ${name} } from './${name}.ts';`);
const list = names.map((name) => `  { name: '${name}', class: ${name} },`);
writeFileSync('migrations/index.ts', [...imports, '', 'export const migrations = [', ...list, '];', ''].join('\n'));
writeFileSync(
  'migrations/names.ts',
  [
    '/** What `npm run migration` has made, apart from the migrations themselves: a start that has nothing to migrate loads none. */',
    // One a line, as the formatter has them from the fifth on.
    'export const migrationNames = [',
    ...names.map((name) => `  '${name}',`),
    '];',
    '',
  ].join('\n'),
);
writeFileSync('src/persistence/tables.ts', printedTables());
