import { connectionFailure, isObject, type Json } from '../contract/answer.ts';
import { ConnectorError, type ConnectorTools } from '../contract/connector.ts';
import { type HttpResponse } from '../contract/http.ts';
import { failureOf, unreadable } from './failures.ts';
import { keep } from '../contract/kept.ts';
import { text } from './json.ts';

/** OAuth 2.0 client credentials (RFC 6749, 4.4). */
export interface OAuthSettings {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  /** Where the client's id and secret go: the Authorization header or the form. */
  readonly clientAuthentication: 'basic' | 'body';
}

export interface Tokens {
  token(signal: AbortSignal): Promise<string>;
  /** The server refused this token; the next call fetches another. A newer one that somebody fetched meanwhile stays. */
  forget(token: string): void;
}

const purpose = { doing: 'asking for an access token', writes: false };
/** Renewed a little early, so that it does not expire on its way. */
const marginMs = 30_000;

export function createTokens(settings: OAuthSettings, tools: ConnectorTools): Tokens {
  const kept = keep(
    async (signal) => read(await ask(settings, tools, signal), tools.now()),
    () => tools.now(),
    (error) => connectionFailure(error, purpose),
  );
  return { token: (signal) => kept.current(signal), forget: (token) => kept.forget(token) };
}

async function ask(settings: OAuthSettings, tools: ConnectorTools, signal: AbortSignal): Promise<Json> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(settings.scope === null ? {} : { scope: settings.scope }) });
  const headers: Record<string, string> = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  if (settings.clientAuthentication === 'body') {
    form.set('client_id', settings.clientId);
    form.set('client_secret', settings.clientSecret);
  } else {
    // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    const pair = [settings.clientId, settings.clientSecret].map((part) => new URLSearchParams({ '': part }).toString().slice(1)).join(':');
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const response = await tools.http.request({ method: 'POST', url: settings.tokenUrl, headers, body: form.toString(), signal });
  const json = parse(response);
  if (response.status === 200 && json) return json;
  if (response.status === 200) throw unreadable(200, purpose);
  const { status } = response;
  if (status < 400 || status === 404 || status === 405)
    throw new ConnectorError({ kind: 'unauthorized' }, `There is no token endpoint at this address: it answers ${String(status)}.`);
  // 400 is how a token endpoint says that it does not know us (RFC 6749, 5.2).
  if (status < 500 && ![408, 429].includes(status))
    throw new ConnectorError({ kind: 'unauthorized' }, `The token endpoint answered ${String(status)}.`);
  throw failureOf({ ...response, json }, purpose, tools.now());
}

function read(json: Json, now: number): { value: string; until: number } {
  const value = text(json, 'access_token');
  if (value === null || value === '') throw unreadable(200, purpose);
  const seconds = Number(text(json, 'expires_in') ?? 300);
  // A token without a readable life is used until it is refused.
  return { value, until: Number.isFinite(seconds) ? now + Math.max(seconds * 1_000 - marginMs, 1_000) : Infinity };
}

function parse(response: HttpResponse): Json | null {
  try {
    const value: unknown = JSON.parse(response.body);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
