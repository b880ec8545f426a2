import type { Agent, Dispatcher } from 'undici';
import { HttpError, type HttpRequest, type HttpResponse } from '../contract/http.ts';

/**
 * One request and its whole answer. undici tells when it begins to write a request onto a connected socket: before that moment
 * nothing can have been applied, after it everything can. That is all `mayHaveApplied` is made of.
 */
export function exchange(agent: Agent, request: HttpRequest, url: URL, maxBodyBytes: number): Promise<HttpResponse> {
  const { signal } = request;
  if (signal.aborted) return Promise.reject(new HttpError('aborted', false, 'The call was ended before it was sent.'));
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let settled = false;
    let status = 0;
    let headers: Record<string, string> = {};
    let size = 0;
    const pieces: Buffer[] = [];

    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (error: HttpError): void => {
      if (!settle()) return;
      controller?.abort(error);
      reject(error);
    };
    function onAbort(): void {
      fail(new HttpError('aborted', controller !== null, 'The server did not answer in time.'));
    }
    signal.addEventListener('abort', onAbort, { once: true });

    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { ...request.headers },
        body: request.body ?? null,
      },
      {
        onRequestStart(started) {
          // Ended while it waited for a connection: it must not leave any more.
          if (settled) started.abort(new Error('ended'));
          else controller = started;
        },
        onResponseStart(_, statusCode, received) {
          status = statusCode;
          headers = flatten(received);
        },
        onResponseData(_, piece) {
          size += piece.length;
          if (size > maxBodyBytes) fail(new HttpError('too-large', true, `The answer is larger than ${String(maxBodyBytes)} bytes.`));
          else pieces.push(piece);
        },
        onResponseEnd() {
          // An informational answer is followed by the real one.
          if (settle()) resolve({ status, headers, body: Buffer.concat(pieces).toString('utf8') });
        },
        onResponseError(_, error) {
          fail(explain(error, controller !== null));
        },
      },
    );
  });
}

/** What undici and Node say before they write anything, of a request that is no HTTP. */
const unsendable = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN']);

function explain(error: Error, started: boolean): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  if (!started && code !== null && unsendable.has(code))
    return new HttpError('unsendable', false, `The request cannot be sent (${code}): credentials have characters that no header takes.`, {
      cause: error,
    });
  return new HttpError('connection', started, `The connection failed${code === null ? '' : ` (${code})`}.`, { cause: error });
}

/** A code is a fixed word; the messages of errors may contain addresses and are left to the cause. */
function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function flatten(received: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) headers[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}
