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

  let people = 0;
  const person = (name: string) => {
    idp.people.set(name, { name, nameId: name, attributes: { givenName: 'Given', sn: 'Family', mail: `${name}@example.org` } });
    return name;
  };
  const regular = person('regular');
  const kinds = {
    bare: () => login(`http://127.0.0.1:${barePort}/login`, regular),
    nothing: () => login(nothing, regular),
    inSync: () => login(blocking, regular),
    background: () => login(background, person(`new-${people++}`)),
  };
  const times: Record<keyof typeof kinds, number[]> = { bare: [], nothing: [], inSync: [], background: [] };
  const counts = async () => (await (await fetch(`${stubUrl}/__counts`)).json()) as Record<string, number>;
  let before = {};
  let after = {};
  for (let round = -warmUp; round < rounds; round++)
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
      if (kind === 'inSync') before = await counts();
      const ms = await kinds[kind]();
      if (kind === 'inSync') after = await counts();
      if (kind === 'inSync' && round >= 0 && JSON.stringify({ ...before, lastWriteAt: 0 }) !== JSON.stringify({ ...after, lastWriteAt: 0 }))
        backgroundCalls++;
      if (round >= 0) times[kind].push(ms);
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
  const line = (name: string, kind: keyof typeof kinds, goal: string) =>
    `| ${name} | ${median(times[kind]).toFixed(2)} ms | ${(median(times[kind]) / base).toFixed(2)} | ${goal} |`;
  const lines = [
    '| login (start + callback) | median | ratio | goal |',
    '| --- | --- | --- | --- |',
    line('bare passport-saml, same session store', 'bare', '1'),
    line('Usher, nothing to provision', 'nothing', '1.15'),
    line('Usher, new person, provisioned in the background', 'background', '1.25'),
    line('Usher, blocking, three targets, already in sync', 'inSync', '1.3'),
    `Calls to a target during ${rounds} logins in sync, while background work for others went on: ${backgroundCalls} rounds saw one.`,
  ];
  await Promise.all([usher.stop(), bare.stop('SIGKILL'), stub.stop('SIGKILL'), idp.close()]);
  await Promise.all([ours.drop(), bares.drop()]);
  return lines;
}

let backgroundCalls = 0;

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}
