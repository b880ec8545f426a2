/**
 * PostgreSQL's WebAssembly, compiled once a process. Node compiles on other threads: whoever asks early has it ready by the time that the
 * modules of Usher are loaded.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PGliteOptions } from '@electric-sql/pglite';

export type PostgresProgram = NonNullable<PGliteOptions['pgliteWasmModule']>;
/** Node has it; its types are those of browsers. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<PostgresProgram> };

let program: Promise<PostgresProgram> | null = null;

export function postgresProgram(): Promise<PostgresProgram> {
  program ??= compile();
  // Told to whoever awaits it.
  program.catch(() => undefined);
  return program;
}

async function compile(): Promise<PostgresProgram> {
  const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  const bytes = await readFile(join(folder, 'pglite.wasm'));
  // Node does not wait for its compiling threads: with nothing else to do the process would end here.
  const awake = setInterval(() => undefined, 60_000);
  try {
    return await WebAssembly.compile(bytes);
  } finally {
    clearInterval(awake);
  }
}
