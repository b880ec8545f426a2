/**
 * The cookies of signing in: one for each login that is under way at an identity provider, one for each login that is held.
 * One of each per login, so that several tabs do not disturb each other. The session's own cookie is named here too, and made in http.
 */
import { createHash } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';
import type { IdentityProviderId, LoginAttemptId, ServiceProviderId, TenantId } from '../domain/vocabulary.ts';
import type { CookieSealer } from './sealed-cookie.ts';
import type { SamlSession } from './session-data.ts';

/** A login that is under way at an identity provider: its response must come back to this browser, answering this request. */
export interface PendingLogin {
  /** ID of our AuthnRequest; InResponseTo of the response. */
  readonly requestId: string;
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId;
  readonly identityProviderId: IdentityProviderId;
  readonly returnTo: string | null;
  /** Only this browser knows it; the login attempt keeps its hash. */
  readonly browserSecret: string;
  readonly startedAt: number;
}

/** A login that is held: only this browser may go on with it. */
export interface HeldLogin {
  readonly loginAttemptId: LoginAttemptId;
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId;
  readonly browserSecret: string;
  readonly samlSession: SamlSession | null;
}

export interface LoginCookies {
  rememberPending(req: Request, res: Response, login: PendingLogin, now: Date): void;
  pending(req: Request, requestId: string, now: Date): PendingLogin | null;
  forgetPending(res: Response, requestId: string): void;
  rememberHeld(res: Response, login: HeldLogin): void;
  held(req: Request, loginAttemptId: LoginAttemptId): HeldLogin | null;
  forgetHeld(res: Response, loginAttemptId: LoginAttemptId): void;
}

/** Long enough to type a password and a second factor at the identity provider. */
export const pendingForMs = 15 * 60_000;
const heldForMs = 60 * 60_000;
/** A browser that begins over and over would send ever larger requests, until a proxy refuses them. */
const mostPending = 10;

export function createLoginCookies(sealer: CookieSealer, publicUrl: string): LoginCookies {
  const secure = isSecure(publicUrl);
  const prefix = { pending: cookieName('usher-login-', publicUrl), held: cookieName('usher-held-', publicUrl) };
  // The identity provider posts its response from its own site: a Lax cookie would stay at home. Without TLS there is no other choice than Lax.
  const pendingOptions: CookieOptions = { httpOnly: true, secure, path: '/', sameSite: secure ? 'none' : 'lax' };
  const heldOptions: CookieOptions = { httpOnly: true, secure, path: '/', sameSite: 'lax' };

  function pendingNames(req: Request, now: Date): readonly string[] {
    return [...readCookies(req).keys()]
      .filter((name) => name.startsWith(prefix.pending))
      .sort((a, b) => age(req, a, now) - age(req, b, now));
  }
  function age(req: Request, name: string, now: Date): number {
    const login = openPending(req, name, now);
    return login ? now.getTime() - login.startedAt : Infinity;
  }
  function openPending(req: Request, name: string, now: Date): PendingLogin | null {
    const sealed = readCookies(req).get(name);
    const parsed = pendingLogin.safeParse(sealed === undefined ? undefined : sealer.open(name, sealed));
    if (!parsed.success || now.getTime() - parsed.data.startedAt > pendingForMs) return null;
    return parsed.data;
  }

  return {
    rememberPending(req, res, login, now) {
      for (const name of pendingNames(req, now).slice(mostPending - 1)) res.clearCookie(name, pendingOptions);
      const name = prefix.pending + login.requestId;
      res.cookie(name, sealer.seal(name, login), { ...pendingOptions, maxAge: pendingForMs });
    },
    pending(req, requestId, now) {
      const login = openPending(req, prefix.pending + requestId, now);
      return login?.requestId === requestId ? login : null;
    },
    forgetPending: (res, requestId) => void res.clearCookie(prefix.pending + requestId, pendingOptions),
    rememberHeld(res, login) {
      const name = prefix.held + login.loginAttemptId;
      res.cookie(name, sealer.seal(name, login), { ...heldOptions, maxAge: heldForMs });
    },
    held(req, loginAttemptId) {
      const name = prefix.held + loginAttemptId;
      const sealed = readCookies(req).get(name);
      const parsed = heldLogin.safeParse(sealed === undefined ? undefined : sealer.open(name, sealed));
      return parsed.success && parsed.data.loginAttemptId === loginAttemptId ? parsed.data : null;
    },
    forgetHeld: (res, loginAttemptId) => void res.clearCookie(prefix.held + loginAttemptId, heldOptions),
  };
}

/** The session's cookie, as http configures express-session with it. */
export function sessionCookie(publicUrl: string): { readonly name: string; readonly options: CookieOptions } {
  return {
    name: cookieName('usher-session', publicUrl),
    options: { httpOnly: true, secure: isSecure(publicUrl), path: '/', sameSite: 'lax' },
  };
}

/** `__Host-` binds a cookie to this host over TLS: no subdomain can plant one. */
export function cookieName(name: string, publicUrl: string): string {
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}

export function browserHashOf(browserSecret: string): string {
  return createHash('sha256').update(browserSecret).digest('hex');
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}

/** As RFC 6265 5.4 sends them; of two with one name the first is meant. Ours hold no character that needs decoding. */
export function readCookies(req: Request): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}

// We sealed it ourselves, so the ids are what they say; the shape is checked because an older version may have sealed it.
const id = <T extends string>(): z.ZodType<T> => z.custom<T>((value) => typeof value === 'string');
const samlSession = z.object({
  identityProviderId: id<IdentityProviderId>(),
  nameId: z.string(),
  nameIdFormat: z.string().nullable(),
  nameQualifier: z.string().nullable(),
  spNameQualifier: z.string().nullable(),
  sessionIndex: z.string().nullable(),
});
const pendingLogin = z.object({
  requestId: z.string(),
  tenantId: id<TenantId>(),
  serviceProviderId: id<ServiceProviderId>(),
  identityProviderId: id<IdentityProviderId>(),
  returnTo: z.string().nullable(),
  browserSecret: z.string(),
  startedAt: z.number(),
});
const heldLogin = z.object({
  loginAttemptId: id<LoginAttemptId>(),
  tenantId: id<TenantId>(),
  serviceProviderId: id<ServiceProviderId>(),
  browserSecret: z.string(),
  samlSession: samlSession.nullable(),
});
