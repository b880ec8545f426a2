/**
 * Google's own client libraries on the house's HTTP client. They build requests and sign tokens; they open no connection, follow
 * nothing, retry nothing and judge no answer. Both are loaded at the first call: whoever has no Google target does not wait for them.
 */
import type { admin_directory_v1, MethodOptions } from '@googleapis/admin';
import { HttpError, type HttpClient, type HttpRequest, type HttpResponse } from '../contract/http.ts';
import type { ServiceAccount } from './service-account.ts';

export type Directory = admin_directory_v1.Admin;
/** What every call of the Directory API is given besides its parameters. */
export type CallOptions = MethodOptions;

export async function openDirectory(apiRoot: string): Promise<Directory> {
  const { admin } = await import('@googleapis/admin');
  return admin({ version: 'directory_v1', rootUrl: apiRoot });
}

/** The answer to a call, whatever it says. Throws HttpError where none came. */
export function ask(
  http: HttpClient,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  work: (options: CallOptions) => Promise<unknown>,
): Promise<HttpResponse> {
  return answerTo(http, null, signal, (fetchImplementation) => work({ ...settled, fetchImplementation, headers, responseType: 'text' }));
}

export interface Assertion {
  readonly account: ServiceAccount;
  readonly administratorEmail: string;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
}

/** The answer of the token endpoint to a freshly signed JWT (RFC 7523). */
export async function askForToken(http: HttpClient, assertion: Assertion, signal: AbortSignal): Promise<HttpResponse> {
  const { JWT } = await import('google-auth-library');
  const { account, administratorEmail, scopes, tokenUrl } = assertion;
  return answerTo(http, tokenUrl, signal, async (fetchImplementation) => {
    const jwt = new JWT({
      email: account.email,
      key: account.key,
      subject: administratorEmail,
      scopes: [...scopes],
      additionalClaims: { aud: tokenUrl },
      transporterOptions: { ...settled, fetchImplementation },
    });
    await jwt.authorize();
  });
}

/** No status is an error for the library, so that it neither retries nor wraps what came. No proxy and no other cloud by environment. */
const settled = {
  retry: false,
  retryConfig: { retry: 0, noResponseRetries: 0 },
  validateStatus: () => true,
  noProxy: [/^/],
  universeDomain: 'googleapis.com',
};

/** `url`: goes there whatever address the library thinks of, because the one of the token endpoint is written into it. */
async function answerTo(
  http: HttpClient,
  url: string | null,
  signal: AbortSignal,
  work: (fetchImplementation: typeof fetch) => Promise<unknown>,
): Promise<HttpResponse> {
  const seen: { answer?: HttpResponse; failure?: HttpError } = {};
  const fetchImplementation: typeof fetch = async (input, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    // The house's client reads answers as they come.
    Reflect.deleteProperty(headers, 'accept-encoding');
    // What fetch does by itself.
    if (init.body instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded';
    const request: HttpRequest = { method: methodOf(init.method), url: url ?? addressOf(input), headers, signal };
    try {
      seen.answer = await http.request(bodyOf(init) === null ? request : { ...request, body: bodyOf(init) ?? '' });
    } catch (error) {
      if (error instanceof HttpError) seen.failure = error;
      throw error;
    }
    const { status, body } = seen.answer;
    const mayHaveBody = status >= 200 && status !== 204 && status !== 205 && status !== 304;
    return new Response(mayHaveBody ? body : null, { status: status >= 200 ? status : 200, headers: seen.answer.headers });
  };
  try {
    await work(fetchImplementation);
  } catch (error) {
    // What the library makes of an answer, or of none, is of no interest. Its errors hold the whole request and are not kept.
    if (seen.failure) throw seen.failure;
    if (!seen.answer) throw error instanceof Error ? new Error(`Google's client library failed before it asked: ${error.name}`) : error;
  }
  if (!seen.answer) throw new Error("Google's client library asked nothing.");
  return seen.answer;
}

function methodOf(method: string | undefined): HttpRequest['method'] {
  const known = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((one) => one === (method ?? 'GET').toUpperCase());
  if (!known) throw new Error('A method that the house does not know.');
  return known;
}

function addressOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}

function bodyOf(init: RequestInit): string | null {
  if (typeof init.body === 'string') return init.body;
  return init.body instanceof URLSearchParams ? init.body.toString() : null;
}
