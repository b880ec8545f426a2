/** Habits that neither the compiler nor ESLint knows: who may read the environment and the clock. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.ts')).map((name) => name.replaceAll('\\', '/'));
const code = new Map(
  await Promise.all(files.map(async (name) => [name, withoutComments(await readFile(join(src, name), 'utf8'))] as const)),
);

test('the environment is read in config alone', () => {
  expect(filesWith(/process\.env/, /^(config\/|main\.ts$)/)).toEqual([]);
});

test('the clock is passed in', () => {
  expect(filesWith(/Date\.now\(\)|new Date\(\)|performance\.now\(\)/, /^((app|serve)\.ts$|persistence\/)/)).toEqual([]);
});

test('chance is passed in where something is decided', () => {
  expect(filesWith(/Math\.random\(\)|randomUUID\(\)/, /^(app\.ts$|persistence\/|connectors\/memory\/)/)).toEqual([]);
});

test('only errors of lint that have a reason are switched off', async () => {
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(src, name), 'utf8')] as const));
  const bare = texts.flatMap(([name, text]) =>
    [...text.matchAll(/eslint-disable[^\n]*/g)].filter(([line]) => !/ -- \S/.test(line)).map(() => name),
  );
  expect(bare).toEqual([]);
});

function filesWith(what: RegExp, except: RegExp): readonly string[] {
  return files.filter((name) => !except.test(name) && what.test(code.get(name)!));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');
}
