/**
 * The door before every transport: who is it, may they send so much, and does a browser's cookie come from our own pages.
 * Answers a context for the resolvers, or what to refuse with.
 */
import type { IncomingMessage } from 'node:http';
import { logWith } from '../commands/log-with.ts';
import type { Passwords } from '../commands/passwords.ts';
import type { Bus, House } from '../commands/ports.ts';
import type { Administrator } from '../domain/vocabulary.ts';
import type { Feed } from '../events/feed.ts';
import type { Access } from './access.ts';
import { createContext, type GraphQLContext } from './context.ts';
import { identify, type Presented } from './identify.ts';
import type { RateLimiter } from './rate-limit.ts';

/** The browser's session, from the HTTP room. Works on upgrade requests, which have not been through Express. */
export interface BrowserSessions {
  administratorId(request: IncomingMessage): Promise<string | null>;
  signIn(request: IncomingMessage, administrator: Pick<Administrator, 'id' | 'tenantId'>): Promise<void>;
  signOut(request: IncomingMessage): Promise<void>;
  /** Ends this administrator's sessions in all browsers but this one. */
  endOthers(request: IncomingMessage, administratorId: string): Promise<void>;
}
export interface GateParts {
  readonly house: House;
  readonly passwords: Passwords;
  readonly bus: Bus;
  readonly feed: Feed;
  readonly sessions: BrowserSessions;
  readonly rateLimiter: RateLimiter;
  readonly publicUrl: string;
  /** Behind proxies: the caller's address as Express made it out. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly requestIdOf: (request: IncomingMessage) => string;
}
export interface Refusal {
  readonly status: 401 | 403 | 405 | 429;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number | null;
}
export type Admission =
  | { readonly kind: 'let-in'; readonly context: GraphQLContext; readonly byCookie: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Headers, or what a WebSocket client sends in their place (browsers cannot set headers there). */
export interface CallerHeaders {
  readonly authorization?: string | undefined;
  readonly tenant?: string | undefined;
}

export async function admit(parts: GateParts, request: IncomingMessage, instead: CallerHeaders = {}): Promise<Admission> {
  const presented = await presentedBy(parts, request, instead);
  const identified = await identify(parts.house, presented);
  const caller =
    identified.kind === 'known'
      ? ({ kind: 'known', key: identified.access.actor.id } as const)
      : ({ kind: 'unknown', key: parts.addressOf(request) } as const);
  const wait = await parts.rateLimiter.take(caller);
  if (wait !== null)
    return refuse({ status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests; come back later.', retryAfterSeconds: wait });
  if (identified.kind === 'refused') return refuse({ ...identified, retryAfterSeconds: null });
  const { house, passwords, bus, feed, sessions, publicUrl } = parts;
  const requestId = parts.requestIdOf(request);
  const context = createContext({
    requestId,
    access: identified.kind === 'known' ? identified.access : null,
    house: { ...house, log: logWith(house.log, { requestId }) },
    passwords,
    bus,
    feed,
    // A program that is known registers people for a service provider of its own; who is not comes for themselves.
    takeRegistration: async () =>
      identified.kind === 'known' ? null : parts.rateLimiter.take({ kind: 'registering', key: parts.addressOf(request) }),
    takePassword: () => parts.rateLimiter.take({ kind: 'password', key: parts.addressOf(request) }),
    publicUrl,
    session: {
      signIn: (administrator) => sessions.signIn(request, administrator),
      signOut: () => sessions.signOut(request),
      endOthers: (id) => sessions.endOthers(request, id),
    },
  });
  return { kind: 'let-in', context, byCookie: presented.administratorId !== null };
}

/**
 * Whoever came with this request would still be let in, to the same tenant with the same role. It takes nothing from their rate: we look, they
 * ask for nothing, and a busy caller would lose the streams they have.
 */
export async function stillLetIn(
  parts: GateParts,
  request: IncomingMessage,
  before: Access | null,
  instead: CallerHeaders = {},
): Promise<boolean> {
  const now = await identify(parts.house, await presentedBy(parts, request, instead));
  return before !== null && now.kind === 'known' && now.access.tenantId === before.tenantId && now.access.role === before.role;
}

async function presentedBy({ sessions }: GateParts, request: IncomingMessage, instead: CallerHeaders): Promise<Presented> {
  const authorization = instead.authorization ?? request.headers.authorization ?? null;
  const administratorId = authorization === null ? await sessions.administratorId(request) : null;
  return { authorization, administratorId, tenantName: instead.tenant ?? tenantHeader(request) };
}

const refuse = ({ status, code, message, retryAfterSeconds }: Refusal): Admission => ({
  kind: 'refused',
  refusal: { status, code, message, retryAfterSeconds },
});

function tenantHeader(request: IncomingMessage): string | null {
  const header = request.headers['usher-tenant'];
  return typeof header === 'string' ? header : null;
}
