/** Why the program does not start: what whoever starts it can mend is said in a sentence, anything else is told with all we know. */
import { inspect } from 'node:util';
import { DataFolderUnusable } from './config/data-folder.ts';
import { EnvironmentError } from './config/environment.ts';
import { DatabaseUnusable } from './persistence/database-unusable.ts';
import { FolderInUse } from './persistence/folder-lock.ts';

/** Errors whose sentence is all that is needed to mend them. */
const tellsEnough = (error: unknown): error is Error =>
  [EnvironmentError, DataFolderUnusable, FolderInUse, DatabaseUnusable, CannotListen].some((kind) => error instanceof kind);

export function wordsFor(error: unknown): string {
  if (tellsEnough(error)) return error.message;
  return `Usher cannot start.\n${inspect(error)}`;
}

export class CannotListen extends Error {
  constructor(cause: Error) {
    super(`Usher cannot listen at USHER_HOST and USHER_PORT: ${cause.message}.`, { cause });
  }
}
