/**
 * What Usher adds to a login: the time of its two requests (start and callback) against those of a bare passport-saml login with the same
 * session store on the same kind of database. The kinds take turns within one run, so that a machine that drifts drifts for all.
 */
import { makeOwnCertificate } from '../src/auth/own-certificate.ts';
import { createBrowser, formOf } from '../test/support/browser.ts';
import { startSamlIdentityProvider } from '../test/support/saml-identity-provider.ts';
import { firstLine, freePort, median, ownDatabase, start, startUsher } from './processes.ts';
import { adminOf } from './world.ts';

const warmUp = 30;
const quietMs = 25;

export async function benchLogin(rounds = 200): Promise<readonly string[]> {
  const keys = await makeOwnCertificate('Benchmark identity provider', new Date());
  const idp = await startSamlIdentityProvider({ keys });
  const stub = start('bench/scim-stub.ts');
  const { url: stubUrl, token } = await firstLine<{ url: string; token: string }>(stub);
  const [ours, bares] = [await ownDatabase(), await ownDatabase()];
  const usher = await startUsher(ours.environment);
  const barePort = await freePort();
  const bare = start('bench/bare-saml.ts', {
    ...bares.environment,
    BARE_PORT: String(barePort),
    BARE_ENTRY_POINT: idp.entryPoint,
    BARE_CERTIFICATE: keys.certificate,
  });
  await firstLine(bare);

  const { admin } = await adminOf(usher.url);
  const identityProvider = await admin.addSamlIdentityProvider({
    name: 'Staff',
    issuer: idp.entityId,
    entryPoint: idp.entryPoint,
    certificate: idp.certificate,
    // The bare login signs no requests either.
    saml: { signRequests: false },
  });
  const target = (name: string) =>
    admin.addTarget({ name, connectorType: 'scim2', config: { baseUrl: stubUrl, authentication: 'bearer', token } });
  const targets = [await target('One'), await target('Two'), await target('Three')];
  const door = async (name: string, rows: readonly object[]) => {
    const serviceProvider = await admin.addServiceProvider({ name, signInWith: [identityProvider.id] });
    await admin.configureOutbound(serviceProvider, rows as never);
    return `${serviceProvider.loginUrl}/${identityProvider.id}`;
  };
  const nothing = await door('Stores only', []);
  const background = await door('In the background', [{ target: targets[0], jitOutbound: true }]);
  const blocking = await door(
    'Blocking',
    targets.map((each) => ({ target: each, jitOutbound: true, blocking: true })),
  );

  const person = (name: string, more: Readonly<Record<string, string>> = {}) => {
    idp.people.set(name, { name, nameId: name, attributes: { givenName: 'Given', sn: 'Family', mail: `${name}@example.org`, ...more } });
    return name;
  };
  const [customer, employee, changing] = [person('customer'), person('employee'), person('changing')];
  const kinds = {
    bare: () => login(`http://127.0.0.1:${barePort}/login`, customer),
    nothing: () => login(nothing, customer),
    inSync: () => login(blocking, employee),
    // The account is there, and an attribute came with another value.
    changed: (round: number) => login(background, person(changing, { sn: `Family ${round}` })),
    // Nobody had heard of them: the user is made as well.
    newcomer: (round: number) => login(background, person(`newcomer ${round}`)),
  };
  type Kind = keyof typeof kinds;
  const names = Object.keys(kinds) as Kind[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Kind, number[]>;
  const quiet = quietness(stubUrl);
  let callsInSync = 0;
  for (let round = -warmUp; round < rounds; round++)
    // Each kind follows each other one equally often, and none pays for what another one left to the background.
    for (const kind of shuffled(names)) {
      const before = await quiet();
      const ms = await kinds[kind](round);
      const after = await quiet();
      if (round < 0) continue;
      times[kind].push(ms);
      if (kind === 'inSync') callsInSync += after - before;
    }

  async function login(startUrl: string, name: string): Promise<number> {
    const browser = createBrowser();
    const [started, asking] = await timed(() => browser.get(startUrl, { stay: true }));
    const atProvider = await browser.get(`${asking.headers.get('location')!}&user=${name}`);
    const { action, fields } = formOf(atProvider);
    const [answered, answer] = await timed(() => browser.post(action, fields, { stay: true, from: idp.url }));
    if (answer.status < 300 || answer.status > 399 || answer.headers.getSetCookie().length === 0)
      throw new Error(`The login did not succeed: ${answer.status} ${answer.text.slice(0, 300)}`);
    return started + answered;
  }

  const base = median(times.bare);
  const line = (name: string, kind: Kind, goal: string) =>
    `| ${name} | ${median(times[kind]).toFixed(2)} ms | ${(median(times[kind]) / base).toFixed(2)} | ${goal} |`;
  const lines = [
    '| login (start + callback) | median | ratio | goal |',
    '| --- | --- | --- | --- |',
    line('bare passport-saml, same session store', 'bare', ''),
    line('Usher, nothing to provision', 'nothing', '1.15'),
    line('Usher, background, an account to change', 'changed', '1.25'),
    line('Usher, background, a newcomer: user and account to make', 'newcomer', '1.25'),
    line('Usher, blocking, three targets, already in sync', 'inSync', '1.3'),
    '',
    `Calls to targets by ${rounds} logins in sync: ${callsInSync}.`,
  ];
  await Promise.all([usher.stop(), bare.stop('SIGKILL'), stub.stop('SIGKILL'), idp.close()]);
  await Promise.all([ours.drop(), bares.drop()]);
  return lines;
}

/** Waits until the targets have heard nothing for a while; answers how many calls they have had. */
function quietness(stubUrl: string): () => Promise<number> {
  const calls = async (): Promise<number> => {
    const { GET, POST, PATCH } = (await (await fetch(`${stubUrl}/__counts`)).json()) as Record<'GET' | 'POST' | 'PATCH', number>;
    return GET + POST + PATCH;
  };
  return async () => {
    for (let before = await calls(); ;) {
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      const now = await calls();
      if (now === before) return now;
      before = now;
    }
  };
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}
