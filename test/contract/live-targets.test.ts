/** The fault-free checks as `npm run kit` runs them: against targets that lag behind, and with every form that the connectors offer. */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import { definitions } from '../../src/connectors/registry.ts';
import { startGoogleServer, type GoogleServer } from '../support/targets/google-server.ts';
import { startSalesforceServer, type SalesforceServer } from '../support/targets/salesforce-server.ts';
import { startQuirkyScimServer } from '../support/targets/quirky-scim-server.ts';
import { createBench, failureOf, wordsOf, type Bench, type KitSettings } from './bench.ts';
import { checksOf } from './live-kit.ts';
import { formOf } from './salesforce-world.ts';

type Form = Readonly<Record<string, unknown>>;

const http = createHttpClient({ allowInternalAddresses: true });
afterAll(() => http.close());

function benchOf(type: string, config: Form, settings: KitSettings = {}): Bench {
  const definition = definitions.get(type)!;
  const connector = openConnector(definitions, { connectorType: type, config }, { http, now: Date.now });
  return createBench(definition, connector, config, { pauseMs: 0, members: 3, ...settings });
}

interface Tried {
  readonly broken: readonly string[];
  readonly skipped: ReadonlyMap<string, string>;
  readonly left: readonly string[];
}

async function tryAll(bench: Bench): Promise<Tried> {
  const [broken, left]: [string[], string[]] = [[], []];
  const skipped = new Map<string, string>();
  for (const { name, run } of checksOf(bench)) {
    try {
      const reason = await run(bench);
      if (typeof reason === 'string') skipped.set(name, reason);
    } catch (error) {
      broken.push(`${name}: ${wordsOf(error)}`);
    }
    left.push(...(await bench.cleanUp()));
  }
  return { broken, skipped, left };
}

async function google(): Promise<GoogleServer> {
  const server = await startGoogleServer();
  onTestFinished(() => server.close());
  return server;
}

async function salesforce(): Promise<SalesforceServer> {
  const server = await startSalesforceServer();
  onTestFinished(() => server.close());
  return server;
}

const aliases = { attribute: 'aliases', values: ['kit-a@example.com', 'kit-b@example.com', 'kit-c@example.com'], ordered: false } as const;
const permissionSets = { attribute: 'permissionSets', values: ['Beta_Tester', 'Report_Builder', 'Super'], ordered: false } as const;
const nothingWrong = { broken: [], left: [] };

describe('a Google that does not show at once what it has made', () => {
  it.each([
    ['denies it once', 1, {}],
    ['denies it twice', 2, {}],
    ['shows it before its search and its name do', 1, { searches: 4, unnamed: 2 }],
    ['forbids to look at it', 2, { with: 403 }],
  ] as const)('keeps every promise where it %s, and is left as it was', async (_, looks, more) => {
    const server = await google();
    server.directory.hideNew(looks, more);
    expect(await tryAll(benchOf('google', server.config, { patienceMs: 20_000, list: aliases }))).toMatchObject(nothingWrong);
    expect(server.users()).toEqual([]);
    expect(server.directory.groups.size).toBe(0);
  });
  it('is told to have accounts and groups left that never showed', async () => {
    const server = await google();
    server.directory.hideNew(Infinity);
    const bench = benchOf('google', server.config);
    const attributes = bench.newAccount();
    expect(await failureOf(bench.create(attributes))).toEqual({ kind: 'missing' });
    expect(await failureOf(bench.createGroup('kit-staff'))).toEqual({ kind: 'missing' });
    const [group] = server.directory.groups.keys();
    const [user] = server.users();
    expect(await bench.cleanUp()).toEqual([`kit-staff (${group!})`, `${String(attributes['primaryEmail'])} (${user!.id})`]);
  });
  it('is not told to have left what showed and was deleted by somebody else', async () => {
    const server = await google();
    const bench = benchOf('google', server.config);
    await bench.create(bench.newAccount());
    server.directory.deleteUser(server.users()[0]!);
    expect(await bench.cleanUp()).toEqual([]);
  });
});

describe('a target whose form leaves something out', () => {
  it('is not asked for groups where Google is connected without them, and one line says so', async () => {
    const server = await google();
    const { broken, left, skipped } = await tryAll(benchOf('google', { ...server.config, useGroups: undefined }, { list: aliases }));
    expect({ broken, left }).toEqual(nothingWrong);
    expect(skipped.get('groups')).toBe('they are switched off in the form: config.useGroups');
    expect([...skipped.keys()].filter((name) => name.startsWith('a group'))).toEqual([]);
    expect(server.requests.filter(({ path }) => path.includes('/groups'))).toEqual([]);
  });
  it('is not asked for groups where a SCIM server has none', async () => {
    const server = await startQuirkyScimServer({ groups: 404 });
    onTestFinished(() => server.close());
    const { broken, left, skipped } = await tryAll(benchOf('scim2', { baseUrl: server.url, token: 'x' }));
    expect({ broken, left }).toEqual(nothingWrong);
    expect(skipped.get('groups')).toBe('they are switched off in the form: config.groups');
  });
  it('is not searched by our id where Salesforce has no field for it', async () => {
    const server = await salesforce();
    const form = { ...formOf(server), ownIdField: undefined };
    expect(await tryAll(benchOf('salesforce', form, { list: permissionSets }))).toMatchObject(nothingWrong);
  });
  it('may free the username of who is deactivated, and gives it back', async () => {
    const server = await salesforce();
    const form = { ...formOf(server), freeUsername: true };
    expect(await tryAll(benchOf('salesforce', form, { list: permissionSets }))).toMatchObject(nothingWrong);
  });
});

describe('what the kit says of a refusal', () => {
  it('names the attribute', async () => {
    const server = await google();
    const bench = benchOf('google', server.config, { attributes: { orgUnitPath: '/Nowhere' } });
    const error: unknown = await bench.create(bench.newAccount()).catch((refused: unknown) => refused);
    expect(wordsOf(error)).toMatch(/^orgUnitPath: Google answered 400/);
  });
});
