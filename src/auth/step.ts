/** What a step of the login path is, how steps are put one after another, and what a path ends with. The table itself is login-steps.ts. */
import type { Request, Response } from 'express';
import type { LoginDeps } from './login-deps.ts';
import type { SafeHtml } from './pages/html.ts';

/** What every path begins with. Each step is handed what the steps before it found out, and nothing is kept on req. */
export interface Visit {
  readonly req: Request;
  readonly res: Response;
}

export type Reply =
  | { readonly kind: 'page'; readonly status: number; readonly title: string; readonly body: SafeHtml; readonly options?: PageOptions }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown }
  | { readonly kind: 'document'; readonly type: string; readonly text: string }
  /** Passport answered by itself. */
  | { readonly kind: 'sent' };
export interface PageOptions {
  /** Where forms of this page may lead, beside ourselves: browsers hold redirects after a form to it as well. */
  readonly formOrigins?: readonly string[];
  readonly refreshSeconds?: number;
}

/** The path ends here. */
export interface Ending {
  readonly ends: Reply;
}
export const ends = (reply: Reply): Ending => ({ ends: reply });

/** One verb: takes what it needs, gives what it adds, or ends the path. */
export type Step<Needs extends Visit, Adds extends object> = (visit: Needs, deps: LoginDeps) => Promise<Adds | Ending> | Adds | Ending;
/** A last step: it always ends the path. */
export type LastStep<Needs extends Visit> = (visit: Needs, deps: LoginDeps) => Promise<Ending> | Ending;

/** Steps in an order in which each finds what it needs: another order does not compile. */
export interface Path<Found extends Visit> {
  step<Adds extends object>(step: Step<Found, Adds>): Path<Found & Adds>;
  last(step: LastStep<Found>): WholePath;
}
export type WholePath = (visit: Visit, deps: LoginDeps) => Promise<Reply>;

export const path: Path<Visit> = pathAfter(async (visit) => visit);

function pathAfter<Found extends Visit>(before: (visit: Visit, deps: LoginDeps) => Promise<Found | Ending>): Path<Found> {
  return {
    step<Adds extends object>(step: Step<Found, Adds>) {
      return pathAfter<Found & Adds>(async (visit, deps) => {
        const found = await before(visit, deps);
        if (isEnding(found)) return found;
        const added = await step(found, deps);
        return isEnding(added) ? added : { ...found, ...added };
      });
    },
    last(step) {
      return async (visit, deps) => {
        const found = await before(visit, deps);
        return (isEnding(found) ? found : await step(found, deps)).ends;
      };
    },
  };
}

function isEnding(value: object): value is Ending {
  return 'ends' in value;
}
