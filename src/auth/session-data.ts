/** What a session holds, for a person and for an administrator. Declared here once; express-session keeps it in the database. */
import 'express-session';
import type { IdentityProviderId, LoginAttemptId, ServiceProviderId, TenantId, UserId } from '../domain/vocabulary.ts';

declare module 'express-session' {
  interface SessionData {
    /** Somebody signed in to a service provider. */
    person: SignedInPerson;
    /** Of the person, where the database finds sessions by whose they are; the tenant also of an administrator. */
    tenantId: TenantId;
    userId: UserId;
    /** How the identity provider knows this session, for signing out there too. */
    samlSession: SamlSession;
    /** Somebody signed in to administer: never together with a person. */
    administratorId: string;
  }
}

export interface SignedInPerson {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly serviceProviderId: ServiceProviderId;
  readonly loginAttemptId: LoginAttemptId;
  /** ISO 8601. */
  readonly signedInAt: string;
}

export interface SamlSession {
  readonly identityProviderId: IdentityProviderId;
  readonly nameId: string;
  readonly nameIdFormat: string | null;
  readonly nameQualifier: string | null;
  readonly spNameQualifier: string | null;
  readonly sessionIndex: string | null;
}
