/**
 * A fake Salesforce over HTTP: a login host that only issues tokens, and the organisation's own host where calls go. Its data and rules are
 * salesforce-org.ts. It knows what a provisioning client asks, with the status, codes and bodies of the real one, and every fault on demand.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createFaultSwitch, type FaultKind, type Faults } from './faults.ts';
import { createOrg, type Org } from './salesforce-org.ts';
import { schema, setupObjects, type ObjectShape } from './salesforce-schema.ts';
import { Refusal, type Row } from './salesforce-tables.ts';
import { createTokenEndpoint, type TokenEndpoint } from './salesforce-tokens.ts';

export interface SalesforceOptions {
  readonly publicKey?: string;
  readonly clientSecret?: string;
  readonly password?: string;
  /** Records of one page of a query; really 2,000. */
  readonly pageSize?: number;
  readonly limit?: number;
  readonly now?: () => number;
}

export interface SalesforceServer extends Faults {
  readonly loginUrl: string;
  /** The organisation's own host: instance_url of every token. */
  readonly instanceUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  readonly audience: string;
  readonly org: Org;
  readonly tokens: TokenEndpoint;
  /** Method and path of every call, without the query. */
  readonly requests: { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** After so many more calls every session is expired: what comes between two calls of one user. */
  expireSessionsAfter(calls: number): void;
  /** The next call of this method and path fails in this way; others before it do not. */
  faultAt(fault: { readonly method: string; readonly path: string; readonly kind: FaultKind }): void;
  /** What a switched-on 403 says: the API is off, the calls of the day are used up, or the user lacks a permission. */
  forbidWith(code: 'API_DISABLED_FOR_ORG' | 'REQUEST_LIMIT_EXCEEDED' | 'INSUFFICIENT_ACCESS'): void;
  /** Calls used of the daily limit. */
  useCalls(used: number): void;
  close(): Promise<void>;
}

const audience = 'https://login.salesforce.com';

export async function startSalesforceServer(options: SalesforceOptions = {}): Promise<SalesforceServer> {
  const org = createOrg();
  const pageSize = options.pageSize ?? 2_000;
  const limit = options.limit ?? 15_000;
  const client = { clientId: '3MVG9fake.consumer', clientSecret: options.clientSecret ?? 'consumer-secret' };
  const user = { username: 'usher@integration.example', password: options.password ?? 'pass+word&token' };
  const faults = createFaultSwitch(
    (status) => faultBody(status === 403 ? forbidden : faultCodes[status]),
    'application/json;charset=UTF-8',
    '{"id":"005',
  );
  const requests: { method: string; path: string; body: unknown }[] = [];
  const pages = new Map<string, readonly object[]>();
  let [used, expireIn] = [0, Infinity];
  let forbidden = 'API_DISABLED_FOR_ORG';
  let instanceUrl = '';
  let aimed: { readonly method: string; readonly path: string; readonly kind: FaultKind } | null = null;
  const tokens = createTokenEndpoint(
    { ...client, ...user, publicKey: options.publicKey ?? null, audience, now: options.now ?? Date.now },
    () => instanceUrl,
    { org: org.id, user: org.ownUserId },
  );

  const form = express.urlencoded({ extended: false });
  const login = express();
  login.post('/services/oauth2/token', form, (req, res) => tokens.handle(req, res, false));
  login.use((_req, res) => void res.status(404).type('html').send('<html>URL No Longer Exists</html>'));

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.post('/services/oauth2/token', form, (req, res) => tokens.handle(req, res, true));
  app.get(
    '/services/data',
    (_req, res) =>
      void res.json(
        [63, 64, 65].map((version) => ({ label: `Release ${version}`, url: `/services/data/v${version}.0`, version: `${version}.0` })),
      ),
  );
  app.use('/services/data/v64.0', (req, _res, next) => {
    if (aimed?.method === req.method && aimed.path === req.path) {
      faults.fault(aimed.kind, { method: req.method });
      aimed = null;
    }
    next();
  });
  app.use('/services/data/v64.0', faults.middleware, express.json(), (req, res, next) => {
    requests.push({ method: req.method, path: req.path, body: req.body as unknown });
    if (expireIn-- <= 0) {
      expireIn = Infinity;
      tokens.expireAll();
    }
    if (!tokens.isValid((req.get('authorization') ?? '').replace(/^Bearer /, '')))
      throw new Refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    if (used >= limit) throw new Refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    res.set('Sforce-Limit-Info', `api-usage=${++used}/${limit}`);
    next();
  });
  app.use('/services/data/v64.0', routes());
  app.use(() => {
    throw new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
  });
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (error instanceof Refusal) res.status(error.status).json([told(error)]);
    else if (error instanceof SyntaxError) res.status(400).json([{ message: 'Unexpected character', errorCode: 'JSON_PARSER_ERROR' }]);
    else next(error);
  });

  function routes(): express.Router {
    const router = express.Router();
    router.get('/sobjects/User/describe', (_req, res) => void res.json(description('User', org.shape('User'))));
    router.get('/query', (req, res) => {
      const records = org.query(queryText(req, 'q'));
      page(records, 0, records, res);
    });
    router.get('/query/:locator', (req, res) => {
      const [cursor = '', from] = req.params.locator.split('-');
      const records = pages.get(cursor);
      if (!records) throw new Refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
      page(records, Number(from), records, res, cursor);
    });
    router.post('/sobjects/:object', (req, res) => {
      const id = org.insert(req.params.object, req.body as Row);
      res.status(201).json({ id, success: true, errors: [] });
    });
    router.get(
      '/sobjects/:object/:id',
      (req, res) => void res.json({ attributes: { type: req.params.object }, ...org.get(req.params.object, req.params.id) }),
    );
    router.patch('/sobjects/:object/:id', (req, res) => {
      org.update(req.params.object, req.params.id, req.body as Row);
      res.status(204).end();
    });
    router.delete('/sobjects/:object/:id', (req, res) => {
      org.remove(req.params.object, req.params.id);
      res.status(204).end();
    });
    router.post('/composite/sobjects', (req, res) => {
      const { records, allOrNone } = req.body as {
        records: ({ attributes: { type: string } } & Record<string, unknown>)[];
        allOrNone?: boolean;
      };
      const types = new Set(records.map((record) => record.attributes.type));
      tooMany(records.length);
      const setup = [...types].find((type) => setupObjects.includes(type));
      if (types.size > 1 && setup !== undefined)
        throw new Refusal(
          400,
          'INVALID_INPUT',
          `You can't create records for multiple object types in one call when one of the types is related to Salesforce Setup. ${setup}`,
        );
      res.json(collection(records, allOrNone === true, ({ attributes, ...values }) => org.insert(attributes.type, values as Row)));
    });
    router.delete('/composite/sobjects', (req, res) => {
      const ids = queryText(req, 'ids').split(',');
      tooMany(ids.length);
      res.json(
        collection(ids, req.query['allOrNone'] === 'true', (id) => {
          const object = Object.keys(schema).find((name) => id.startsWith(schema[name]!.prefix));
          if (object === undefined) throw new Refusal(400, 'MALFORMED_ID', 'malformed id ' + id);
          org.remove(object, id);
          return id;
        }),
      );
    });
    return router;
  }

  function page(records: readonly object[], from: number, all: readonly object[], res: Response, known?: string): void {
    const done = from + pageSize >= records.length;
    const cursor = known ?? `01g${String(pages.size).padStart(15, '0')}`;
    if (!done) pages.set(cursor, all);
    const next = done ? {} : { nextRecordsUrl: `/services/data/v64.0/query/${cursor}-${from + pageSize}` };
    res.json({ totalSize: records.length, done, ...next, records: records.slice(from, from + pageSize) });
  }

  const servers = [await listen(login), await listen(app)];
  const [loginUrl = '', instance = ''] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  instanceUrl = instance;
  return {
    ...faults,
    ...client,
    ...user,
    loginUrl,
    instanceUrl,
    audience,
    org,
    tokens,
    requests,
    expireSessionsAfter: (calls) => void (expireIn = calls),
    faultAt: (fault) => void (aimed = fault),
    forbidWith: (code) => void (forbidden = code),
    useCalls: (calls) => void (used = calls),
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

function description(object: string, shape: ObjectShape): object {
  const fields = Object.entries(shape.fields).map(([name, field]) => ({
    name,
    label: name,
    type: field.type,
    length: field.length ?? 0,
    createable: field.readOnly !== true,
    updateable: field.readOnly !== true,
    custom: name.endsWith('__c'),
    picklistValues: (field.choices ?? []).map((value) => ({ active: true, defaultValue: false, label: value, value })),
  }));
  return { name: object, keyPrefix: shape.prefix, createable: true, deletable: false, fields };
}

/** One result for each record. With allOrNone nothing is kept where one fails; the fake does what its tests need: it tries none then. */
function collection<T>(items: readonly T[], allOrNone: boolean, work: (item: T) => string): readonly object[] {
  if (allOrNone) throw new Refusal(400, 'INVALID_INPUT', 'The fake has no allOrNone.');
  return items.map((item) => {
    try {
      return { id: work(item), success: true, errors: [] };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { errorCode, ...rest } = told(error);
      return { success: false, errors: [{ statusCode: errorCode === 'NOT_FOUND' ? 'ENTITY_IS_DELETED' : errorCode, ...rest }] };
    }
  });
}

function queryText(req: Request, name: string): string {
  const value = req.query[name];
  return typeof value === 'string' ? value : '';
}

function tooMany(count: number): void {
  if (count > 200) throw new Refusal(400, 'EXCEEDED_ID_LIMIT', 'record limit reached. cannot submit more than 200 records into this call');
}

function told(refusal: Refusal): { message: string; errorCode: string; fields?: readonly string[] } {
  const { message, code, fields } = refusal;
  return { message, errorCode: code, ...(refusal.status === 400 ? { fields } : {}) };
}

const faultCodes: Readonly<Record<number, string>> = {
  400: 'JSON_PARSER_ERROR',
  401: 'INVALID_SESSION_ID',
  404: 'NOT_FOUND',
  409: 'DUPLICATE_VALUE',
  429: 'TOO_MANY_REQUESTS',
  500: 'UNKNOWN_EXCEPTION',
  503: 'SERVER_UNAVAILABLE',
};

function faultBody(errorCode = 'UNKNOWN_EXCEPTION'): string {
  return JSON.stringify([{ message: 'Fault switched on', errorCode }]);
}

async function listen(app: express.Express): Promise<Server> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

if (process.argv[1]?.endsWith('salesforce-server.ts')) {
  const server = await startSalesforceServer();
  const { loginUrl, clientId, clientSecret, username, password } = server;
  const config = { authentication: 'password', loginUrl, clientId, clientSecret, username, password, profile: 'Standard User' };
  // What `npm run kit -- salesforce` wants in its settings.json.
  console.log(JSON.stringify({ config: { ...config, ownIdField: 'Usher_Id__c' } }));
}
