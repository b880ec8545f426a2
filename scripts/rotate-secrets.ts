/**
 * npm run rotate-secrets: seals every stored secret with the first key of USHER_SECRET_KEYS. Put the new key first and keep the old one
 * behind it, restart, run this, then take the old one away. On PostgreSQL it runs beside running processes; an embedded Usher has to be
 * stopped first.
 */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { wordsFor } from '../src/cannot-start.ts';
import { readEnvironment } from '../src/config/environment.ts';
import { openDatabase } from '../src/persistence/database.ts';

try {
  const database = await openDatabase(readEnvironment(process.env), {
    queue: () => {
      throw new Error('Nothing is queued here.');
    },
    clock: { now: () => new Date() },
    chance: { random: () => Math.random(), uuid: () => v7(), secret: () => randomBytes(32).toString('base64url') },
  });
  try {
    console.log(`Sealed anew with the first key: ${await database.resealSecrets()}`);
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(wordsFor(error));
  process.exitCode = 1;
}
