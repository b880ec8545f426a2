/** Why the program does not start: what whoever starts it can mend is said in a sentence, anything else is told with all we know. */
import { inspect } from 'node:util';
import { EnvironmentError } from './config/environment.ts';
import { FolderInUse } from './persistence/folder-lock.ts';

export function wordsFor(error: unknown): string {
  if (error instanceof EnvironmentError || error instanceof FolderInUse || error instanceof CannotListen) return error.message;
  return `Usher cannot start.\n${inspect(error)}`;
}

export class CannotListen extends Error {
  constructor(cause: Error) {
    super(`Usher cannot listen at USHER_HOST and USHER_PORT: ${cause.message}.`, { cause });
  }
}
