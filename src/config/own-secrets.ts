/** Secrets that nobody gave: made at the first start and kept in the data folder, readable by us alone. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeDataFolder } from './data-folder.ts';

/** One AES-256 key and the name that sealed values carry. */
export interface SecretKey {
  readonly id: string;
  readonly key: Buffer;
}

const kept = z.object({ sessionSecret: z.string().min(32), secretKey: z.object({ id: z.string(), key: z.base64() }) });

export function ownSecrets(
  dataDir: string,
  sessionSecret: string | null,
  secretKeys: readonly SecretKey[] | null,
): { readonly sessionSecret: string; readonly secretKeys: readonly SecretKey[] } {
  if (sessionSecret !== null && secretKeys !== null) return { sessionSecret, secretKeys };
  const own = dataDir.startsWith('memory:') ? make() : load(dataDir);
  return {
    sessionSecret: sessionSecret ?? own.sessionSecret,
    secretKeys: secretKeys ?? [{ id: own.secretKey.id, key: Buffer.from(own.secretKey.key, 'base64') }],
  };
}

function make(): z.infer<typeof kept> {
  return {
    sessionSecret: randomBytes(32).toString('base64url'),
    secretKey: { id: `own${randomBytes(4).toString('hex')}`, key: randomBytes(32).toString('base64') },
  };
}

function load(dataDir: string): z.infer<typeof kept> {
  const file = join(dataDir, 'secrets.json');
  const stored = read(file);
  if (stored !== null) return stored;
  makeDataFolder(dataDir);
  // Written whole beside it and then linked: of two processes that start at once one wins, and nobody reads half a file.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify(make(), null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  const made = read(file);
  if (made === null) throw new Error(`${file} vanished while it was read`);
  return made;
}

function read(file: string): z.infer<typeof kept> | null {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw new Error(`${file} holds secrets that Usher made and cannot be read`, { cause: error });
  }
}
