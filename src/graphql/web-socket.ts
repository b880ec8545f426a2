/** Subscriptions over WebSocket (graphql-transport-ws). Upgrade requests do not pass Express, so caller, origin and limits are judged here. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { GraphQLError } from 'graphql';
import { fromOwnPages } from './own-pages.ts';
import type { GraphQLContext } from './context.ts';
import { admit, stillLetIn, type CallerHeaders, type GateParts } from './gate.ts';
import { limits } from './limits.ts';
import { prepare, runSubscription, type SubscriptionParts } from './subscriptions.ts';

export interface WebSocketDoor {
  /** Serves one upgrade. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Subscriptions of one socket at once. */
const perSocket = 20;

export function openWebSocketDoor(parts: GateParts & SubscriptionParts, publicUrl: string): WebSocketDoor {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });
  const contexts = new WeakMap<ExecutionArgs, { readonly context: GraphQLContext; readonly stillAllowed: () => Promise<boolean> }>();

  const served = useServer(
    {
      schema: parts.schema,
      connectionInitWaitTimeout: 10_000,
      async onConnect({ extra, connectionParams }) {
        const admission = await admit(parts, extra.request, headersIn(connectionParams));
        if (admission.kind === 'refused' || admission.context.access === null) return false;
        return !admission.byCookie || fromOwnPages(extra.request, publicUrl);
      },
      async onSubscribe({ extra, connectionParams, subscriptions }, _id, payload) {
        if (Object.keys(subscriptions).length > perSocket) return [new GraphQLError(`At most ${perSocket} subscriptions at once.`)];
        const instead = headersIn(connectionParams);
        const admission = await admit(parts, extra.request, instead);
        if (admission.kind === 'refused')
          return [new GraphQLError(admission.refusal.message, { extensions: { code: admission.refusal.code } })];
        const { context } = admission;
        const args = prepare(parts, payload, context);
        const stillAllowed = (): Promise<boolean> => stillLetIn(parts, extra.request, context.access, instead);
        if ('schema' in args) contexts.set(args, { context, stillAllowed });
        return args;
      },
      async subscribe(args) {
        const known = contexts.get(args);
        if (known === undefined) throw new Error('A subscription ran that was not prepared.');
        return runSubscription(parts.errors, args, known.context, known.stillAllowed);
      },
      isProd: true,
    },
    sockets,
  );

  return {
    take: (request, socket, head) => sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
    async close() {
      await served.dispose();
    },
  };
}

/** Browsers cannot set headers on a WebSocket: programs in them send the same in the connection's first message. */
function headersIn(parameters: Readonly<Record<string, unknown>> | undefined): CallerHeaders {
  const text = (name: string): string | undefined => {
    const value = parameters?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { authorization: text('authorization'), tenant: text('usher-tenant') };
}
