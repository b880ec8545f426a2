/** One line for each answered request: method, path, status, time, request id. No body, header, query string or cookie: they may hold secrets. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { requestIdOf } from './request-id.ts';

export function logRequests(logger: Logger, newId: () => string): RequestHandler {
  return pinoHttp({
    logger,
    quietReqLogger: true,
    genReqId: (request: IncomingMessage) => requestIdOf(request, newId),
    customAttributeKeys: { reqId: 'requestId' },
    autoLogging: { ignore: (request: IncomingMessage) => quiet.has(pathOf(request.url)) },
    customLogLevel: (_request: IncomingMessage, response: ServerResponse) => (response.statusCode >= 500 ? 'warn' : 'info'),
    serializers: {
      req: ({ method, url }: { readonly method: string; readonly url: string }) => ({ method, path: pathOf(url) }),
      res: ({ statusCode }: { readonly statusCode: number }) => ({ statusCode }),
      // The error handler logs the cause; here it would come twice.
      err: () => undefined,
    },
  });
}

/** Asked every few seconds by machines. */
const quiet: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const pathOf = (url: string | undefined): string => url?.split('?', 1)[0] ?? '';
