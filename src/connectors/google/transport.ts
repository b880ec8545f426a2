import { connectionFailure, type Answer, type Purpose } from '../contract/answer.ts';
import type { Call, ConnectorError, ConnectorTools } from '../contract/connector.ts';
import { HttpError, type HttpResponse } from '../contract/http.ts';
import { concernsTarget, failureOf, unreadable } from './failures.ts';
import { parseObject } from './json.ts';
import type { Tokens } from './token.ts';
import { ask, openDirectory, type CallOptions, type Directory } from './vendor.ts';

export type Work = (directory: Directory, options: CallOptions) => Promise<unknown>;

/** Speaks with the Directory API: authenticates, reads JSON, and throws whatever is no matter of one account or group. */
export interface Transport {
  /** Resolves with any status but those that concern the whole target: refused credentials, too many calls. */
  send(purpose: Purpose, call: Pick<Call, 'signal'>, work: Work, extra?: Extra): Promise<Answer>;
  /** The answer as the failure that it is. */
  failure(answer: Answer, purpose: Purpose): ConnectorError;
}

export interface Extra {
  readonly headers?: Readonly<Record<string, string>>;
  /** The status says all: a body that cannot be read does not spoil the answer. */
  readonly statusOnly?: true;
}

export function createTransport(apiRoot: string, tokens: Tokens, tools: ConnectorTools): Transport {
  let directory: Promise<Directory> | null = null;

  async function once(purpose: Purpose, signal: AbortSignal, work: Work, extra: Extra): Promise<[HttpResponse, string]> {
    const token = await tokens.token(signal);
    const opened = await (directory ??= openDirectory(apiRoot));
    const headers = { ...extra.headers, accept: 'application/json', authorization: `Bearer ${token}` };
    try {
      return [await ask(tools.http, headers, signal, (options) => work(opened, options)), token];
    } catch (error) {
      throw error instanceof HttpError ? connectionFailure(error, purpose) : error;
    }
  }

  const failure: Transport['failure'] = (answer, purpose) => failureOf(answer, purpose, tools.now());

  return {
    failure,
    send: async (purpose, { signal }, work, extra = {}) => {
      const [response, token] = await once(purpose, signal, work, extra);
      const refused = response.status === 401;
      if (refused) tokens.forget(token);
      const [last] = refused ? await once(purpose, signal, work, extra) : [response];
      const answer = read(last, purpose, extra);
      if (concernsTarget(answer)) throw failure(answer, purpose);
      return answer;
    },
  };
}

export function succeeded(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function read(response: HttpResponse, purpose: Purpose, extra: Extra): Answer {
  const { status, headers } = response;
  const type = headers['content-type'];
  const isPage = type !== undefined && !/^[^;]*\bjson\b/i.test(type);
  const json = isPage ? null : parseObject(response.body);
  const readable = response.body.trim() === '' || json !== null;
  if (status >= 200 && status < 300 && (isPage || !readable) && !(extra.statusOnly && !isPage)) throw unreadable(status, purpose);
  return { status, headers, json };
}
