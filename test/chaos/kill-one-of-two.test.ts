/**
 * Two processes on one PostgreSQL behind a load balancer, and SIGKILL for one of them at twenty moments during two hundred operations: the
 * other one goes on, takes over what the dead one held, and nobody is lost or doubled. USHER_CHAOS_SEED repeats a run's choices.
 */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type OwnDatabase } from '../support/database.ts';
import { seededRandom } from '../support/targets/faults.ts';
import { bundleUsher, freePort, startUsherProcess, type UsherProcess, type UsherProgram } from '../support/usher-process.ts';
import { allIsWell, checkEverybody, kills, killWhileTheyArrive, newStory, peopleForEach } from './crowd.ts';
import { preparePlace, settings, type Place } from './place.ts';

const server = process.env['DATABASE_URL'];
if (server === undefined)
  console.log('kill-one-of-two.test.ts is skipped: DATABASE_URL is not set, and an embedded database is for one process.');

const seed = Number(process.env['USHER_CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));

describe.skipIf(server === undefined)(`two processes, one of which is killed (seed ${seed})`, () => {
  let program: UsherProgram;
  let database: OwnDatabase;
  let balancer: Server;
  let url: string;
  let ports: readonly number[];
  let place: Place;
  const processes: UsherProcess[] = [];

  const start = async (which: number): Promise<void> => {
    processes[which] = await startUsherProcess(program, ports[which] ?? 0, {
      ...settings,
      DATABASE_URL: database.url,
      USHER_PUBLIC_URL: url,
    });
  };

  beforeAll(async () => {
    [program, database, ports] = await Promise.all([
      bundleUsher(),
      createDatabase(server ?? '', process.env['USHER_TEST_TEMPLATE'] ?? null),
      Promise.all([freePort(), freePort()]),
    ]);
    balancer = await balance(ports);
    url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
    await Promise.all([start(0), start(1)]);
    place = await preparePlace(url);
  }, 180_000);
  afterAll(async () => {
    await Promise.all(processes.map((usher) => usher.kill()));
    balancer.close();
    await place.close();
    await database.drop();
    program.remove();
  });

  it('provisions everybody exactly once and resolves every held login', async () => {
    const random = seededRandom(seed);
    const story = newStory();
    place.scim.latency(20);
    place.scim.dropAnswers(0.12, seed);
    await killWhileTheyArrive(place, story, random, async () => {
      const which = random() < 0.5 ? 0 : 1;
      await processes[which]?.kill();
      await start(which);
    });
    const report = await checkEverybody(place, kills * peopleForEach, story);
    console.log(`one of two killed, 20 times, seed ${seed}: ${JSON.stringify(report)}`);
    expect(report, `seed ${seed}`).toMatchObject(allIsWell);
  }, 600_000);
});

/** In turns to whichever process takes the connection. */
async function balance(ports: readonly number[]): Promise<Server> {
  let turn = 0;
  const balancer = createServer((client) => {
    client.on('error', () => client.destroy());
    const tryNext = (left: number): void => {
      const port = ports[turn++ % ports.length] ?? 0;
      const backend = connect(port, '127.0.0.1');
      let connected = false;
      backend.once('connect', () => {
        connected = true;
        client.pipe(backend).pipe(client);
      });
      backend.on('error', () => {
        if (connected || left === 0) client.destroy();
        else tryNext(left - 1);
      });
      backend.on('close', () => connected && client.destroy());
      client.on('close', () => backend.destroy());
    };
    tryNext(ports.length - 1);
  });
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
  return balancer;
}
