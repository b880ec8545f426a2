/** Each request has an id: in the log, in the answer's header, and as the reference a person may quote. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

const ids = new WeakMap<IncomingMessage, string>();

/** A proxy's own id is kept where it looks like one, so that its log and ours agree. */
export const giveRequestId =
  (newId: () => string): RequestHandler =>
  (request, response, next) => {
    const given = request.get('x-request-id');
    if (!ids.has(request) && given !== undefined && /^[\w-]{8,64}$/.test(given)) ids.set(request, given);
    response.set('x-request-id', requestIdOf(request, newId));
    next();
  };

/** An upgrade never passed Express: it gets its id here. */
export function requestIdOf(request: IncomingMessage, newId: () => string): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const made = newId();
  ids.set(request, made);
  return made;
}
