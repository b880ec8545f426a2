/**
 * The token endpoint of the fake Google: verifies a JWT as RFC 7523 and Google's guide "Using OAuth 2.0 for server to server applications"
 * say, with the public key of the service account, and issues tokens that end. "Invalid email or User ID" and "account not found" are
 * texts from memory; the others are quoted in public issues.
 */
import { createHash, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';

export interface ServiceAccountKey {
  readonly email: string;
  readonly clientId: string;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** The text of the JSON file that Google gives. */
  readonly json: string;
}

export interface TokenEndpoint {
  readonly key: ServiceAccountKey;
  /** What domain-wide delegation allows. */
  delegate(scopes: readonly string[]): void;
  answer(form: URLSearchParams, url: string): { readonly status: number; readonly body: Record<string, unknown> };
  /** Who a token stands for and what it may do; null where it is unknown or has ended. */
  holder(token: string): { readonly administrator: string; readonly scopes: ReadonlySet<string> } | null;
  revoke(): void;
  issued(): number;
  /** Claims of every assertion that was accepted. */
  readonly claims: readonly Readonly<Record<string, unknown>>[];
}

const root = 'https://www.googleapis.com/auth/admin.directory.';
export const userScope = `${root}user`;
export const groupScope = `${root}group`;

/** One pair for the process: making one takes a while, and a service account's key is no secret between tests. */
let pair: { readonly publicKey: KeyObject; readonly privateKey: string } | null = null;

export function createTokenEndpoint(options: {
  readonly knows: (email: string) => boolean;
  readonly expiresIn?: number;
  readonly now: () => number;
}): TokenEndpoint {
  if (!pair) {
    const made = generateKeyPairSync('rsa', { modulusLength: 2048 });
    pair = { publicKey: made.publicKey, privateKey: made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }
  const { publicKey, privateKey } = pair;
  const email = 'usher@kit-project.iam.gserviceaccount.com';
  const clientId = '104823190584730174652';
  const lifeSeconds = options.expiresIn ?? 3599;
  const tokens = new Map<string, { administrator: string; scopes: ReadonlySet<string>; until: number }>();
  const claims: Record<string, unknown>[] = [];
  let delegated: ReadonlySet<string> = new Set([userScope, groupScope]);
  let count = 0;

  const refuse = (status: number, error: string, description: string) => ({ status, body: { error, error_description: description } });

  return {
    key: {
      email,
      clientId,
      privateKey,
      json: JSON.stringify({
        type: 'service_account',
        project_id: 'kit-project',
        private_key_id: createHash('sha1').update(privateKey).digest('hex'),
        private_key: privateKey,
        client_email: email,
        client_id: clientId,
        token_uri: 'https://oauth2.googleapis.com/token',
      }),
    },
    delegate: (scopes) => void (delegated = new Set(scopes)),
    revoke: () => tokens.clear(),
    issued: () => count,
    claims,
    holder: (token) => {
      const held = tokens.get(token);
      return held && held.until > options.now() ? held : null;
    },
    answer: (form, url) => {
      if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
        return refuse(400, 'unsupported_grant_type', 'Invalid grant_type');
      const [head = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const [header, claim] = [decoded(head), decoded(payload)];
      if (!header || !claim) return refuse(400, 'invalid_grant', 'Invalid JWT: Failed parsing JWT.');
      if (claim['iss'] !== email) return refuse(400, 'invalid_grant', 'Invalid grant: account not found');
      const signed = verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
      if (header['alg'] !== 'RS256' || !signed) return refuse(400, 'invalid_grant', 'Invalid JWT Signature.');
      const [now, iat, exp] = [options.now() / 1_000, Number(claim['iat']), Number(claim['exp'])];
      if (claim['aud'] !== url) return refuse(400, 'invalid_grant', 'Invalid JWT: audience is not this token endpoint.');
      if (!(iat <= now + 300 && exp > now && exp <= iat + 3600))
        return refuse(
          400,
          'invalid_grant',
          'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
        );
      const scopes = textOf(claim['scope']).split(' ');
      if (scopes.some((scope) => !delegated.has(scope)))
        return refuse(
          401,
          'unauthorized_client',
          'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
        );
      const administrator = textOf(claim['sub']);
      if (!options.knows(administrator)) return refuse(400, 'invalid_grant', 'Invalid email or User ID');
      const token = `ya29.kit-${++count}`;
      tokens.set(token, { administrator, scopes: new Set(scopes), until: options.now() + lifeSeconds * 1_000 });
      claims.push(claim);
      return { status: 200, body: { access_token: token, expires_in: lifeSeconds, token_type: 'Bearer' } };
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function decoded(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
