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
  rememberHeld(req: Request, res: Response, login: HeldLogin, now: Date): void;
  held(req: Request, loginAttemptId: LoginAttemptId): HeldLogin | null;
  forgetHeld(res: Response, loginAttemptId: LoginAttemptId): void;
}

/** Long enough to type a password and a second factor at the identity provider. */
export const pendingForMs = 15 * 60_000;
const heldForMs = 60 * 60_000;
/**
 * A browser that begins over and over would send ever larger requests, until somebody refuses them all: proxies at 8 KB of cookies, Node at
 * 16 KB of headers. The oldest make room, logins that are held last of all: any page can have a browser begin, but not have it held.
 */
const mostBytes = { all: 6_000, held: 3_000 } as const;
/** With what the identity provider's logout needs to know a held login may be larger than browsers take; then that logout is done without. */
const longestHeld = 2_000;

export function createLoginCookies(sealer: CookieSealer, publicUrl: string): LoginCookies {
  const secure = isSecure(publicUrl);
  const prefix = { pending: cookieName('usher-login-', publicUrl), held: cookieName('usher-held-', publicUrl) };
  // The identity provider posts its response from its own site: a Lax cookie would stay at home. Without TLS there is no other choice than Lax.
  const pendingOptions: CookieOptions = { httpOnly: true, secure, path: '/', sameSite: secure ? 'none' : 'lax' };
  const heldOptions: CookieOptions = { httpOnly: true, secure, path: '/', sameSite: 'lax' };

  /** Of these the oldest are cleared, until the rest fits. */
  function makeRoom(res: Response, cookies: readonly Kept[], bytes: number, options: CookieOptions): void {
    let left = bytes;
    for (const { name, size } of cookies.toSorted((a, b) => b.since - a.since)) {
      left -= size;
      if (left < 0) res.clearCookie(name, options);
    }
  }
  function keptPending(req: Request, now: Date): readonly Kept[] {
    return kept(req, prefix.pending, (name) => openPending(req, name, now)?.startedAt);
  }
  function keptHeld(req: Request): readonly Kept[] {
    return kept(req, prefix.held, (name) => openHeld(req, name)?.heldAt);
  }
  function openPending(req: Request, name: string, now: Date): PendingLogin | null {
    const sealed = readCookies(req).get(name);
    const parsed = pendingLogin.safeParse(sealed === undefined ? undefined : sealer.open(name, sealed));
    if (!parsed.success || now.getTime() - parsed.data.startedAt > pendingForMs) return null;
    return parsed.data;
  }
  function openHeld(req: Request, name: string): z.output<typeof heldLogin> | null {
    const sealed = readCookies(req).get(name);
    const parsed = heldLogin.safeParse(sealed === undefined ? undefined : sealer.open(name, sealed));
    return parsed.success ? parsed.data : null;
  }

  return {
    rememberPending(req, res, login, now) {
      const name = prefix.pending + login.requestId;
      const sealed = sealer.seal(name, login);
      makeRoom(res, keptPending(req, now), mostBytes.all - sizeOf(name, sealed) - total(keptHeld(req)), pendingOptions);
      res.cookie(name, sealed, { ...pendingOptions, maxAge: pendingForMs });
    },
    pending(req, requestId, now) {
      const login = openPending(req, prefix.pending + requestId, now);
      return login?.requestId === requestId ? login : null;
    },
    forgetPending: (res, requestId) => void res.clearCookie(prefix.pending + requestId, pendingOptions),
    rememberHeld(req, res, login, now) {
      const name = prefix.held + login.loginAttemptId;
      const whole = sealer.seal(name, { ...login, heldAt: now.getTime() });
      const sealed = whole.length <= longestHeld ? whole : sealer.seal(name, { ...login, samlSession: null, heldAt: now.getTime() });
      const others = keptHeld(req).filter((one) => one.name !== name);
      makeRoom(res, others, mostBytes.held - sizeOf(name, sealed), heldOptions);
      makeRoom(res, keptPending(req, now), mostBytes.all - mostBytes.held, pendingOptions);
      res.cookie(name, sealed, { ...heldOptions, maxAge: heldForMs });
    },
    held(req, loginAttemptId) {
      const login = openHeld(req, prefix.held + loginAttemptId);
      return login?.loginAttemptId === loginAttemptId ? login : null;
    },
    forgetHeld: (res, loginAttemptId) => void res.clearCookie(prefix.held + loginAttemptId, heldOptions),
  };
}

/** A cookie that the browser sent. Since the beginning of time: it says nothing to us, or its time is over. */
interface Kept {
  readonly name: string;
  readonly size: number;
  readonly since: number;
}

function kept(req: Request, prefix: string, since: (name: string) => number | undefined): readonly Kept[] {
  const ours = [...readCookies(req)].filter(([name]) => name.startsWith(prefix));
  return ours.map(([name, value]) => ({ name, size: sizeOf(name, value), since: since(name) ?? 0 }));
}

function total(cookies: readonly Kept[]): number {
  return cookies.reduce((sum, { size }) => sum + size, 0);
}

/** With "=" and "; " as it is sent. */
function sizeOf(name: string, value: string): number {
  return name.length + value.length + 3;
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
  heldAt: z.number().default(0),
});
