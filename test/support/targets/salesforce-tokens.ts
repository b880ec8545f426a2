/** The token endpoint of the fake Salesforce: three grants, with the words of the real one, and JWTs really verified. */
import { createVerify, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';

export interface TokenSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  /** Password and security token in one. */
  readonly password: string;
  /** PEM of the public key of the certificate in the app; null: none was uploaded. */
  readonly publicKey: string | null;
  readonly audience: string;
  readonly now: () => number;
}

export interface TokenEndpoint {
  /** `myDomain`: whether this is the organisation's own host, which alone gives client credentials. */
  handle(req: Request, res: Response, myDomain: boolean): void;
  isValid(token: string): boolean;
  /** Every token issued until now is refused from here on. */
  expireAll(): void;
  readonly issued: number;
  /** The next answers, instead of a token. */
  refuse(error: { readonly status: number; readonly error: string; readonly error_description: string } | null): void;
}

export function createTokenEndpoint(settings: TokenSettings, instanceUrl: () => string, ids: { org: string; user: string }): TokenEndpoint {
  const valid = new Set<string>();
  let issued = 0;
  let refusal: { readonly status: number; readonly error: string; readonly error_description: string } | null = null;

  function problem(form: Record<string, unknown>, myDomain: boolean): [string, string] | null {
    if (form['grant_type'] === 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return jwtProblem(typeof form['assertion'] === 'string' ? form['assertion'] : '');
    if (form['client_id'] !== settings.clientId) return ['invalid_client_id', 'client identifier invalid'];
    if (form['client_secret'] !== settings.clientSecret) return ['invalid_client', 'invalid client credentials'];
    if (form['grant_type'] === 'client_credentials') return myDomain ? null : ['invalid_grant', 'request not supported on this domain'];
    if (form['grant_type'] !== 'password') return ['unsupported_grant_type', 'grant type not supported'];
    const matches = form['username'] === settings.username && form['password'] === settings.password;
    return matches ? null : ['invalid_grant', 'authentication failure'];
  }

  function jwtProblem(assertion: string): [string, string] | null {
    const [header = '', payload = '', signature = ''] = assertion.split('.');
    const read = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString() || '{}') as Record<string, unknown>;
    const claims = read(payload);
    if (claims['iss'] !== settings.clientId) return ['invalid_client_id', 'client identifier invalid'];
    const verified =
      settings.publicKey !== null &&
      read(header)['alg'] === 'RS256' &&
      createVerify('RSA-SHA256').update(`${header}.${payload}`).verify(settings.publicKey, Buffer.from(signature, 'base64url'));
    if (!verified) return ['invalid_grant', 'invalid assertion'];
    if (claims['aud'] !== settings.audience) return ['invalid_grant', 'Audience validation failed'];
    const left = Number(claims['exp']) - settings.now() / 1_000;
    if (!(left > 0 && left <= 300)) return ['invalid_grant', 'expired authorization code'];
    return claims['sub'] === settings.username ? null : ['invalid_grant', "user hasn't approved this consumer"];
  }

  return {
    handle: (req, res, myDomain) => {
      if (refusal) {
        const { status, ...body } = refusal;
        return void res.status(status).json(body);
      }
      const [error, error_description] = problem((req.body ?? {}) as Record<string, unknown>, myDomain) ?? [];
      if (error !== undefined) return void res.status(400).json({ error, error_description });
      const access_token = `${ids.org.slice(0, 15)}!${randomBytes(24).toString('base64url')}`;
      valid.add(access_token);
      issued++;
      res.json({
        access_token,
        instance_url: instanceUrl(),
        id: `https://login.salesforce.com/id/${ids.org}/${ids.user}`,
        token_type: 'Bearer',
        issued_at: String(settings.now()),
        signature: randomBytes(32).toString('base64'),
      });
    },
    isValid: (token) => valid.has(token),
    expireAll: () => valid.clear(),
    get issued() {
      return issued;
    },
    refuse: (error) => void (refusal = error),
  };
}
