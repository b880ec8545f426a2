import { createServer, type Server } from 'node:http';
import express, { type Express } from 'express';
import expressSession from 'express-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EnvironmentError, usher, type EmbeddedUsher } from '../../src/usher.ts';
import { administer, type ServiceProvider } from '../support/administer.ts';
import { createBrowser, type Browser } from '../support/browser.ts';
import { createDatabase } from '../support/database.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { ask } from '../support/web.ts';

declare module 'express-session' {
  interface SessionData {
    /** Of the host in this test. */
    visits: number;
  }
}

const adminPassword = 'the password of the first administrator';
let idp: SamlIdentityProvider;
let door: EmbeddedUsher;
let host: { readonly url: string; readonly sessions: expressSession.MemoryStore };
let token: string;
let portal: ServiceProvider;
let shop: ServiceProvider;
let signInWith: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const server = createServer();
  const url = await listen(server);
  const database = process.env['DATABASE_URL']
    ? await createDatabase(process.env['DATABASE_URL'], process.env['USHER_TEST_TEMPLATE'] ?? null)
    : null;
  if (database) closing.push(() => database.drop());
  [idp, door] = await Promise.all([
    startSamlIdentityProvider({ people: [{ name: 'ada', nameId: 'ada-1', attributes: { userName: 'ada', givenName: 'Ada' } }] }),
    usher({ publicUrl: `${url}/door`, databaseUrl: database?.url ?? null, dataDir: 'memory://', adminPassword, logLevel: 'silent' }),
  ]);
  closing.push(
    () => idp.close(),
    () => door.close(),
  );

  const sessions = new expressSession.MemoryStore();
  host = { url, sessions };
  const app = express()
    .use(expressSession({ name: 'host', secret: 'of the host', store: sessions, resave: false, saveUninitialized: false }))
    .use(express.json(), express.urlencoded({ extended: true }))
    .use((request, _response, next) => {
      request.session.visits = (request.session.visits ?? 0) + 1;
      next();
    })
    .use('/door', door.router);
  server.on('request', app);
  door.attach(server);
  await configure(url);
  protectedPages(app);
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function configure(url: string): Promise<void> {
  const entered = await ask(
    `${url}/door`,
    `mutation($input: SignInInput!) { signIn(input: $input) { ... on Me { name } ... on Problem { message } } }`,
    { input: { userName: 'admin', password: adminPassword } },
  );
  expect(entered.data).toEqual({ signIn: { name: 'admin' } });
  const made = await ask(
    `${url}/door`,
    `mutation { createApiToken(input: { name: "test", role: ADMINISTRATOR }) { ... on CreatedApiToken { token } } }`,
    {},
    { cookie: entered.cookie, origin: url },
  );
  token = made.data.createApiToken.token;
  const admin = administer({ url: `${url}/door`, token });
  signInWith = (
    await admin.addSamlIdentityProvider({ name: 'Staff', issuer: idp.entityId, entryPoint: idp.entryPoint, certificate: idp.certificate })
  ).id;
  const more = { returnUrls: [`${url}/`] };
  portal = await admin.addServiceProvider({ name: 'Portal', signInWith: [signInWith], more });
  shop = await admin.addServiceProvider({ name: 'Shop', signInWith: [signInWith], more });
}

function protectedPages(app: Express): void {
  app.get('/', (request, response) => void response.send(`visit ${request.session.visits}`));
  app.get('/account', door.requireSignIn(portal.id), (request, response) => {
    const { user } = response.locals['signedIn'];
    response.json({ name: user.attributes.givenName, visits: request.session.visits, query: request.query['page'] });
  });
  app.post('/account', door.requireSignIn(portal.id), (request, response) => void response.json(request.body));
}

/** As a browser does: follows the host to the login page, chooses, and comes back. */
async function visit(browser: Browser, path: string) {
  const chooser = await browser.get(host.url + path, { headers: { accept: 'text/html' } });
  const choice = /class="choice" href="([^"]+)"/.exec(chooser.text)?.[1]?.replaceAll('&amp;', '&');
  if (choice === undefined) return chooser;
  idp.next({ person: 'ada' });
  return browser.signIn(choice);
}

describe('an application with Usher inside', () => {
  it('sends a browser to sign in and back to the page it asked for', async () => {
    const browser = createBrowser();
    const page = await visit(browser, '/account?page=2');
    expect(page).toMatchObject({ status: 200, url: `${host.url}/account?page=2` });
    expect(JSON.parse(page.text)).toMatchObject({ name: ['Ada'], query: '2' });
    expect(JSON.parse((await browser.get(`${host.url}/door/session`)).text)).toMatchObject({ serviceProvider: { id: portal.id } });
  });

  it('keeps its own session, with nothing of ours in it, through signing in', async () => {
    const browser = createBrowser();
    await browser.get(`${host.url}/`);
    const before = browser.cookies('127.0.0.1').get('host');
    expect(before).toBeDefined();
    await visit(browser, '/account');
    expect(browser.cookies('127.0.0.1').get('host')).toBe(before);
    expect(JSON.parse((await browser.get(`${host.url}/account`)).text).visits).toBeGreaterThan(3);
    const kept = await new Promise<object>((resolve) => host.sessions.all((_error, all) => resolve(all ?? {})));
    expect(JSON.stringify(kept)).not.toContain('person');
    expect(JSON.stringify(kept)).toContain('visits');
  });

  it('answers a program that is not signed in with 401 and where to sign in', async () => {
    const answer = await fetch(`${host.url}/account`, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: 'Nobody is signed in.', loginUrl: portal.loginUrl });
    const posted = await fetch(`${host.url}/account`, { method: 'POST', headers: { accept: 'text/html' }, redirect: 'manual' });
    expect(posted.status).toBe(401);
  });

  it('lets nobody in who signed in to another service provider', async () => {
    const browser = createBrowser();
    idp.next({ person: 'ada' });
    await browser.signIn(`${shop.loginUrl}/${signInWith}`);
    expect((await browser.get(`${host.url}/door/session`)).status).toBe(200);
    const page = await browser.get(`${host.url}/account`, { headers: { accept: 'text/html' } });
    expect(page.url).toBe(`${portal.loginUrl}?returnTo=${encodeURIComponent(`${host.url}/account`)}`);
  });

  it('signs out with a form of its own page', async () => {
    const browser = createBrowser();
    await visit(browser, '/account');
    await browser.post(`${host.url}/door/logout`, { returnTo: `${host.url}/` });
    expect((await browser.get(`${host.url}/account`)).status).toBe(401);
  });

  it('gets GraphQL subscriptions over WebSocket on its server', async () => {
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/door/graphql`, 'graphql-transport-ws');
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
    const first = await new Promise((resolve, reject) =>
      socket.once('message', (data: Buffer) => resolve(data.toString())).once('error', reject),
    );
    socket.close();
    expect(JSON.parse(String(first))).toMatchObject({ type: 'connection_ack' });
  });

  it('is left alone at its own paths where Usher is mounted at the root', async () => {
    const other = await serve(
      express()
        .use(door.router)
        .get('/', (request, response) => void response.json({ session: 'session' in request })),
    );
    const page = await fetch(other.url);
    expect(await page.json()).toEqual({ session: false });
    for (const header of ['content-security-policy', 'set-cookie', 'x-request-id', 'strict-transport-security'])
      expect(page.headers.get(header), header).toBeNull();
    expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${other.url}/login/nothing/there/at/all`)).status).toBe(404);
    await other.close();
  });

  it('is told clearly where it has read a body in a way that Usher cannot use', async () => {
    const told: unknown[] = [];
    const other = await serve(
      express()
        .use(express.raw({ type: () => true }))
        .use(door.router)
        .use(((error, _request, _response, next) => {
          told.push(error);
          next();
        }) satisfies express.ErrorRequestHandler)
        .use((_request, response) => void response.status(500).end()),
    );
    const answer = await fetch(`${other.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ me { id } }"}',
    });
    expect(answer.status).toBe(500);
    expect(String(told[0])).toContain("Mount Usher's router before what reads bodies");
    await other.close();
  });
});

describe('settings of an embedded Usher', () => {
  it('are refused all at once, by the names they were given by', async () => {
    const wrong = usher({
      publicUrl: 'ftp://example.org',
      sessionSecret: 'short',
      workerSlots: 0,
      environment: { USHER_LOG_LEVEL: 'loud', USHER_OF_SOMEBODY_ELSE: 'x' },
    });
    await expect(wrong).rejects.toBeInstanceOf(EnvironmentError);
    await expect(wrong).rejects.toMatchObject({
      faults: [
        expect.stringMatching(/^publicUrl: /),
        expect.stringMatching(/^sessionSecret: /),
        expect.stringMatching(/^USHER_LOG_LEVEL: /),
        expect.stringMatching(/^workerSlots: /),
      ],
    });
  });

  it('take nothing from the environment that was not handed in', async () => {
    process.env['USHER_WORKER_SLOTS'] = 'many';
    await expect(usher({ publicUrl: 'ftp://example.org' })).rejects.toMatchObject({ faults: [expect.stringMatching(/^publicUrl: /)] });
    delete process.env['USHER_WORKER_SLOTS'];
  });
});

async function serve(app: Express): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(app);
  return {
    url: await listen(server),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
