/** Two Ushers on one PostgreSQL share the groups, and none is run twice at once. Skipped where there is no server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';
import { groupsOf, type Groups } from '../support/groups.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

const server = process.env['DATABASE_URL'];
if (server === undefined)
  console.log('groups-two-processes.test.ts is skipped: DATABASE_URL is not set, and an embedded database is for one process.');

describe.skipIf(server === undefined)('two processes on one PostgreSQL', () => {
  let engine: Engine;
  let second: RunningUsher;
  let groups: Groups;
  beforeAll(async () => {
    engine = await startEngine();
    second = await startUsher({ sharedWith: engine.usher });
    groups = groupsOf(engine);
  });
  afterAll(async () => {
    await second.close();
    await engine.close();
  });

  it('make every group once, run none twice at once, and share the work', async () => {
    const target = await engine.target({ maxConcurrentCalls: 16 });
    const app = await engine.serviceProvider({ target });
    const [one, two] = await Promise.all([engine.register(app), engine.register(app)]);
    await engine.rest(target);
    const all = await Promise.all(Array.from({ length: 60 }, () => groups.make([one])));
    target.memory.setLatency(20);
    await groups.choose(target, all);
    // While they are being made, every one changes, and changes again.
    for (const group of all) await groups.join(group, two);
    for (const group of all) await groups.leave(group, one);
    await groups.rest(target);

    const account = target.memory.accounts().find((each) => each.attributes['userName'] === two.userName)?.id;
    expect(target.memory.groups().map((group) => [...group.members])).toEqual(all.map(() => [account]));
    expect(target.memory.calls.filter((call) => call.method === 'create-group')).toHaveLength(all.length);
    const settled = [engine.usher, second].map((usher) => usher.log.filter((line) => line.includes('run of a group settled')));
    console.log(`runs of the two processes: ${settled.map((lines) => lines.length).join(' and ')}`);
    expect(settled.flat().filter((line) => !line.includes('"settled":"settled"'))).toEqual([]);
    expect(Math.min(...settled.map((lines) => lines.length))).toBeGreaterThan(0);
  }, 60_000);
});
