/** Passport, run once for one request: a strategy goes in, what it found comes out. Nobody is written to the session by it. */
import type { Request, Response } from 'express';
import passport from 'passport';

export type StrategyResult =
  | { readonly kind: 'verified'; readonly profile: unknown }
  | { readonly kind: 'failed' }
  /** Something was thrown: with SAML that is how the library says no, with a password it is a defect. */
  | { readonly kind: 'threw'; readonly error: unknown }
  /** The strategy answered the browser by itself, with a redirect. */
  | { readonly kind: 'sent' };

/** What a strategy may see of a request. It gets nothing else: a SAML message in the query would take another way through the library. */
export interface VisibleRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  readonly user?: unknown;
}

// Our own, so that an application which embeds Usher keeps its Passport to itself.
const authenticator = new passport.Passport();

/** `strategy` belongs to this request alone: Passport writes the way back to the request onto it. */
export function runStrategy(strategy: passport.Strategy, req: Request, res: Response, visible: VisibleRequest): Promise<StrategyResult> {
  return new Promise((resolve) => {
    const onSent = (): void => resolve({ kind: 'sent' });
    res.once('finish', onSent);
    const settle = (result: StrategyResult): void => {
      res.off('finish', onSent);
      resolve(result);
    };
    const handler = authenticator.authenticate(strategy, { session: false }, (error: unknown, user: unknown) => {
      if (error) settle({ kind: 'threw', error });
      else settle(user ? { kind: 'verified', profile: user } : { kind: 'failed' });
    }) as (req: Request, res: Response, next: (error?: unknown) => void) => void;
    // Passport passes the request on where a strategy has no opinion (a logout message): for a login that is a failure.
    const next = (error?: unknown): void => {
      settle(error ? { kind: 'threw', error } : { kind: 'failed' });
    };
    handler(requestWith(req, visible), res, next);
  });
}

export function requestWith(req: Request, visible: VisibleRequest): Request {
  return Object.create(req, {
    query: { value: visible.query },
    body: { value: visible.body },
    user: { value: visible.user, writable: true },
    // The library reads a redirect-bound message from it.
    url: { value: '/' },
  }) as Request;
}
