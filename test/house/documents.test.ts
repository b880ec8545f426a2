/** What the documents say is true as far as a machine can tell: GraphQL in them is valid, links lead somewhere. */
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildUsherSchema } from '../../src/graphql/schema.ts';
import { createMetrics } from '../../src/http/metrics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function documents(): Promise<readonly string[]> {
  const here = (await readdir(root)).filter((name) => name.endsWith('.md'));
  const docs = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'));
  const guides = (await readdir(join(root, 'src/connectors'), { recursive: true })).filter((name) => name.endsWith('.md'));
  return [...here, ...docs.map((name) => join('docs', name)), ...guides.map((name) => join('src/connectors', name))];
}
const files = await documents();
const texts = new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)));

describe('GraphQL in the documents is valid', () => {
  const withGraphQL = files.filter((file) => blocksOf(file).length > 0);
  const schema = buildUsherSchema();
  test.each(withGraphQL)('%s', (file) => {
    const faults = blocksOf(file).flatMap((block) => validate(schema, parse(block)).map((error) => error.message));
    expect(faults).toEqual([]);
  });
});

describe('links in the documents lead somewhere', () => {
  test.each(files)('%s', async (file) => {
    const missing: string[] = [];
    for (const [, target] of texts.get(file)!.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):|^#/.test(target!)) continue;
      const path = join(root, dirname(file), target!.replace(/#.*/, ''));
      await access(path).catch(() => missing.push(target!));
    }
    expect(missing).toEqual([]);
  });
});

test('decision records are numbered without a gap and without a double', () => {
  const numbers = files.flatMap((file) => /decisions\/(\d{4})-/.exec(file)?.[1] ?? []).sort();
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, '0')));
});

test('every metric is explained to whoever runs Usher', () => {
  const { registry } = createMetrics(
    () => {
      throw new Error('Nobody scrapes here.');
    },
    () => new Date(0),
  );
  const made = registry.getMetricsAsArray().flatMap(({ name }) => (name.startsWith('usher_') ? [name] : []));
  const explained = [...texts.get('docs/operation.md')!.matchAll(/^\| `(usher_\w+)`/gm)].map((match) => match[1]);
  expect(explained.toSorted()).toEqual(made.toSorted());
});

function blocksOf(file: string): readonly string[] {
  return [...texts.get(file)!.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
}
