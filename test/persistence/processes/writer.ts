/** A process that writes tenants until it is killed, and tells the number of each that was committed. */
import { openDatabase } from '../../../src/persistence/database.ts';
import { testChance, testClock, testKeys } from '../../support/database.ts';
import { testQueue } from '../../support/test-queue.ts';

const database = await openDatabase(
  { databaseUrl: process.env['WRITER_URL'] ?? null, databasePool: 2, dataDir: process.argv[2] ?? 'memory://', secretKeys: testKeys },
  { queue: () => testQueue, clock: testClock, chance: testChance },
);
console.log('open');
for (let n = 0; n < Number(process.argv[3]); n++) {
  await database.tenants.create(`${process.pid} ${n}`);
  console.log(`wrote ${process.pid} ${n}`);
}
await database.close();
