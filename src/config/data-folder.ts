/** The data folder: made where it is missing, or a sentence about why it cannot be used. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Whoever starts Usher can mend that: a sentence is enough. */
export class DataFolderUnusable extends Error {
  constructor(folder: string, cause: unknown) {
    super(`The data folder ${folder} (USHER_DATA_DIR) ${reasonOf(cause)}.`, { cause });
    this.name = 'DataFolderUnusable';
  }
}

/** One folder after the other: where the system says that the parent is not there though it is (/proc), Node's own recursion never ends. */
export function makeDataFolder(dataDir: string): void {
  const folder = resolve(dataDir);
  try {
    for (const missing of missingOf(folder)) makeOne(missing);
    accessSync(`${folder}/.`, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataFolderUnusable(folder, error);
  }
}

function missingOf(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let path = folder; !existsSync(path) && path !== dirname(path); path = dirname(path)) missing.unshift(path);
  return missing;
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Of two that start at once the other one made it.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOTDIR':
      return 'is a file, or lies in one: it must be a folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'cannot be read and written by the user that Usher runs as';
    case null:
    default:
      return `cannot be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
