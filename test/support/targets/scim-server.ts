/**
 * A real SCIM 2.0 server: scimmy over a store in memory, a bearer check, and a fault switch in front. Tests start it in their own
 * process with startScimServer; chaos tests, the demo and benchmarks run this file: `tsx test/support/targets/scim-server.ts --port 0`.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import express, { type Request } from 'express';
import { SCIMMYRouters } from 'scimmy-routers';
import { createFaultSwitch, type FaultKind, type Faults } from './faults.ts';
import { createScimStore, type ScimStore, type StoredGroup, type StoredUser } from './scim-store.ts';

export interface ScimServerOptions {
  readonly port?: number;
  readonly token?: string;
  readonly latencyMs?: number;
  /** False: two users of one name are let in, so that a test sees what was made twice. Default true. */
  readonly unique?: boolean;
  /** Instead of the bearer token. */
  readonly accepts?: (req: Request) => boolean;
  /** Issues tokens at /oauth/token to this client and accepts only those. */
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string; readonly expiresIn?: number };
}

export interface ScimServer extends Faults {
  /** The base URL, up to and without /Users. */
  readonly url: string;
  readonly token: string;
  readonly tokenUrl: string;
  users(): readonly StoredUser[];
  groups(): readonly StoredGroup[];
  /** What somebody else changes at the server itself. */
  readonly store: Pick<ScimStore, 'byId' | 'users' | 'save' | 'remove'>;
  /** Somebody else puts this member there. */
  addMember(displayName: string, value: string): void;
  /** Method and path below the base URL, without the query. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly query: string }[];
  /** What was sent in requests that had a body, as far as it came to be read. */
  readonly bodies: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** Whatever stands in front of it has lost it, or has it again: 404 to everything, in no words of SCIM. */
  misplace(isMisplaced: boolean): void;
  /** Every OAuth token issued until now is refused from here on. */
  revokeTokens(): void;
  /** Forgets users, requests and faults. */
  reset(): void;
  close(): Promise<void>;
}

const base = '/scim/v2';

export async function startScimServer(options: ScimServerOptions = {}): Promise<ScimServer> {
  const token = options.token ?? 'scim-token';
  const store = createScimStore(options.unique ?? true);
  const faults = createFaultSwitch(scimError, 'application/scim+json', '{"schemas":["urn:ietf:par');
  const requests: { method: string; path: string; query: string }[] = [];
  const bodies: { method: string; path: string; body: unknown }[] = [];
  const issued = new Set<string>();
  let tokens = 0;
  let misplaced = false;
  faults.latency(options.latencyMs ?? 0);

  const accepted = (req: Request): boolean => {
    if (options.accepts) return options.accepts(req);
    const given = (req.get('authorization') ?? '').replace(/^Bearer /, '');
    return options.oauth ? issued.has(given) : given === token;
  };

  const app = express();
  app.disable('x-powered-by');
  app.post('/oauth/token', express.urlencoded({ extended: false }), (req, res) => {
    const basic = Buffer.from((req.get('authorization') ?? '').replace(/^Basic /, ''), 'base64').toString();
    const { clientId, clientSecret, expiresIn } = options.oauth ?? { clientId: '', clientSecret: '' };
    const known = basic === `${clientId}:${clientSecret}` || (req.body.client_id === clientId && req.body.client_secret === clientSecret);
    requests.push({ method: 'POST', path: '/oauth/token', query: '' });
    if (!options.oauth || !known) return void res.status(401).json({ error: 'invalid_client' });
    const value = `issued-${++tokens}`;
    issued.add(value);
    res.json({ access_token: value, token_type: 'Bearer', expires_in: expiresIn ?? 3600 });
  });
  app.use('/__control', control({ store, faults, requests }));
  app.use(base, (req, res, next) => {
    if (misplaced) return void res.status(404).type('text/html').send('<html><body>Not here</body></html>');
    const { method, path } = req;
    res.on('close', () => {
      if (req.body !== undefined && method !== 'GET') bodies.push({ method, path, body: req.body as unknown });
    });
    requests.push({ method: req.method, path: req.path, query: req.url.split('?')[1] ?? '' });
    // Express 5 parses the query anew at every look, so scimmy-routers' numbers for paging would be lost.
    Object.defineProperty(req, 'query', { value: { ...req.query }, writable: true });
    next();
  });
  app.use([`${base}/Users`, `${base}/Groups`], faults.middleware);
  app.use(
    base,
    new SCIMMYRouters({
      type: 'bearer',
      context: () => store,
      handler: (req) => {
        if (!accepted(req)) throw new Error('Not authorized');
        return '';
      },
    }),
  );

  const server = await listen(app, options.port ?? 0);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...faults,
    url: origin + base,
    token,
    tokenUrl: `${origin}/oauth/token`,
    users: () => store.users(),
    store,
    groups: () => [...store.groups.values()],
    addMember: (displayName, value) => {
      for (const group of store.groups.values())
        if (group.displayName === displayName) store.groups.set(group.id, { ...group, members: [...(group.members ?? []), { value }] });
    },
    requests,
    bodies,
    misplace: (isMisplaced) => void (misplaced = isMisplaced),
    revokeTokens: () => issued.clear(),
    reset: () => {
      store.clear();
      requests.length = 0;
      bodies.length = 0;
      faults.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The same switches over HTTP, for a server in another process. */
function control(parts: { store: ReturnType<typeof createScimStore>; faults: Faults; requests: unknown[] }): express.Router {
  const router = express.Router();
  router.use(express.json());
  router.get('/users', (_req, res) => void res.json(parts.store.users()));
  router.get('/groups', (_req, res) => void res.json([...parts.store.groups.values()]));
  router.get('/requests', (_req, res) => void res.json(parts.requests));
  router.post('/fault', (req, res) => {
    parts.faults.fault(req.body.kind as FaultKind, req.body);
    res.status(204).end();
  });
  router.post('/latency', (req, res) => {
    parts.faults.latency(Number(req.body.ms));
    res.status(204).end();
  });
  router.post('/drop-answers', (req, res) => {
    parts.faults.dropAnswers(Number(req.body.probability), Number(req.body.seed ?? 1));
    res.status(204).end();
  });
  router.post('/reset', (_req, res) => {
    parts.store.clear();
    parts.requests.length = 0;
    parts.faults.clear();
    res.status(204).end();
  });
  return router;
}

function scimError(status: number): string {
  return JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail: 'Fault switched on' });
}

async function listen(app: express.Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1', (error) => (error ? reject(error) : resolve(server)));
  });
}

if (process.argv[1]?.endsWith('scim-server.ts')) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      token: { type: 'string', default: 'scim-token' },
      latency: { type: 'string', default: '0' },
      drop: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      'allow-duplicates': { type: 'boolean', default: false },
      'end-with-parent': { type: 'boolean', default: false },
    },
  });
  const server = await startScimServer({
    port: Number(values.port),
    token: values.token,
    latencyMs: Number(values.latency),
    unique: !values['allow-duplicates'],
  });
  server.dropAnswers(Number(values.drop), Number(values.seed));
  // The pipe from the parent closes when the parent ends, however it ends.
  if (values['end-with-parent']) process.stdin.on('end', () => process.exit(0)).resume();
  console.log(JSON.stringify({ url: server.url, token: server.token, control: new URL('/__control', server.url).href }));
}
