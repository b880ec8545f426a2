/** What comes of a verified sign-in; the words between auth and the commands that complete and resume logins. */
import type {
  Attributes,
  IdentityProviderId,
  LoginAttempt,
  LoginAttemptId,
  ServiceProvider,
  ServiceProviderId,
  TenantId,
  User,
} from '../domain/vocabulary.ts';

/** A sign-in whose proof was verified: by SAML (or OpenID Connect later), or by a local password. */
export type VerifiedSignIn =
  | {
      readonly kind: 'federated';
      readonly identityProviderId: IdentityProviderId;
      readonly issuer: string;
      readonly subject: string;
      /** As the assertion told them, under its own names; absent where empty. */
      readonly attributes: Attributes;
      /** The assertion's ID: it is used once, until it expires. */
      readonly assertionId: string;
      readonly expiresAt: Date;
    }
  | { readonly kind: 'password'; readonly userId: User['id'] };

export interface CompleteLoginInput {
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId;
  readonly signIn: VerifiedSignIn;
  /** Already judged to be one of the service provider's return URLs. */
  readonly returnTo: string | null;
  /** SHA-256, hex, of the secret in this browser's cookie. */
  readonly browserHash: string;
}

/** Why a login is refused: fixed words, one for each sentence a person may read. */
export const refusals = [
  'not-verified',
  'assertion-used',
  'identity-provider-disabled',
  'unknown-user',
  'user-inactive',
  'user-name-taken',
  'user-name-unusable',
  'not-provisioned',
  'kept-out',
  'deadline-passed',
  'signed-out',
  'service-provider-unknown',
] as const;
export type Refusal = (typeof refusals)[number];

export type LoginOutcome =
  | {
      readonly kind: 'opened';
      readonly user: User;
      readonly serviceProvider: ServiceProvider;
      readonly loginAttemptId: LoginAttemptId;
      readonly returnTo: string | null;
    }
  /** Longer than one request should last: show the waiting page of this attempt. */
  | { readonly kind: 'held'; readonly attempt: LoginAttempt; readonly targets: readonly HeldTarget[] }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly reference: string };

/** What the waiting page may tell the person: the target's name and a fixed word. */
export interface HeldTarget {
  readonly name: string;
  readonly state: 'ready' | 'working' | 'failed';
}
