/**
 * The program. It begins with what makes a start quick, before the modules are loaded that take the time
 * (docs/decisions/0013-a-quick-start.md); serve.ts is the rest.
 */
import { enableCompileCache, findPackageJSON, flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

// Beside the code and not among temporary files: who may write there may change the code itself. Where it cannot be written only time is lost.
const ownPackage = findPackageJSON(import.meta.url);
if (ownPackage !== undefined) enableCompileCache(join(dirname(ownPackage), 'node_modules', '.cache', 'usher'));

try {
  const { readEnvironment } = await import('./config/environment.ts');
  const environment = readEnvironment(process.env);
  // Compiled by other threads while this one loads modules.
  if (environment.databaseUrl === null) void (await import('./persistence/postgres-program.ts')).postgresProgram();
  const { serve } = await import('./serve.ts');
  await serve(environment);
  // Not at the end: who is killed keeps nothing.
  setImmediate(flushCompileCache);
} catch (error) {
  const { wordsFor } = await import('./cannot-start.ts');
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(1);
}
