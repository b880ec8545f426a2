import { createPrivateKey, createSign } from 'node:crypto';
import { connectionFailure, isObject } from '../contract/answer.ts';
import { ConnectorError, type ConnectorTools } from '../contract/connector.ts';
import { HttpError, type HttpResponse } from '../contract/http.ts';
import { keep } from '../contract/kept.ts';
import { unreadable } from './failures.ts';
import { text } from './json.ts';
import { isId, longId } from './soql.ts';

export type Grant =
  | { readonly kind: 'client-credentials'; readonly clientSecret: string }
  /** The password with the security token behind it. */
  | { readonly kind: 'password'; readonly clientSecret: string; readonly username: string; readonly password: string }
  | { readonly kind: 'jwt-bearer'; readonly username: string; readonly privateKey: string; readonly audience: string };

export interface TokenSettings {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly grant: Grant;
}

/** What the token endpoint gave: calls go to the instance, not to where the token came from. */
export interface Session {
  readonly accessToken: string;
  readonly instanceUrl: string;
  /** The user that Usher acts as; null where the answer does not say. */
  readonly ownUserId: string | null;
}

export interface Sessions {
  current(signal: AbortSignal): Promise<Session>;
  /** Salesforce refused it; the next call fetches another. A newer one that somebody fetched meanwhile stays. */
  forget(session: Session): void;
}

const purpose = { doing: 'asking for an access token', writes: false, about: 'collection' } as const;

/** Salesforce does not say how long a token lasts: it is kept until it is refused. */
export function createSessions(settings: TokenSettings, tools: ConnectorTools): Sessions {
  return keep(
    async (signal) => ({ value: await ask(settings, tools, signal), until: Infinity }),
    () => tools.now(),
    (error) => connectionFailure(error, purpose),
  );
}

/** The token endpoint says no, or there is none; `field` lets `check` name the one of the form. */
export class TokenRefused extends ConnectorError {
  readonly field: RefusalField;
  constructor(field: RefusalField, message: string) {
    super({ kind: 'unauthorized' }, message);
    this.field = field;
  }
}

export type RefusalField = 'clientId' | 'clientSecret' | 'credential' | 'audience' | 'loginUrl' | 'username';

/** The endpoint's own words (Salesforce help, "OAuth 2.0 Authorization Errors"), and what to do about each. */
const refusals: readonly { readonly says: RegExp; readonly field: RefusalField; readonly help: string }[] = [
  { says: /client identifier invalid|invalid_client_id/i, field: 'clientId', help: 'The client id is not the consumer key of an app.' },
  {
    says: /invalid client credentials|client secret invalid|^invalid_client\b/i,
    field: 'clientSecret',
    help: 'The client secret is not that of the app.',
  },
  { says: /audience/i, field: 'audience', help: 'The audience does not fit the organisation: production or sandbox.' },
  {
    says: /approved this consumer|not approved/i,
    field: 'username',
    help: 'The user may not use the app: let administrators approve its users in advance and give the app to a profile or permission set of the integration user.',
  },
  {
    says: /no client credentials user/i,
    field: 'clientId',
    help: 'The app has no user to run as: enable the client credentials flow and choose the integration user.',
  },
  {
    says: /not supported on this domain/i,
    field: 'loginUrl',
    help: 'Client credentials are only given at the My Domain address of the organisation.',
  },
  { says: /inactive user|user is inactive/i, field: 'username', help: 'The integration user is not active.' },
  { says: /rate limit|login rate/i, field: 'username', help: 'The integration user has signed in too often.' },
  {
    says: /assertion|expired authorization|jwt/i,
    field: 'credential',
    help: 'The signed statement was not accepted: is it the key of the certificate in the app?',
  },
  {
    says: /authentication failure/i,
    field: 'credential',
    help: 'User name, password or security token is wrong, the flow is not allowed, or the address of Usher is not trusted.',
  },
];

async function ask(settings: TokenSettings, tools: ConnectorTools, signal: AbortSignal): Promise<Session> {
  const { grant, loginUrl, clientId } = settings;
  const { requestToken } = await import('./client.ts');
  const client = { loginUrl, clientId, ...(grant.kind === 'jwt-bearer' ? {} : { clientSecret: grant.clientSecret }) };
  const { response, outcome } = await requestToken(client, parametersOf(settings, tools.now()), { http: tools.http, signal });
  const status = response?.status ?? 0;
  if (outcome.kind === 'failed') throw tokenFailure(outcome.error, response);
  const answer = outcome.result;
  const json = isObject(answer) ? answer : null;
  const accessToken = text(json, 'access_token');
  const instanceUrl = text(json, 'instance_url');
  if (accessToken === null || instanceUrl === null || !/^https?:\/\//.test(instanceUrl) || !URL.canParse(instanceUrl)) {
    throw status >= 300 && status < 400
      ? new ConnectorError({ kind: 'unauthorized' }, 'The login URL answers with a redirect: it is no address that issues tokens.')
      : unreadable(purpose);
  }
  // A token that was had by https is not sent on without it.
  if (loginUrl.startsWith('https:') && !instanceUrl.startsWith('https:'))
    throw new ConnectorError({ kind: 'unauthorized' }, 'The token endpoint names an instance without https.');
  // https://login.salesforce.com/id/<organisation>/<user>
  const user = text(json, 'id')?.split('/').at(-1) ?? '';
  return { accessToken, instanceUrl: new URL(instanceUrl).origin, ownUserId: isId(user, '005') ? longId(user) : null };
}

function parametersOf({ grant, clientId }: TokenSettings, now: number): { grant_type: string; [name: string]: string } {
  switch (grant.kind) {
    case 'client-credentials':
      return { grant_type: 'client_credentials' };
    case 'password':
      return { grant_type: 'password', username: grant.username, password: grant.password };
    case 'jwt-bearer':
      return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(grant, clientId, now) };
  }
}

/** RFC 7523, signed by RS256; Salesforce accepts at most some minutes of life. */
function assertion(grant: Extract<Grant, { kind: 'jwt-bearer' }>, clientId: string, now: number): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: clientId, sub: grant.username, aud: grant.audience, exp: Math.floor(now / 1_000) + 180 };
  const signed = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(createPrivateKey(grant.privateKey)).toString('base64url')}`;
  } catch {
    // Without its cause: what a parser says about a key is not for a log.
    throw new ConnectorError(
      { kind: 'unauthorized' },
      'The private key cannot be read. It must be an RSA key in PEM form, without a passphrase.',
    );
  }
}

function tokenFailure(error: unknown, response: HttpResponse | null): unknown {
  if (error instanceof HttpError || error instanceof ConnectorError || !(error instanceof Error) || !response) return error;
  const { status } = response;
  const refusal = refusalIn(response);
  if (/server_busy|temporarily_unavailable|server_error/i.test(refusal?.error ?? '') || status >= 500 || status === 408 || status === 429)
    return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, `The token endpoint answered ${String(status)}.`);
  if (status < 400) return error;
  if (!refusal || status === 404 || status === 405)
    return new TokenRefused('loginUrl', `There is no token endpoint at this address: it answers ${String(status)}.`);
  return refused(refusal);
}

interface Refusal {
  readonly error: string;
  readonly description: string;
}

/** What an OAuth endpoint says when it refuses (RFC 6749, 5.2); null where something else answered. Of that jsforce makes an error as well. */
function refusalIn({ body }: HttpResponse): Refusal | null {
  try {
    const said: unknown = JSON.parse(body);
    const error = isObject(said) ? text(said, 'error') : null;
    return isObject(said) && error !== null ? { error, description: text(said, 'error_description') ?? '' } : null;
  } catch {
    return null;
  }
}

/** What it said is told apart, in our words. */
function refused({ error, description }: Refusal): TokenRefused {
  const known = refusals.find(({ says }) => says.test(`${error} ${description}`));
  const code = /^[a-z_]{1,60}$/.test(error) ? ` (${error})` : '';
  return new TokenRefused(known?.field ?? 'credential', `The token endpoint refused Usher${code}.${known ? ` ${known.help}` : ''}`);
}
