/** The browser's session: express-session, kept in the database, for requests and for upgrades that never pass Express. */
import { ServerResponse, type IncomingMessage } from 'node:http';
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler, Response } from 'express';
import expressSession, { type SessionData } from 'express-session';
import type { Pool } from 'pg';
import { sessionCookie } from '../auth/login-cookies.ts';
import type { SignedInPerson } from '../auth/session-data.ts';
import type { BrowserSessions } from '../graphql/gate.ts';

/** The plain form of node-postgres: both databases offer it. */
export type SessionQuery = (
  text: string,
  parameters?: readonly unknown[],
) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;

export interface SessionSettings {
  /** The first signs cookies, all of them are believed: so keys can turn. */
  readonly secrets: readonly string[];
  /** Where browsers reach us; https makes the cookie a `__Host-` one. */
  readonly publicUrl: string;
  /** How long a session lasts from signing in, used or not. */
  readonly lifetimeMs: number;
}
export interface WebSessions extends BrowserSessions {
  readonly middleware: RequestHandler;
  /** Who signed in, for a request that did not pass the middleware. */
  person(request: IncomingMessage): Promise<SignedInPerson | null>;
  close(): Promise<void>;
}

export function createSessions(query: SessionQuery, settings: SessionSettings, storeFailed: (error: unknown) => void): WebSessions {
  const { name, options } = sessionCookie(settings.publicUrl);
  const secure = settings.publicUrl.startsWith('https:');
  const Store = connectPgSimple(expressSession);
  const store = new Store({
    // It calls `query` and nothing else of a pool.
    pool: { query } as unknown as Pool,
    tableName: 'session',
    createTableIfMissing: false,
    // Without it every request of a session is a write.
    disableTouch: true,
    errorLog: (...what: readonly unknown[]) => storeFailed(what.at(-1)),
  });
  writeOnce(store);
  const sessions = expressSession({
    store,
    name,
    secret: [...settings.secrets],
    resave: false,
    saveUninitialized: false,
    cookie: { ...options, maxAge: settings.lifetimeMs },
  });
  const middleware: RequestHandler = (request, response, next) => {
    // The public address says whether browsers come over TLS; the last piece of the way, behind a proxy, does not.
    if (secure) Object.defineProperty(request, 'secure', { value: true });
    sessions(request, response, next);
  };
  const asked = new WeakSet<IncomingMessage>();

  /** The session as the store has it now, for a request that Express did not see, or that lives long. */
  async function readAgain(request: IncomingMessage): Promise<Partial<SessionData>> {
    // Its own object, for express-session leaves a request alone that has a session, and writes to the one it gets.
    const copy = Object.create(request, { session: { value: undefined, writable: true } }) as Request;
    await promised((done) => sessions(copy, new ServerResponse(request) as Response, done));
    return copy.session;
  }

  return {
    middleware,
    async administratorId(request) {
      if (!hasSession(request) || asked.has(request)) return (await readAgain(request)).administratorId ?? null;
      asked.add(request);
      return request.session.administratorId ?? null;
    },
    person: async (request) => (await readAgain(request)).person ?? null,
    async signIn(request, administrator) {
      const { session } = passedExpress(request);
      await promised((done) => session.regenerate(done));
      const renewed = passedExpress(request).session;
      renewed.administratorId = administrator.id;
      renewed.tenantId = administrator.tenantId;
      await promised((done) => renewed.save(done));
    },
    async signOut(request) {
      await promised((done) => passedExpress(request).session.destroy(done));
    },
    async endOthers(request, administratorId) {
      await query(`delete from session where administrator_id = $1 and sid <> $2`, [administratorId, passedExpress(request).sessionID]);
    },
    close: async () => store.close(),
  };
}

/**
 * express-session saves what was begun and saved explicitly once more when the answer ends. Nothing changed in between but the cookie's
 * date, which is not kept in step anyway (disableTouch): a second commit for every sign-in.
 */
function writeOnce(store: expressSession.Store): void {
  const written = new WeakMap<object, string>();
  const set = store.set.bind(store);
  store.set = (id, session, done) => {
    const text = JSON.stringify({ ...session, cookie: undefined });
    if (written.get(session) === text) {
      done?.();
      return;
    }
    set(id, session, (error) => {
      if (!error) written.set(session, text);
      done?.(error);
    });
  };
}

const hasSession = (request: IncomingMessage): request is Request => 'session' in request && request.session !== undefined;

function passedExpress(request: IncomingMessage): Request {
  if (!hasSession(request)) throw new Error('Only a request that passed Express can change its session.');
  return request;
}

const promised = (work: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('The session store failed.', { cause: error }));
    });
  });
