/**
 * What Usher adds to a login: the time of its two requests (start and callback) against those of a bare passport-saml login with the same
 * session store on the same kind of database. The kinds take turns within one run, so that a machine that drifts drifts for all.
 */
import { makeOwnCertificate } from '../src/auth/own-certificate.ts';
import type { Administrator, Target } from '../test/support/administer.ts';
import { createBrowser, formOf } from '../test/support/browser.ts';
import { startSamlIdentityProvider } from '../test/support/saml-identity-provider.ts';
import { firstLine, freePort, median, ownDatabase, start, startUsher } from './processes.ts';
import { adminOf } from './world.ts';

const warmUp = 30;
/** Longer than work in the background takes to begin, or its calls count for the next kind. */
const quietMs = 60;

export async function benchLogin(rounds = 200): Promise<readonly string[]> {
  const stage = await setStage();
  const { targets, door, person } = stage;
  const nothing = await door('Stores only', []);
  const background = await door('In the background', [{ target: targets[0], jitOutbound: true }]);
  const blocking = await door(
    'Blocking',
    targets.map((target) => ({ target, jitOutbound: true, blocking: true })),
  );
  const [customer, employee, changing] = [person('customer'), person('employee'), person('changing')];
  const { times, calls } = await takeTurns(stage, rounds, {
    bare: () => stage.login(stage.bareUrl, customer),
    nothing: () => stage.login(nothing, customer),
    inSync: () => stage.login(blocking, employee),
    // The account is there, and an attribute came with another value.
    changed: (round: number) => stage.login(background, person(changing, { sn: `Family ${round}` })),
    // Nobody had heard of them: the user is made as well.
    newcomer: (round: number) => stage.login(background, person(`newcomer ${round}`)),
  });
  await stage.close();
  const base = median(times.bare);
  const line = (name: string, kind: keyof typeof times, goal: string) =>
    `| ${name} | ${median(times[kind]).toFixed(2)} ms | ${(median(times[kind]) / base).toFixed(2)} | ${goal} |`;
  return [
    '| login (start + callback) | median | ratio | goal |',
    '| --- | --- | --- | --- |',
    line('bare passport-saml, same session store', 'bare', ''),
    line('Usher, nothing to provision', 'nothing', '1.15'),
    line('Usher, background, an account to change', 'changed', '1.25'),
    line('Usher, background, a newcomer: user and account to make', 'newcomer', '1.25'),
    line('Usher, blocking, three targets, already in sync', 'inSync', '1.3'),
    '',
    `Calls to targets by ${rounds} logins in sync: ${calls.inSync}.`,
  ];
}

/** What rules cost a login: the same person in sync at the same three targets, with and without Enable Rules. */
export async function benchRuledLogin(policies = 100, rounds = 150): Promise<readonly string[]> {
  const stage = await setStage();
  const { admin, targets, door, person } = stage;
  const rows = targets.map((target) => ({ target, jitOutbound: true, blocking: true }));
  const plain = await door('Without rules', rows);
  const ruled = await door(
    'With rules',
    rows.map((row) => ({ ...row, enableRules: true })),
  );
  // One applies, the others are about groups that nobody is in.
  for (let number = 0; number < policies; number++)
    await publish(admin, `Policy ${number}`, number === 0 ? ['example.org'] : [`number-${number}.example`]);
  const [one, other] = [person('without'), person('with')];
  const { times, calls } = await takeTurns(stage, rounds, {
    plain: () => stage.login(plain, one),
    ruled: () => stage.login(ruled, other),
  });
  await stage.close();
  const share = 1 - median(times.plain) / median(times.ruled);
  return [
    '| login in sync with three targets | median | ratio |',
    '| --- | --- | --- |',
    `| without rules | ${median(times.plain).toFixed(2)} ms | 1 |`,
    `| with rules, ${policies} policies asked at each target | ${median(times.ruled).toFixed(2)} ms | ${(median(times.ruled) / median(times.plain)).toFixed(2)} |`,
    '',
    `Share of such a login that rules cost: ${(100 * Math.max(0, share)).toFixed(1)} %. Calls to targets: ${calls.plain + calls.ruled}.`,
  ];
}

async function publish(admin: Administrator, name: string, emailDomains: readonly string[]): Promise<void> {
  const parts = '... on Policy { id version } ... on Problem { message }';
  const made = await admin.do(`mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { ${parts} } }`, {
    input: { name, form: { template: 'EMAIL_DOMAIN', emailDomains } },
  });
  await admin.do(`mutation($input: PublishPolicyInput!) { publishPolicy(input: $input) { ${parts} } }`, {
    input: { id: made.id, version: made.version, activate: true },
  });
}

interface Stage {
  readonly admin: Administrator;
  readonly targets: readonly Target[];
  readonly bareUrl: string;
  /** The start of logins to a service provider with these outbound rows. */
  readonly door: (name: string, rows: readonly object[]) => Promise<string>;
  readonly person: (name: string, more?: Readonly<Record<string, string>>) => string;
  /** Milliseconds of the two requests. */
  readonly login: (startUrl: string, name: string) => Promise<number>;
  /** Waits until the targets have heard nothing for a while; answers how many calls they have had. */
  readonly quiet: () => Promise<number>;
  readonly close: () => Promise<void>;
}

async function setStage(): Promise<Stage> {
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
    provider: { attributeMappings: [{ federated: 'mail', local: 'email' }] },
    // The bare login signs no requests either.
    saml: { signRequests: false },
  });
  const target = (name: string) =>
    admin.addTarget({ name, connectorType: 'scim2', config: { baseUrl: stubUrl, authentication: 'bearer', token } });
  return {
    admin,
    targets: [await target('One'), await target('Two'), await target('Three')],
    bareUrl: `http://127.0.0.1:${barePort}/login`,
    door: async (name, rows) => {
      const serviceProvider = await admin.addServiceProvider({ name, signInWith: [identityProvider.id] });
      await admin.configureOutbound(serviceProvider, rows as never);
      return `${serviceProvider.loginUrl}/${identityProvider.id}`;
    },
    person: (name, more = {}) => {
      idp.people.set(name, { name, nameId: name, attributes: { givenName: 'Given', sn: 'Family', mail: `${name}@example.org`, ...more } });
      return name;
    },
    login: async (startUrl, name) => {
      const browser = createBrowser();
      const [started, asking] = await timed(() => browser.get(startUrl, { stay: true }));
      const atProvider = await browser.get(`${asking.headers.get('location')!}&user=${name}`);
      const { action, fields } = formOf(atProvider);
      const [answered, answer] = await timed(() => browser.post(action, fields, { stay: true, from: idp.url }));
      if (answer.status < 300 || answer.status > 399 || answer.headers.getSetCookie().length === 0)
        throw new Error(`The login did not succeed: ${answer.status} ${answer.text.slice(0, 300)}`);
      return started + answered;
    },
    quiet: quietness(stubUrl),
    close: async () => {
      await Promise.all([usher.stop(), bare.stop('SIGKILL'), stub.stop('SIGKILL'), idp.close()]);
      await Promise.all([ours.drop(), bares.drop()]);
    },
  };
}

/** Each kind follows each other one equally often, and none pays for what another one left to the background. */
async function takeTurns<K extends string>(
  { quiet }: Stage,
  rounds: number,
  kinds: Readonly<Record<K, (round: number) => Promise<number>>>,
): Promise<{ readonly times: Readonly<Record<K, number[]>>; readonly calls: Readonly<Record<K, number>> }> {
  const names = Object.keys(kinds) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  const calls = Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;
  let before = await quiet();
  for (let round = -warmUp; round < rounds; round++)
    for (const kind of shuffled(names)) {
      const ms = await kinds[kind](round);
      const after = await quiet();
      if (round >= 0) {
        times[kind].push(ms);
        calls[kind] += after - before;
      }
      before = after;
    }
  return { times, calls };
}

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
