/**
 * The HTTP room: puts sign-in, GraphQL, health and sessions on one Express router. It decides nothing: sign-in is auth's, answers are
 * GraphQL's. Start with createWeb, which is the order of what a request passes.
 */
import type { IncomingMessage, Server } from 'node:http';
import express, { Router, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { GraphQLDeps } from '../graphql/create-graphql.ts';
import type { RateLimits } from '../graphql/rate-limit.ts';
import { whoIsSignedIn, type SignedIn } from '../auth/signed-in.ts';
import { callerAddress } from './caller-address.ts';
import { nothingHere, somethingBroke } from './failures.ts';
import { healthRoutes, type HealthDeps, type MetricsPage } from './health.ts';
import { besideTheHost } from './host-request.ts';
import { limitPasswords } from './password-limit.ts';
import { handledBy, partOf } from './part.ts';
import { giveRequestId, requestIdOf } from './request-id.ts';
import { logRequests } from './request-log.ts';
import { createTally } from './tally.ts';
import { createSessions, type SessionQuery } from './session.ts';
import { takeUpgrades, type Take } from './upgrades.ts';

export interface WebDeps extends Pick<GraphQLDeps, 'house' | 'bus' | 'passwords'> {
  readonly logger: Logger;
  /** Loads auth's router: sign-in, SAML, waiting page, GET /session. Mounted behind the session. */
  loginRoutes(): Promise<RequestHandler>;
  /** The database's plain query, for the session store. */
  readonly query: SessionQuery;
  readonly notReady: HealthDeps['notReady'];
  readonly metrics: MetricsPage | null;
  readonly settings: WebSettings;
}
export interface WebSettings {
  /** Where browsers reach us: scheme, host, port and the path we are mounted under, without a slash at the end. */
  readonly publicUrl: string;
  readonly sessionSecrets: readonly string[];
  readonly introspection: boolean;
  /** Proxies whose X-Forwarded-* are believed, as Express wants it. */
  readonly trustProxy: boolean | number | string;
  readonly sessionLifetimeMs?: number;
  readonly rateLimits?: RateLimits;
}
export interface Web {
  /** Whole application, to listen with. */
  readonly app: Express;
  /** The same for somebody else's application, at any path: no log line for each request, and hands off what is not ours. */
  readonly router: RequestHandler;
  /** Who is signed in to a service provider, for any request of that application. */
  signedIn(request: IncomingMessage): Promise<(SignedIn & { readonly signedInAt: string }) | null>;
  /** WebSockets at `<path of publicUrl>/graphql` of this server. */
  attach(server: Server): void;
  /** Loads sign-in and GraphQL, which else the first request for them would have to wait for. */
  prepare(): Promise<void>;
  /** Not ready from now on, though what comes is still answered: let the load balancer notice. */
  drain(): void;
  /** Ends sockets and streams, and answers whoever asked: also a held sign-in, as far as it is held in its request. Closing the server is its owner's business. */
  close(): Promise<void>;
}

const usualRateLimits: RateLimits = { known: 3000, unknown: 300 };
const twelveHours = 12 * 60 * 60 * 1000;
/** What an answer takes beyond the time that it is held on purpose. */
const answerMs = 2_000;

export function createWeb(deps: WebDeps): Web {
  const { house, bus, passwords, settings } = deps;
  const { publicUrl, rateLimits = usualRateLimits } = settings;
  const newId = (): string => house.chance.uuid();
  const referenceOf = (request: IncomingMessage): string => requestIdOf(request, newId);
  const sessions = createSessions(
    deps.query,
    { secrets: settings.sessionSecrets, publicUrl, lifetimeMs: settings.sessionLifetimeMs ?? twelveHours },
    (error) => house.log.error({ error: asError(error) }, 'The session store failed.'),
  );
  const graphql = partOf(async () => {
    const { createGraphql } = await import('../graphql/create-graphql.ts');
    return createGraphql({
      house,
      bus,
      passwords,
      sessions,
      publicUrl,
      introspection: settings.introspection,
      rateLimits,
      addressOf: callerAddress,
      requestIdOf: referenceOf,
    });
  });
  const loginRoutes = partOf(() => deps.loginRoutes());
  const detach: (() => void)[] = [];
  let draining = false;
  const underWay = createTally();

  const router = Router()
    .use(underWay.count)
    .use(giveRequestId(newId))
    .use(healthRoutes({ notReady: deps.notReady, draining: () => draining, metrics: deps.metrics }))
    .use(securityHeaders(publicUrl))
    .use(limitPasswords(rateLimits))
    .use(sessions.middleware)
    .use(
      '/graphql/stream',
      handledBy(graphql, ({ stream }) => stream),
    )
    .use(
      '/graphql',
      handledBy(graphql, ({ handler }) => handler),
    )
    .use(handledBy(loginRoutes, (routes) => routes))
    .use(somethingBroke(house.log, referenceOf));

  const app = express()
    .disable('x-powered-by')
    .set('trust proxy', settings.trustProxy)
    .use(giveRequestId(newId))
    .use(logRequests(deps.logger, newId))
    .use(router)
    .use(nothingHere(referenceOf))
    .use(somethingBroke(house.log, referenceOf));

  return {
    app,
    router: besideTheHost(router),
    async signedIn(request) {
      const person = await sessions.person(request);
      const found = person && (await whoIsSignedIn(house.database, person));
      return found && { ...found, signedInAt: person.signedInAt };
    },
    attach: (server) => {
      const path = `${new URL(publicUrl).pathname.replace(/\/$/, '')}/graphql`;
      const take: Take = async (request, socket, head) => (await graphql.open()).upgrade(request, socket, head);
      const failed = (error: unknown): void => house.log.error({ error: asError(error) }, 'A WebSocket could not be opened.');
      detach.push(takeUpgrades(server, path, take, failed));
    },
    prepare: async () => {
      await loginRoutes.open();
      await graphql.open();
    },
    drain: () => {
      draining = true;
    },
    async close() {
      draining = true;
      for (const each of detach) each();
      await (await graphql.opened())?.close();
      await underWay.none(house.settings.holdInRequestMs + answerMs);
      await sessions.close();
    },
  };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Answers are data and small pages that set a policy of their own; whatever else is shown in a browser may load nothing. */
const securityHeaders = (publicUrl: string): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] } },
    // Of this host alone: what its subdomains speak is not ours to say.
    strictTransportSecurity: publicUrl.startsWith('https:') && { includeSubDomains: false },
  });
