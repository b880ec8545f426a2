/** The last resort of every request: nothing here, or something broke. Fixed words and a reference; the log has the cause. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { faultPage } from '../auth/pages/fixed-pages.ts';
import { sendReply } from '../auth/pages/send-reply.ts';
import type { ErrorPolicy } from '../graphql/errors.ts';

export const nothingHere =
  (referenceOf: (request: Request) => string): RequestHandler =>
  (request, response) =>
    tell(request, response, 404, referenceOf(request));

export const somethingBroke =
  (log: ErrorPolicy['log'], referenceOf: (request: Request) => string): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const reference = referenceOf(request);
    const status = statusOf(error);
    if (status === 500)
      log.error({ requestId: reference, error: error instanceof Error ? error : new Error(String(error)) }, 'A request failed.');
    // Half an answer is out: only the connection can still tell that it failed.
    if (response.headersSent) next(error);
    else tell(request, response, status, reference);
  };

function tell(request: Request, response: Response, status: number, reference: string): void {
  if (request.accepts(['json', 'html']) === 'html') sendReply(response, faultPage(status, reference));
  else response.status(status).json({ errors: [{ message: words[status] ?? 'Something went wrong.', extensions: { reference } }] });
}

const words: Readonly<Record<number, string>> = {
  400: 'This request cannot be read.',
  404: 'There is nothing here.',
  413: 'This request is too large.',
  415: 'This request has a content type or encoding that is not read here.',
};

/** What the body parser and the router refuse carries a status; only those that we have words for are believed. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status in words ? status : 500;
}
