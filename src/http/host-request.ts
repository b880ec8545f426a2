/**
 * Somebody else's Express application around ours: it may have a session, body parsers and pages of its own, and none of them may notice us.
 * Only requests for our own paths come in, and what we keep on a request we keep apart from the host's request.
 */
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';

/** The first step of every path that is ours, below where the router is mounted. */
const ours = /^\/(graphql|login|logout|saml|session|healthz|readyz|metrics)(\/|$)/;
/** What express-session keeps on a request, and the `secure` that it is told: the host's own express-session keeps its there. */
const apart: ReadonlySet<PropertyKey> = new Set(['session', 'sessionID', 'sessionStore', 'secure']);

/** Lets our router have our requests, each as one that the host's session has never touched. Others pass by. */
export function besideTheHost(router: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (!ours.test(request.path)) next();
    else if (bodyIsLost(request)) next(new Error(lostBody(request)));
    else void router(withoutHostSession(request), response, next);
  };
}

/**
 * A request stands on a stream, so it cannot be copied: this is the same request, whose `session` and the like are its own. Everything else is
 * read from and written to the real one.
 */
function withoutHostSession<T extends IncomingMessage>(request: T): T {
  const own = new Map<PropertyKey, PropertyDescriptor>();
  const mine = (key: PropertyKey): boolean => apart.has(key) && (key !== 'secure' || own.has(key));
  return new Proxy(request, {
    get: (target, key, receiver) => {
      if (!mine(key)) return Reflect.get(target, key, target) as unknown;
      const kept = own.get(key);
      return kept?.get ? (kept.get.call(receiver) as unknown) : (kept?.value as unknown);
    },
    set: (target, key, value: unknown) => {
      if (!mine(key)) return Reflect.set(target, key, value, target);
      own.set(key, { value, writable: true, enumerable: true, configurable: true });
      return true;
    },
    has: (target, key) => (mine(key) ? own.has(key) : Reflect.has(target, key)),
    deleteProperty: (target, key) => (mine(key) ? own.delete(key) || true : Reflect.deleteProperty(target, key)),
    defineProperty: (target, key, descriptor) => {
      if (!apart.has(key)) return Reflect.defineProperty(target, key, descriptor);
      own.set(key, { ...descriptor, configurable: true });
      return true;
    },
    getOwnPropertyDescriptor: (target, key) => (mine(key) ? own.get(key) : Reflect.getOwnPropertyDescriptor(target, key)),
  });
}

/** Forms and JSON that the host has parsed are taken as it parsed them. Read in any other way, or thrown away, they are lost to us. */
function bodyIsLost(request: Request): boolean {
  const body: unknown = request.body;
  const has = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
  return has && request.readableDidRead && (typeof body !== 'object' || body === null || Buffer.isBuffer(body));
}

const lostBody = (request: Request): string =>
  `The body of ${request.method} ${request.baseUrl}${request.path} was read before it came to Usher. Mount Usher's router before what reads ` +
  `bodies, or read them with express.json() and express.urlencoded().`;
