/**
 * The one way out of the house for every connector: HTTP with time-outs, a size limit and a guard against internal addresses.
 * It retries nothing and knows nothing of any protocol above HTTP. Start with createHttpClient.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { HttpError, type HttpClient, type HttpRequest, type HttpResponse } from '../contract/http.ts';
import { exchange } from './exchange.ts';
import { isInternalAddress, literalAddress } from './internal-addresses.ts';

export interface HttpClientOptions {
  /** Opens loopback, link-local and private addresses: a decision of the installation, never of a tenant. */
  readonly allowInternalAddresses: boolean;
  /** Answers above this size are refused. Default 5 MB. */
  readonly maxBodyBytes?: number;
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  /** Longest silence between two pieces of a body. A body that drips is ended by the caller's signal. */
  readonly bodyTimeoutMs?: number;
}

const maxRedirects = 3;

export interface OpenHttpClient extends HttpClient {
  /** Loads what the first request would have to load. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

export function createHttpClient(options: HttpClientOptions): OpenHttpClient {
  const maxBodyBytes = options.maxBodyBytes ?? 5 * 1024 * 1024;
  let opened: Promise<Agent> | null = null;
  const agent = (): Promise<Agent> => (opened ??= openAgent(options));

  async function send(request: HttpRequest, redirects: number): Promise<HttpResponse> {
    const url = new URL(request.url);
    const literal = literalAddress(url.hostname);
    if (!options.allowInternalAddresses && literal !== null && isInternalAddress(literal)) throw forbiddenAddress();
    const response = await exchange(await agent(), request, url, maxBodyBytes);
    const next = redirectOf(request, url, response);
    if (next === null) return response;
    if (next.origin !== url.origin) throw new HttpError('forbidden', false, 'The server redirects to another host.');
    if (redirects >= maxRedirects) throw new HttpError('forbidden', false, 'The server redirects too often.');
    return send({ ...request, url: next.href }, redirects + 1);
  }

  return {
    request: (request) => send(request, 0),
    prepare: async () => {
      await agent();
    },
    // destroy, not close: whoever closes the client has ended its calls already, and must not wait for a silent server.
    close: async () => (await opened)?.destroy(),
  };
}

/** A hundred modules, which a start does not need. */
async function openAgent(options: HttpClientOptions): Promise<Agent> {
  const { Agent } = await import('undici');
  return new Agent({
    // HTTP/1.1 only: there the moment at which a request starts to leave is known for certain.
    allowH2: false,
    keepAliveTimeout: 4_000,
    headersTimeout: options.headersTimeoutMs ?? 30_000,
    bodyTimeout: options.bodyTimeoutMs ?? 30_000,
    connect: {
      timeout: options.connectTimeoutMs ?? 10_000,
      // Judging what the name resolved to, on the very lookup that the connection uses, leaves no gap for DNS rebinding.
      ...(options.allowInternalAddresses ? {} : { lookup: guardedLookup }),
    },
  });
}

/**
 * Only a GET is followed: a write that is repeated elsewhere would no longer be the caller's. Any other redirect is returned
 * as it came, for the connector to judge.
 */
function redirectOf(request: HttpRequest, url: URL, response: HttpResponse): URL | null {
  const location = response.headers['location'];
  if (request.method !== 'GET' || ![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return null;
  return URL.canParse(location, url.href) ? new URL(location, url) : null;
}

const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) {
      callback(error, []);
      return;
    }
    const first = addresses[0];
    // One internal address among several is enough to refuse: which one is tried first is not ours to choose.
    if (addresses.some(({ address }) => isInternalAddress(address))) callback(forbiddenAddress(), []);
    else if (options.all === true || !first) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function forbiddenAddress(): HttpError {
  return new HttpError('forbidden', false, 'The address is internal, and this installation does not allow calls to internal addresses.');
}
