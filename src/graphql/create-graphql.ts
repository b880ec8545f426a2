/** Serves the schema: queries and mutations by Apollo on Express, subscriptions by WebSocket and by server-sent events, all behind one gate. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { createFeed } from '../events/feed.ts';
import { apolloErrors } from './apollo-errors.ts';
import type { GraphQLContext } from './context.ts';
import type { ErrorPolicy } from './errors.ts';
import { openEventStream } from './event-stream.ts';
import { admit, type GateParts, type Refusal } from './gate.ts';
import { limitRules, limits } from './limits.ts';
import { createRateLimiter, type RateLimits } from './rate-limit.ts';
import { buildUsherSchema } from './schema.ts';
import { openWebSocketDoor } from './web-socket.ts';

export interface GraphQLDeps extends Omit<GateParts, 'rateLimiter' | 'feed'> {
  /** Where browsers reach us: cookies count on a WebSocket or stream from pages of this origin only. */
  readonly publicUrl: string;
  /** The schema may be asked for, and errors name what the client may have meant. */
  readonly introspection: boolean;
  readonly rateLimits: RateLimits;
}
export interface GraphQLService {
  /** For /graphql. */
  readonly handler: RequestHandler;
  /** For /graphql/stream; mount it first. */
  readonly stream: RequestHandler;
  /** A request for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

export async function createGraphql(deps: GraphQLDeps): Promise<GraphQLService> {
  const feed = createFeed({ database: deps.house.database, bus: deps.bus, log: deps.house.log });
  const parts = { ...deps, feed, rateLimiter: createRateLimiter(deps.rateLimits) };
  const schema = buildUsherSchema();
  const rules = limitRules();
  const errors: ErrorPolicy = { log: deps.house.log, hideSchema: !deps.introspection };
  const told = apolloErrors(errors, () => deps.house.chance.uuid());

  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    introspection: deps.introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !deps.introspection,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [...rules],
    stopOnTerminationSignals: false,
    formatError: told.format,
    // Cache control walks every field of every list to compute a header that a private answer never has.
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControlDisabled(), told.plugin],
  });
  await apollo.start();

  const contexts = new WeakMap<Request, GraphQLContext>();
  const gate: RequestHandler = async (request, response, next) => {
    // A query may come by GET, and its answer is for whoever asked alone.
    response.set('cache-control', 'no-store');
    const admission = await admit(parts, request);
    if (admission.kind === 'refused') {
      refuse(response, admission.refusal);
      return;
    }
    contexts.set(request, admission.context);
    next();
  };
  const answer = expressMiddleware(apollo, {
    context: async ({ req }) => {
      const context = contexts.get(req);
      if (context === undefined) throw new Error('A request reached Apollo that was not let in.');
      return context;
    },
  });
  const body = express.json({ limit: limits.bodyBytes });
  const streams = openEventStream({ ...parts, schema, rules, errors }, deps.publicUrl, body, refuse);
  const door = openWebSocketDoor({ ...parts, schema, rules, errors }, deps.publicUrl);

  return {
    handler: express.Router().use(gate, body, answer),
    stream: express.Router().use(streams.handler),
    upgrade: (request, socket, head) => door.take(request, socket, head),
    async close() {
      streams.close();
      await door.close();
      await feed.close();
      await apollo.stop();
    },
  };
}

function refuse(response: Response, { status, code, message, retryAfterSeconds }: Refusal): void {
  if (retryAfterSeconds !== null) response.set('retry-after', String(retryAfterSeconds));
  response.status(status).json({ errors: [{ message, extensions: { code } }] });
}
