/** From an administrator's change (the request leaves) to the first byte of work at the target, while Usher has nothing else to do. */
import { firstLine, ownDatabase, percentile, start, startUsher, until } from './processes.ts';
import { adminOf } from './world.ts';

export async function benchWake(rounds = 100): Promise<readonly string[]> {
  const stub = start('bench/scim-stub.ts');
  const { url: stubUrl, token } = await firstLine<{ url: string; token: string }>(stub);
  const database = await ownDatabase();
  const usher = await startUsher(database.environment);
  const { admin } = await adminOf(usher.url);
  const target = await admin.addTarget({
    name: 'One',
    connectorType: 'scim2',
    config: { baseUrl: stubUrl, authentication: 'bearer', token },
  });
  const door = await admin.addServiceProvider({ name: 'Door' });
  await admin.configureOutbound(door, [{ target }]);
  const user = await admin.do(
    `mutation($input: CreateUserInput!) { createUser(input: $input) { ... on User { id version } ... on Problem { message path } } }`,
    {
      input: { userName: 'somebody' },
    },
  );
  await admin.do(
    `mutation($input: ProvisionUserNowInput!) { provisionUserNow(input: $input) { __typename ... on Problem { message path } } }`,
    {
      input: { userId: user.id, serviceProviderId: door.id },
    },
  );
  const counts = async () => (await (await fetch(`${stubUrl}/__counts`)).json()) as { POST: number; PATCH: number; lastWriteAt: number };
  await until(async () => (await counts()).POST === 1, 10_000);

  const times: number[] = [];
  let version = user.version as number;
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
    const before = (await counts()).PATCH;
    const began = Date.now();
    const changed = await admin.do(
      `mutation($input: ChangeUserInput!) { changeUser(input: $input) { ... on User { version } ... on Problem { message path } } }`,
      { input: { id: user.id, version, attributes: [{ name: 'title', type: 'STRING', values: [`Title ${round}`] }] } },
    );
    version = changed.version;
    await until(async () => (await counts()).PATCH > before, 10_000, 2);
    times.push((await counts()).lastWriteAt - began);
  }
  await Promise.all([usher.stop(), stub.stop('SIGKILL')]);
  await database.drop();
  return [
    '| idle: change to first call | value | goal |',
    '| --- | --- | --- |',
    `| p50 | ${percentile(times, 50)} ms | |`,
    `| p95 | ${percentile(times, 95)} ms | 100 ms |`,
  ];
}
