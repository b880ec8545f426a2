import type { AccountId, TargetGroupId } from '../../domain/vocabulary.ts';
import { connectionFailure, isObject, type Answer, type Json, type Purpose } from '../contract/answer.ts';
import type { Call, ConnectorError, ConnectorTools } from '../contract/connector.ts';
import { HttpError, type HttpRequest, type HttpResponse } from '../contract/http.ts';
import type { Credentials } from './credentials.ts';
import { failureOf, unreadable } from './failures.ts';

export interface ScimRequest {
  readonly method: HttpRequest['method'];
  /** Below the base URL, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status says all: a body that is no SCIM does not spoil the answer. */
  readonly statusOnly?: true;
}

/** Speaks HTTP with one SCIM server: authenticates, reads JSON, and throws whatever is no matter of one account. */
export interface Transport {
  /** Resolves with any status but those that concern the whole target: refused credentials, throttling. */
  send(request: ScimRequest, purpose: Purpose, call: Pick<Call, 'signal'>): Promise<Answer>;
  /** The answer as the failure that it is. */
  failure(answer: Answer, purpose: Purpose): ConnectorError;
}

export function createTransport(baseUrl: string, credentials: Credentials, tools: ConnectorTools): Transport {
  // Some servers read nothing but application/json. Told so once (415), this connection goes on with it.
  let contentType = 'application/scim+json';

  async function once(
    request: ScimRequest,
    purpose: Purpose,
    signal: AbortSignal,
  ): Promise<[HttpResponse, Readonly<Record<string, string>>]> {
    const authorization = await credentials.header(signal);
    const headers = {
      accept: 'application/scim+json, application/json',
      'user-agent': 'usher',
      ...(request.body ? { 'content-type': contentType } : {}),
      ...request.headers,
      ...authorization,
    };
    const sent = { method: request.method, url: urlOf(baseUrl, request), headers, signal };
    try {
      return [await tools.http.request(request.body ? { ...sent, body: JSON.stringify(request.body) } : sent), authorization];
    } catch (error) {
      throw error instanceof HttpError ? connectionFailure(error, purpose) : error;
    }
  }

  const failure: Transport['failure'] = (answer, purpose) => failureOf(answer, purpose, tools.now());

  return {
    failure,
    send: async (request, purpose, { signal }) => {
      let [response, used] = await once(request, purpose, signal);
      if (response.status === 415 && contentType !== 'application/json') {
        contentType = 'application/json';
        [response, used] = await once(request, purpose, signal);
      }
      if (response.status === 401 && credentials.renew(used)) [response] = await once(request, purpose, signal);
      const answer = read(response, request, purpose);
      const concernsTarget = [401, 407, 429].includes(answer.status) || (answer.status === 503 && 'retry-after' in answer.headers);
      if (concernsTarget || (answer.status >= 300 && answer.status < 400)) throw failure(answer, purpose);
      return answer;
    },
  };
}

/** The id is the server's and may hold anything, an e-mail address for instance. */
export function userPath(id: AccountId): string {
  return `Users/${encodeURIComponent(id)}`;
}

export function groupPath(id: TargetGroupId): string {
  return `Groups/${encodeURIComponent(id)}`;
}

/** The id at the end of the address that the server gave to what it created. */
export function idFrom(location: string | undefined, collection: 'Users' | 'Groups'): string | null {
  const last = location
    ?.replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .split('/')
    .at(-1);
  if (last === undefined || last === '' || last === collection) return null;
  try {
    return decodeURIComponent(last);
  } catch {
    // Not encoded after all: it is the id as it stands.
    return last;
  }
}

/** A page for people, of a proxy for instance, whatever its status says. */
export function isPage(answer: Answer): boolean {
  return /html/i.test(answer.headers['content-type'] ?? '');
}

function urlOf(baseUrl: string, request: ScimRequest): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${request.path}`;
  // Spaces as %20 and not as +, which only forms understand.
  const query = Object.entries(request.query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = [url.search.replace(/^\?/, ''), ...query].filter((part) => part !== '').join('&');
  return url.href;
}

function read(response: HttpResponse, request: ScimRequest, purpose: Purpose): Answer {
  const { status, headers } = response;
  const json = parse(response.body);
  const succeeded = status >= 200 && status < 300;
  const readable = response.body.trim() === '' || (json !== null && isJsonType(headers['content-type']));
  if (succeeded && !readable && !request.statusOnly) throw unreadable(status, purpose);
  return { status, headers, json: readable ? json : null };
}

/** A page of a proxy or of a sign-in form is no answer, even where a part of it could be parsed. */
function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^[^;]*\bjson\b/i.test(contentType);
}

function parse(body: string): Json | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
