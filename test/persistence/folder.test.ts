import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../src/persistence/database.ts';
import { lockFolder } from '../../src/persistence/folder-lock.ts';
import { createDatabase, testChance, testClock, testKeys } from '../support/database.ts';
import { testQueue } from '../support/test-queue.ts';

const root = mkdtempSync(join(tmpdir(), 'usher-folder-'));
const folder = (name: string): string => {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
};
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

const open = (dataDir: string): Promise<OpenDatabase> =>
  openDatabase(
    { databaseUrl: null, databasePool: 2, dataDir, secretKeys: testKeys },
    { queue: () => testQueue, clock: testClock, chance: testChance },
  );

function writer(dataDir: string, count: number, url?: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/persistence/processes/writer.ts', dataDir, String(count)], {
    env: { PATH: process.env['PATH'], ...(url === undefined ? {} : { WRITER_URL: url }) },
  });
  children.add(child);
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const until = (enough: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      reader.on('line', () => enough() && resolve());
      child.once('exit', () => (enough() ? resolve() : reject(new Error(errors))));
    });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
  return { child, lines, until, ended, errors: () => errors };
}

describe('the lock of a folder', () => {
  it('lets one in, and the next when it left', async () => {
    const release = await lockFolder(folder('one'));
    await expect(lockFolder(folder('one'))).rejects.toThrow(/in use by another process/);
    await release();
    await (
      await lockFolder(folder('one'))
    )();
    expect(readdirSync(folder('one'))).toEqual([]);
  });

  it('lets exactly one of twenty in that come at the same time', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder('twenty'))));
    const entered = tries.filter((attempt) => attempt.status === 'fulfilled');
    expect(entered).toHaveLength(1);
    await entered[0]!.value();
  });

  it('works in folders whose path is longer than a socket may have', async () => {
    const long = folder('l'.repeat(120));
    const release = await lockFolder(long);
    await expect(lockFolder(long)).rejects.toThrow(/in use/);
    await release();
  });
});

describe('an embedded database', () => {
  it('tells a second process clearly, survives kill -9 with every commit it told of, and opens again', async () => {
    const place = folder('killed');
    const first = writer(place, 1_000_000);
    await first.until(() => first.lines.length > 50);
    const second = writer(place, 1);
    expect(await second.ended).not.toBe(0);
    expect(second.errors()).toContain(`The data folder ${place} is in use by another process`);
    first.child.kill('SIGKILL');
    await first.ended;
    const database = await open(place);
    const kept = new Set((await database.tenants.all()).map((tenant) => tenant.name));
    await database.close();
    const told = first.lines.filter((line) => line.startsWith('wrote ')).map((line) => line.slice('wrote '.length));
    expect(told.length).toBeGreaterThan(40);
    expect(told.filter((name) => !kept.has(name))).toEqual([]);
  }, 120_000);
});

const server = process.env['DATABASE_URL'];
it.skipIf(server === undefined)(
  'four processes start at once on an empty PostgreSQL database (skipped: no DATABASE_URL)',
  async () => {
    const own = await createDatabase(server!, null);
    try {
      const four = Array.from({ length: 4 }, () => writer('memory://', 3, own.url));
      expect(await Promise.all(four.map((process) => process.ended))).toEqual([0, 0, 0, 0]);
      expect(four.flatMap((process) => process.lines.filter((line) => line.startsWith('wrote')))).toHaveLength(12);
    } finally {
      await own.drop();
    }
  },
  120_000,
);
