/** The import table of the house, as .dependency-cruiser.cjs has it: kept by src, and sharp enough to catch what it forbids. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One line for each violation: rule, from, to. */
async function violations(folder: string): Promise<readonly string[]> {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const output = await new Promise<string>((resolve, reject) => {
    const args = [cruiser, '--config', config, '--output-type', 'json', 'src'];
    // It leaves with the number of violations: only output that is no JSON is a failure of its own.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`dependency-cruiser failed: ${stderr}`, { cause: error }));
    });
  });
  const { summary } = JSON.parse(output) as { summary: { violations: { rule: { name: string }; from: string; to: string }[] } };
  return summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}

test('every import of src is one that the table of rooms allows', async () => {
  expect(await violations(root)).toEqual([]);
});

/** A house with one fault a file. */
const faults: readonly { readonly name: string; readonly file: string; readonly text: string; readonly rule: string }[] = [
  { name: 'the domain reads a file', file: 'domain/a.ts', text: "import 'node:fs';", rule: 'domain-node' },
  { name: 'the domain knows a command', file: 'domain/b.ts', text: "import '../commands/right.ts';", rule: 'domain-imports' },
  { name: 'the domain uses a package', file: 'domain/c.ts', text: "import 'zod';", rule: 'home-of-zod' },
  {
    name: 'the contract knows a connector',
    file: 'connectors/contract/a.ts',
    text: "import '../one/index.ts';",
    rule: 'connectors-contract-imports',
  },
  { name: 'a connector knows another', file: 'connectors/one/a.ts', text: "import '../two/index.ts';", rule: 'connectors-each-imports' },
  {
    name: 'a connector runs code of the domain',
    file: 'connectors/one/b.ts',
    text: "import '../../domain/right.ts';",
    rule: 'connectors-each-types-only',
  },
  { name: 'a connector opens sockets of its own', file: 'connectors/one/c.ts', text: "import 'node:https';", rule: 'connectors-each-node' },
  { name: 'a connector brings its own HTTP client', file: 'connectors/one/d.ts', text: "import 'undici';", rule: 'home-of-undici' },
  {
    name: 'a connector knows a store',
    file: 'connectors/one/e.ts',
    text: "import '../../persistence/right.ts';",
    rule: 'connectors-each-imports',
  },
  { name: 'a command knows the database', file: 'commands/a.ts', text: "import '../persistence/right.ts';", rule: 'commands-imports' },
  {
    name: 'a command writes events through the room of events',
    file: 'commands/b.ts',
    text: "import '../events/right.ts';",
    rule: 'commands-imports',
  },
  { name: 'a command calls out', file: 'commands/c.ts', text: "import 'node:http';", rule: 'commands-node' },
  {
    name: 'the database knows more of commands than their ports',
    file: 'persistence/a.ts',
    text: "import '../commands/right.ts';",
    rule: 'persistence-imports',
  },
  { name: 'dispatch knows the database', file: 'dispatch/a.ts', text: "import '../persistence/right.ts';", rule: 'dispatch-imports' },
  { name: 'sign-in knows GraphQL', file: 'auth/a.ts', text: "import '../graphql/right.ts';", rule: 'auth-imports' },
  { name: 'GraphQL knows Passport', file: 'graphql/a.ts', text: "import 'passport';", rule: 'home-of-passport' },
  { name: 'GraphQL knows the database', file: 'graphql/b.ts', text: "import '../persistence/right.ts';", rule: 'graphql-imports' },
  { name: 'HTTP runs a command', file: 'http/a.ts', text: "import '../commands/ports.ts';", rule: 'http-types-only' },
  { name: 'the console imports anything', file: 'console/a.ts', text: "import '../domain/right.ts';", rule: 'console-imports' },
  { name: 'somebody imports the composition root', file: 'http/b.ts', text: "import '../app.ts';", rule: 'composition-is-nobodys-import' },
  { name: 'a package has no home', file: 'http/c.ts', text: "import 'autocannon';", rule: 'package-without-a-home' },
  { name: 'two files import each other', file: 'auth/b.ts', text: "import './c.ts';", rule: 'no-circle' },
  { name: 'a file is alone', file: 'events/a.ts', text: 'export const alone = 1;', rule: 'no-orphan' },
  {
    name: 'a folder is called utils',
    file: 'auth/utils/a.ts',
    text: "import '../../domain/right.ts';",
    rule: 'from-a-folder-for-everything',
  },
  { name: 'an import leads nowhere', file: 'events/b.ts', text: "import './gone.ts';", rule: 'resolvable' },
  { name: 'src uses a package of its development', file: 'auth/d.ts', text: "import 'xml-crypto';", rule: 'dependencies-not-dev' },
];
const allowed: Readonly<Record<string, string>> = {
  'app.ts': "import './http/right.ts';",
  'main.ts': "import './app.ts';",
  'domain/right.ts': 'export const right = 1; export interface Word { readonly word: string }',
  'commands/ports.ts': "import '../domain/right.ts'; export interface Port { readonly port: number }",
  'commands/right.ts': "import '../connectors/contract/right.ts';",
  'persistence/right.ts': "import 'pg'; import '../commands/ports.ts';",
  'events/right.ts': "import '../commands/right.ts';",
  'connectors/contract/right.ts': "import '../../domain/right.ts';",
  'connectors/one/index.ts': "import type { Word } from '../../domain/right.ts'; import '../contract/right.ts'; export type W = Word;",
  'connectors/two/index.ts': "import './part.ts';",
  // The other half of the circle: it is told once.
  'auth/c.ts': "import './b.ts';",
  'connectors/two/part.ts': "import '../contract/right.ts';",
  'graphql/right.ts': "import 'type-graphql'; import '../events/right.ts';",
  'http/right.ts': "import type { Port } from '../commands/ports.ts'; import '../graphql/right.ts'; export type P = Port;",
};

describe('the rules catch that', () => {
  let folder = '';
  let found: readonly string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-rooms-'));
    for (const file of ['node_modules', 'package.json', 'tsconfig.json']) await symlink(join(root, file), join(folder, file));
    for (const [file, text] of [...Object.entries(allowed), ...faults.map(({ file, text }) => [file, text] as const)]) {
      const path = join(folder, 'src', file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    found = await violations(folder);
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  test.each(faults)('$name', ({ file, rule }) => {
    expect(found.filter((line) => line.includes(`: src/${file} ->`)).map((line) => line.split(':')[0])).toContain(rule);
  });

  test('nothing is wrong where nothing is', () => {
    const innocent = Object.keys(allowed);
    expect(found.filter((line) => innocent.some((file) => line.includes(`: src/${file} ->`)))).toEqual([]);
  });
});
