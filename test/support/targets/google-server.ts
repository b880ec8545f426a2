/**
 * A fake Google: token endpoint and the Directory API's users, aliases, groups and members over real HTTP, with every fault on demand.
 * What it answers is collected in public issues and the vendor's guides; google-errors.ts says which sentences are from memory.
 * Start with startGoogleServer.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createFaultSwitch, type Faults } from './faults.ts';
import { control } from './google-control.ts';
import { createDirectory, shown, type Directory, type DirectoryUser } from './google-directory.ts';
import { errorBody, faultBody, GoogleError, refusals } from './google-errors.ts';
import { groupRoutes } from './google-group-routes.ts';
import { matching, page } from './google-query.ts';
import { createTokenEndpoint, groupScope, userScope, type ServiceAccountKey } from './google-tokens.ts';

export interface GoogleServerOptions {
  readonly port?: number;
  readonly domains?: readonly string[];
  readonly orgUnits?: readonly string[];
  /** Seconds that a token lasts. */
  readonly expiresIn?: number;
  readonly latencyMs?: number;
  readonly now?: () => number;
}

export interface GoogleServer extends Faults {
  /** What the connector's form asks for. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly apiRoot: string;
  readonly tokenUrl: string;
  readonly key: ServiceAccountKey;
  readonly administrator: string;
  /** An account with rights that may be impersonated, and one without. */
  readonly directory: Directory;
  /** Accounts that are not deleted, without the administrators that the server came with. */
  users(): readonly DirectoryUser[];
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  readonly tokens: Pick<ReturnType<typeof createTokenEndpoint>, 'delegate' | 'revoke' | 'issued' | 'claims'>;
  /** This many calls in so many milliseconds; what is more is refused. */
  quota(calls: number, perMs?: number): void;
  refused(): number;
  /** Calls that the quota let through. */
  answered(): number;
  /** The next updates are carried out and answered with 409. */
  conflictAfterUpdate(times: number): void;
  /** The next calls are answered so, before anything is done. */
  answerNext(error: GoogleError, times?: number, headers?: Readonly<Record<string, string>>): void;
  /** Takes back what `answerNext` was told. */
  answerNone(): void;
  reset(): void;
  close(): Promise<void>;
}

const base = '/admin/directory/v1';

export async function startGoogleServer(options: GoogleServerOptions = {}): Promise<GoogleServer> {
  const domains = options.domains ?? ['example.com', 'example.net'];
  const now = options.now ?? Date.now;
  const directory = createDirectory({ domains, orgUnits: options.orgUnits ?? ['/', '/Staff', '/Staff/Sales'], now });
  const endpoint = createTokenEndpoint({
    knows: (email) => directory.holder(email) !== null,
    // Google's client library signs by the real clock, whatever a test's own says.
    now: Date.now,
    ...(options.expiresIn === undefined ? {} : { expiresIn: options.expiresIn }),
  });
  const faults = createFaultSwitch(faultBody, 'application/json; charset=UTF-8', '{"kind":"admin#directory#us');
  const administrator = `admin@${domains[0] ?? ''}`;
  const requests: { method: string; path: string; body: unknown }[] = [];
  const own = new Set<string>();
  let calls: number[] = [];
  let limit = { calls: Infinity, perMs: 60_000 };
  let refusedCalls = 0;
  let answeredCalls = 0;
  let conflictsLeft = 0;
  let answers: { error: GoogleError; left: number; headers: Readonly<Record<string, string>> }[] = [];

  function seed(): void {
    own.clear();
    for (const [name, isAdmin] of [
      ['admin', true],
      ['clerk', false],
    ] as const) {
      const made = directory.insertUser({
        primaryEmail: `${name}@${domains[0] ?? ''}`,
        name: { givenName: 'Kit', familyName: name },
        password: 'Kit-password-1',
      });
      made.resource = { ...made.resource, isAdmin };
      own.add(made.id);
    }
  }
  seed();
  faults.latency(options.latencyMs ?? 0);

  /** Too many calls within the window; those that were refused do not count. */
  function withinQuota(): void {
    answeredCalls += 1;
    if (limit.calls === Infinity) return;
    const since = now() - limit.perMs;
    while (calls.length > 0 && (calls[0] ?? 0) <= since) calls.shift();
    if (calls.length >= limit.calls) {
      refusedCalls += 1;
      answeredCalls -= 1;
      throw refusals.tooFast();
    }
    calls.push(now());
  }

  function authorize(req: Request): void {
    const header = req.get('authorization') ?? '';
    if (header === '') throw refusals.loginRequired();
    const held = endpoint.holder(header.replace(/^Bearer /, ''));
    if (!held) throw refusals.badToken();
    if (!held.scopes.has(req.path.startsWith('/groups') ? groupScope : userScope)) throw refusals.insufficientScopes();
    const who = directory.live().find(({ resource }) => resource.primaryEmail === held.administrator);
    if (who?.resource['isAdmin'] !== true && who?.resource['isDelegatedAdmin'] !== true) throw refusals.notAuthorized();
  }

  const app = express();
  app.disable('x-powered-by');
  app.post('/token', express.urlencoded({ extended: false }), (req, res) => {
    const { status, body } = endpoint.answer(new URLSearchParams(req.body as Record<string, string>), `${origin}/token`);
    res.status(status).json(body);
  });
  app.use(
    '/__control',
    control(() => fake),
  );
  app.use(base, faults.middleware);
  app.use(base, express.json(), (req, res, next) => {
    requests.push({ method: req.method, path: req.path, body: req.body as unknown });
    const answer = answers[0];
    if (answer) {
      answer.left -= 1;
      answers = answers.filter(({ left }) => left > 0);
      res.set({ ...answer.headers });
      throw answer.error;
    }
    authorize(req);
    withinQuota();
    next();
  });

  app.get(`${base}/users`, (req, res) => {
    const found = matching(directory, req.query as Record<string, string>, domains);
    const { items, nextPageToken } = page(found, req.query as Record<string, string>);
    res.json({
      kind: 'admin#directory#users',
      etag: '"kit"',
      ...(items.length > 0 ? { users: items.map(shown) } : {}),
      ...(nextPageToken === null ? {} : { nextPageToken }),
    });
  });
  app.post(`${base}/users`, (req, res) => void res.json(shown(directory.insertUser(req.body as Record<string, unknown>))));
  app.get(`${base}/users/:key`, (req, res) => void res.json(shown(directory.user(req.params.key))));
  const change =
    (clearsByNull: boolean) =>
    (req: Request, res: Response): void => {
      const found = directory.user(String(req.params['key']));
      const expected = req.get('if-match');
      if (expected !== undefined && expected !== shown(found)['etag']) throw refusals.staleEtag();
      directory.changeUser(found, req.body as Record<string, unknown>, clearsByNull);
      if (conflictsLeft > 0) {
        conflictsLeft -= 1;
        throw refusals.duplicate();
      }
      res.json(shown(found));
    };
  app.patch(`${base}/users/:key`, change(false));
  app.put(`${base}/users/:key`, change(true));
  app.delete(`${base}/users/:key`, (req, res) => {
    directory.deleteUser(directory.user(req.params.key));
    res.status(204).end();
  });
  app.post(`${base}/users/:key/undelete`, (req, res) => {
    directory.undeleteUser(req.params.key, (req.body as Record<string, unknown> | undefined)?.['orgUnitPath']);
    res.status(204).end();
  });
  app.post(`${base}/users/:key/aliases`, (req, res) => {
    const found = directory.user(req.params.key);
    const { alias } = req.body as { alias: unknown };
    directory.addAlias(found, alias);
    res.json({ kind: 'admin#directory#alias', id: found.id, primaryEmail: found.resource.primaryEmail, alias });
  });
  app.delete(`${base}/users/:key/aliases/:alias`, (req, res) => {
    directory.removeAlias(directory.user(req.params.key), req.params.alias);
    res.status(204).end();
  });

  app.use(`${base}/groups`, groupRoutes(directory, domains));
  app.use((_req, _res, next) => next(new GoogleError(404, 'notFound', 'Not Found')));
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const told = error instanceof GoogleError ? error : new GoogleError(500, 'internalError', String(error));
    res.status(told.status).type('json').send(errorBody(told));
  });

  const server = await listen(app, options.port ?? 0);
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const fake: GoogleServer = {
    ...faults,
    config: {
      keyFormat: 'json',
      serviceAccountKey: endpoint.key.json,
      administratorEmail: administrator,
      userIdDomain: domains[0],
      useGroups: true,
      // The fake has no quota unless it is told one.
      callsPerMinute: 100_000,
      tokenUrl: `${origin}/token`,
      apiRoot: origin,
    },
    apiRoot: origin,
    tokenUrl: `${origin}/token`,
    key: endpoint.key,
    administrator,
    directory,
    users: () => directory.live().filter(({ id }) => !own.has(id)),
    requests,
    tokens: endpoint,
    quota: (allowed, perMs = 60_000) => {
      limit = { calls: allowed, perMs };
      calls = [];
    },
    refused: () => refusedCalls,
    answered: () => answeredCalls,
    conflictAfterUpdate: (times) => void (conflictsLeft = times),
    answerNext: (error, times = 1, headers = {}) => void answers.push({ error, left: times, headers }),
    answerNone: () => void (answers = []),
    reset: () => {
      directory.clear();
      seed();
      faults.clear();
      endpoint.delegate([userScope, groupScope]);
      requests.length = 0;
      [limit, calls, answers] = [{ calls: Infinity, perMs: 60_000 }, [], []];
      [refusedCalls, answeredCalls, conflictsLeft] = [0, 0, 0];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return fake;
}

async function listen(app: express.Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1', (error) => (error ? reject(error) : resolve(server)));
  });
}

if (process.argv[1]?.endsWith('google-server.ts')) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      latency: { type: 'string', default: '0' },
      quota: { type: 'string', default: 'Infinity' },
      drop: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      'end-with-parent': { type: 'boolean', default: false },
    },
  });
  const server = await startGoogleServer({ port: Number(values.port), latencyMs: Number(values.latency) });
  server.quota(Number(values.quota));
  server.dropAnswers(Number(values.drop), Number(values.seed));
  // The pipe from the parent closes when the parent ends, however it ends.
  if (values['end-with-parent']) process.stdin.on('end', () => process.exit(0)).resume();
  console.log(JSON.stringify({ config: server.config, control: `${server.apiRoot}/__control` }));
}
