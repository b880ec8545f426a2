/** What signing in needs from outside, given by app.ts. */
import type { CompleteLoginInput, LoginOutcome } from '../commands/login-outcome.ts';
import type { Chance, Clock, Credentials, Log, Reads, Tenants } from '../commands/ports.ts';
import type { RefuseLoginInput } from '../commands/refuse-login.ts';
import type { ResumeLoginInput } from '../commands/resume-login.ts';
import type { IdentityProviderId, TenantId, User } from '../domain/vocabulary.ts';
import type { LoginCookies } from './login-cookies.ts';
import type { ProofLimit } from './proof-limit.ts';

export interface LoginRoutesDeps {
  /** Where browsers reach the router: scheme, host, port and the path it is mounted under, without a slash at the end. */
  readonly publicUrl: string;
  /** The first seals login cookies, all of them open; the session's secrets will do. */
  readonly cookieSecrets: readonly string[];
  readonly database: {
    reads(tenantId: TenantId): Pick<Reads, 'byId' | 'find' | 'page'>;
    readonly tenants: Pick<Tenants, 'signInParties' | 'ofIdentityProvider'>;
    readonly credentials: Pick<Credentials, 'user'>;
  };
  /** PEM of our own key for this identity provider, unsealed; null where it has none. */
  ownPrivateKey(tenantId: TenantId, identityProviderId: IdentityProviderId): Promise<string | null>;
  /** Whether this is the user's password; counted, and locked after too many wrong ones. As much work for nobody as for somebody. */
  tryPassword(user: User | null, password: string): Promise<boolean>;
  completeLogin(input: CompleteLoginInput): Promise<LoginOutcome>;
  resumeLogin(input: ResumeLoginInput): Promise<LoginOutcome | null>;
  refuseLogin(input: RefuseLoginInput): Promise<{ readonly reference: string }>;
  readonly proofs: ProofLimit;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** The same, with what the router makes of it once. */
export interface LoginDeps extends LoginRoutesDeps {
  readonly cookies: LoginCookies;
}
