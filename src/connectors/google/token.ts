import { connectionFailure } from '../contract/answer.ts';
import { ConnectorError, type ConnectorTools } from '../contract/connector.ts';
import type { HttpResponse } from '../contract/http.ts';
import { keep } from '../contract/kept.ts';
import { failureOf, unreadable } from './failures.ts';
import { parseObject, text } from './json.ts';
import { readKey, type KeySettings, type ServiceAccount } from './service-account.ts';
import { askForToken } from './vendor.ts';

export interface TokenSettings {
  readonly key: KeySettings;
  readonly administratorEmail: string;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
}

export interface Tokens {
  token(signal: AbortSignal): Promise<string>;
  /** Google refused this token; the next call fetches another. A newer one that somebody fetched meanwhile stays. */
  forget(token: string): void;
}

/** The token endpoint, or the key itself, says no. `field` is the one of the form to be looked at. */
export class TokenRefused extends ConnectorError {
  readonly field: string | null;
  constructor(field: string | null, message: string) {
    super({ kind: 'unauthorized' }, message);
    this.field = field;
  }
}

const purpose = { doing: 'asking for an access token', writes: false };
/** Renewed a little early, so that it does not expire on its way. */
const marginMs = 60_000;

export function createTokens(settings: TokenSettings, tools: ConnectorTools): Tokens {
  let key: ReturnType<typeof readKey> | null = null;
  const kept = keep(
    async (signal) => {
      key ??= readKey(settings.key);
      const read = await key;
      if (read.kind === 'unusable') throw new TokenRefused(read.field, read.message);
      const { administratorEmail, scopes, tokenUrl } = settings;
      const answer = await askForToken(tools.http, { account: read.account, administratorEmail, scopes, tokenUrl }, signal);
      return accepted(answer, read.account, settings, tools.now());
    },
    () => tools.now(),
    (error) => connectionFailure(error, purpose),
  );
  return { token: (signal) => kept.current(signal), forget: (token) => kept.forget(token) };
}

function accepted(response: HttpResponse, account: ServiceAccount, settings: TokenSettings, now: number): { value: string; until: number } {
  const { status, headers } = response;
  const json = parseObject(response.body);
  if (status !== 200) {
    if (status >= 500 || status === 408 || status === 429) throw failureOf({ status, headers, json }, purpose, now);
    throw refused(status, json ? text(json, 'error') : null, json ? (text(json, 'error_description') ?? '') : '', account, settings);
  }
  const value = json ? text(json, 'access_token') : null;
  if (!json || value === null) throw unreadable(status, purpose);
  const seconds = Number(text(json, 'expires_in') ?? 300);
  // A token without a readable life is used until it is refused.
  return { value, until: Number.isFinite(seconds) ? now + Math.max(seconds * 1_000 - marginMs, 1_000) : Infinity };
}

/** The description is looked at and not passed on: what to do about it is said in our words. */
function refused(
  status: number,
  error: string | null,
  description: string,
  account: ServiceAccount,
  settings: TokenSettings,
): TokenRefused {
  const keyField = settings.key.format === 'json' ? 'serviceAccountKey' : 'pkcs12';
  if (error === 'unauthorized_client' || error === 'access_denied' || error === 'invalid_scope') {
    const client = account.clientId === null ? 'the client id of the service account' : `the client id ${account.clientId}`;
    return new TokenRefused(
      null,
      `Google does not delegate to the service account (${error}). In the Admin console, under Security, API controls, Domain-wide delegation, ` +
        `enter ${client} with exactly these scopes: ${settings.scopes.join(',')}. It may take some minutes to work.`,
    );
  }
  if (error === 'invalid_grant' && /signature/i.test(description))
    return new TokenRefused(
      keyField,
      'Google does not accept the key (invalid signature): it was revoked, or is not of this service account.',
    );
  if (error === 'invalid_grant' && /short-lived|iat|exp\b|timeframe/i.test(description))
    return new TokenRefused(null, "Google does not accept the time in the token request: this server's clock is wrong.");
  if (error === 'invalid_grant' && /account not found/i.test(description))
    return new TokenRefused(keyField, 'Google does not know the service account (account not found): it was deleted, or is disabled.');
  if (error === 'invalid_grant' && /email|user/i.test(description))
    return new TokenRefused('administratorEmail', 'Google does not know the administrator whom Usher shall stand for (invalid e-mail).');
  if (error === 'invalid_grant') return new TokenRefused(null, 'Google refuses the service account or the administrator (invalid_grant).');
  if (error === 'invalid_client') return new TokenRefused(keyField, 'Google does not know the service account (invalid_client).');
  return new TokenRefused('tokenUrl', `The token endpoint answered ${String(status)}. Is the token URL right?`);
}
