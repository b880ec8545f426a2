/**
 * Subscriptions over server-sent events, in the words of the GraphQL over SSE protocol's distinct connections: one stream a request, so that
 * graphql-sse's client and a plain EventSource can read it. The library's own server queues without end for a client that reads slowly;
 * here the next event is fetched when the last one was taken.
 */
import { once } from 'node:events';
import type { Request, RequestHandler, Response } from 'express';
import type { ExecutionResult } from 'graphql';
import { z } from 'zod';
import type { GraphQLContext } from './context.ts';
import { admit, stillLetIn, type Admission, type GateParts, type Refusal } from './gate.ts';
import { fromOwnPagesOrSameSite } from './own-pages.ts';
import { prepare, runSubscription, type SubscriptionParts } from './subscriptions.ts';

export interface EventStream {
  readonly handler: RequestHandler;
  /** Ends the streams that are open. */
  close(): void;
}
/** A proxy closes what is silent for a minute. */
const pingEveryMs = 12_000;

export function openEventStream(
  parts: GateParts & SubscriptionParts,
  publicUrl: string,
  body: RequestHandler,
  refuse: (response: Response, refusal: Refusal) => void,
): EventStream {
  const open = new Set<Response>();

  const handler: RequestHandler = async (request, response) => {
    const admission = await admit(parts, request);
    const refusal = admission.kind === 'refused' ? admission.refusal : whyNoStream(request, admission, publicUrl);
    if (refusal !== null) refuse(response, refusal);
    if (refusal !== null || admission.kind === 'refused') return;
    // Not before: who is not let in has nothing read of theirs.
    await readBody(body, request, response);
    const asked = readRequest(request);
    if (asked === null) {
      response.status(400).json({ errors: [{ message: 'Send query, variables and operationName as GraphQL over HTTP says.' }] });
      return;
    }
    open.add(response);
    response.once('close', () => open.delete(response));
    await send(response, await start(asked, admission.context, request));
  };

  async function start(
    asked: Asked,
    context: GraphQLContext,
    request: Request,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const args = prepare(parts, asked, context);
    if (!('schema' in args)) return { errors: args };
    return runSubscription(parts.errors, args, context, () => stillLetIn(parts, request, context.access));
  }

  return {
    handler,
    close: () => {
      for (const response of open) response.destroy();
    },
  };
}

const readBody = (body: RequestHandler, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    void body(request, response, (error: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });

async function send(response: Response, results: AsyncIterableIterator<ExecutionResult> | ExecutionResult): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  response.write(':\n\n');
  const ping = setInterval(() => response.write(':\n\n'), pingEveryMs).unref();
  try {
    if (Symbol.asyncIterator in results) await sendAll(response, results);
    else response.write(next(results));
    response.end('event: complete\ndata:\n\n');
  } finally {
    clearInterval(ping);
  }
}

async function sendAll(response: Response, results: AsyncIterableIterator<ExecutionResult>): Promise<void> {
  const gone = new AbortController();
  // The source learns at once that nobody listens any more, also while it waits for its next event.
  const stop = (): void => {
    gone.abort();
    results.return?.().catch((error: unknown) => response.emit('error', error));
  };
  response.once('close', stop);
  if (response.closed) stop();
  for await (const result of results) {
    if (gone.signal.aborted) return;
    if (!response.write(next(result))) await once(response, 'drain', { signal: gone.signal }).catch(ignoreGone(gone.signal));
  }
}

/** A client that went while we waited for it is no error. */
const ignoreGone =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!signal.aborted) throw error;
  };

const next = (result: ExecutionResult): string => `event: next\ndata: ${JSON.stringify(result)}\n\n`;

const askedShape = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});
type Asked = z.infer<typeof askedShape>;

function readRequest(request: Request): Asked | null {
  const { variables, ...rest } = request.query;
  try {
    const given: unknown =
      request.method === 'POST'
        ? request.body
        : { ...rest, ...(typeof variables === 'string' ? { variables: JSON.parse(variables) as unknown } : {}) };
    return askedShape.safeParse(given).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function whyNoStream(request: Request, admission: Extract<Admission, { kind: 'let-in' }>, publicUrl: string): Refusal | null {
  if (admission.context.access === null) return unknownCaller;
  if (request.method !== 'GET' && request.method !== 'POST') return wrongMethod;
  return admission.byCookie && !fromOwnPagesOrSameSite(request, publicUrl) ? foreignPage : null;
}

const unknownCaller: Refusal = { status: 401, code: 'UNAUTHENTICATED', message: 'Sign in, or send an API token.', retryAfterSeconds: null };
const foreignPage: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'This comes from a page of somebody else.',
  retryAfterSeconds: null,
};
const wrongMethod: Refusal = { status: 405, code: 'BAD_REQUEST', message: 'Streams are opened with GET or POST.', retryAfterSeconds: null };
