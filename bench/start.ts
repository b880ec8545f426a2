/** How soon Usher is ready, and how much memory it holds. Of the built program, as an installation runs it. */
import { median, ownDatabase, startUsher } from './processes.ts';

export async function benchStart(): Promise<readonly string[]> {
  const first: number[] = [];
  const later: number[] = [];
  let rss = 0;
  for (let round = 0; round < 3; round++) {
    const database = await ownDatabase();
    const fresh = await startUsher(database.environment);
    first.push(fresh.readyMs);
    await fresh.stop();
    for (let again = 0; again < 2; again++) {
      const usher = await startUsher(database.environment);
      later.push(usher.readyMs);
      rss = usher.rss();
      await usher.stop();
    }
    await database.drop();
  }
  return [
    '| start | median | goal |',
    '| --- | --- | --- |',
    `| ready, first start (migrations) | ${median(first).toFixed(0)} ms | 4,000 ms embedded |`,
    `| ready, later starts | ${median(later).toFixed(0)} ms | 1,500 ms embedded |`,
    `| resident after the start | ${rss.toFixed(0)} MB | 250 MB on PostgreSQL |`,
  ];
}
