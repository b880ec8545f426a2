/**
 * The empty PostgreSQL folder that a first start begins with. Making one (initdb) takes PGlite some four seconds and leaves its memory
 * behind; its makers publish the finished one for every version. It is unpacked here and not by PGlite, so that it is on the disk before
 * it counts: a power cut in the middle leaves a folder that nobody takes for a database.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** As PGlite's loadDataDir takes it. */
export async function emptyDatabase(): Promise<Blob> {
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
  return dataDir();
}

/** Makes `folder` an empty database where it is none yet. */
export async function ensureDatabase(folder: string): Promise<void> {
  // The file that PGlite asks for too.
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const archive = gunzipSync(Buffer.from(await (await emptyDatabase()).arrayBuffer()));
  const folders = new Set([unfinished]);
  mkdirSync(unfinished, { mode: 0o700 });
  const writing: Promise<void>[] = [];
  for (const { path, content } of entriesOf(archive)) {
    const place = join(unfinished, path);
    if (content === null) {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      folders.add(place);
    } else writing.push(writeToDisk(place, content));
  }
  await Promise.all(writing);
  for (const each of folders) syncFolder(each);
  // Fails where there is something that is no database: whatever it is, it is not ours to remove.
  renameSync(unfinished, folder);
  syncFolder(dirname(folder));
}

async function writeToDisk(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

interface Entry {
  readonly path: string;
  /** null: a folder. */
  readonly content: Uint8Array | null;
}

/** Plain tar: blocks of 512 bytes, a header and then the content. */
function* entriesOf(archive: Buffer): Generator<Entry> {
  const text = (from: number, length: number): string => archive.toString('latin1', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const path = text(at, 100);
    const size = Number.parseInt(text(at + 124, 12), 8);
    const type = text(at + 156, 1);
    if (path.includes('..') || !Number.isSafeInteger(size) || !['', '0', '5'].includes(type))
      throw new Error(`The empty database has an entry that is neither a file nor a folder: ${path}`);
    yield { path, content: type === '5' ? null : archive.subarray(at + 512, at + 512 + size) };
    at += 512 * (1 + Math.ceil(size / 512));
  }
}
