/**
 * jsforce, on the house's own HTTP client: the only file that names it. It is loaded with the first call to any organisation, because
 * loading it takes a quarter of a second that an installation without Salesforce should not spend.
 */
import { Connection } from 'jsforce/lib/connection.js';
import { OAuth2 } from 'jsforce/lib/oauth2.js';
import { Transport } from 'jsforce/lib/transport.js';
import type { HttpRequest as SalesforceRequest, HttpResponse as SalesforceResponse } from 'jsforce/lib/types/index.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { createLazyStream } from 'jsforce/lib/util/stream.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../contract/http.ts';

export type SalesforceConnection = Connection;

/** What a piece of work with jsforce came to, beside the answer as it came: jsforce's own errors leave out status and headers. */
export interface Exchange {
  /** null: nothing was answered. */
  readonly response: HttpResponse | null;
  readonly outcome: { readonly kind: 'answered'; readonly result: unknown } | { readonly kind: 'failed'; readonly error: unknown };
}

export interface Caller {
  readonly http: HttpClient;
  readonly signal: AbortSignal;
}

/** One request with a session. Without OAuth settings jsforce renews nothing by itself; one connection for each call keeps signals apart. */
export async function withConnection(
  session: { readonly instanceUrl: string; readonly accessToken: string; readonly apiVersion: string },
  { http, signal }: Caller,
  work: (connection: Connection) => Promise<unknown>,
): Promise<Exchange> {
  const { instanceUrl, accessToken, apiVersion } = session;
  const transport = new GuardedTransport(http, signal);
  const connection = new Connection({ instanceUrl, accessToken, version: apiVersion, logLevel: 'NONE' });
  connection._transport = transport;
  return exchange(transport, async () => work(connection));
}

/** One request to the token endpoint. An error of the endpoint has its name and its description. */
export async function requestToken(
  client: { readonly loginUrl: string; readonly clientId: string; readonly clientSecret?: string },
  parameters: { grant_type: string; [name: string]: string },
  { http, signal }: Caller,
): Promise<Exchange> {
  const transport = new GuardedTransport(http, signal);
  const oauth = new OAuth2({ ...client });
  oauth._transport = transport;
  return exchange(transport, async () => oauth.requestToken(parameters));
}

async function exchange(transport: GuardedTransport, work: () => Promise<unknown>): Promise<Exchange> {
  try {
    const result = await work();
    return { response: transport.last, outcome: { kind: 'answered', result } };
  } catch (error) {
    return { response: transport.last, outcome: { kind: 'failed', error } };
  }
}

/** What jsforce sends its requests with: guarded, limited, ended by the signal. It lives for one call and keeps the last answer. */
class GuardedTransport extends Transport {
  readonly #http: HttpClient;
  readonly #signal: AbortSignal;
  last: HttpResponse | null = null;

  constructor(http: HttpClient, signal: AbortSignal) {
    super();
    this.#http = http;
    this.#signal = signal;
  }

  override httpRequest(request: SalesforceRequest): StreamPromise<SalesforceResponse> {
    // The stream is part of jsforce's interface and never read: bodies here are small and whole.
    return StreamPromise.create(() => ({ stream: createLazyStream().stream, promise: this.#send(request) }));
  }

  async #send({ method, url, headers, body }: SalesforceRequest): Promise<SalesforceResponse> {
    this.last = null;
    const sent: HttpRequest = { method: methodOf(method), url, headers: { ...headers, 'user-agent': 'usher' }, signal: this.#signal };
    const response = await this.#http.request(typeof body === 'string' ? { ...sent, body } : sent);
    this.last = response;
    return { statusCode: response.status, headers: { ...response.headers }, body: response.body };
  }
}

function methodOf(method: string): HttpRequest['method'] {
  if (method === 'GET' || method === 'POST' || method === 'PATCH' || method === 'PUT' || method === 'DELETE') return method;
  throw new Error(`No request is made with ${method} here.`);
}
