/** What machines ask: alive, ready, metrics. Before sessions, so that they cost nothing and work when the database does not. */
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { Router, type Express, type RequestHandler } from 'express';

export interface HealthDeps {
  /** What keeps us from serving: the database does not answer, migrations are missing. Empty: ready. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly draining: () => boolean;
  readonly metrics: MetricsPage | null;
}
export interface MetricsPage {
  readonly registry: { readonly contentType: string; metrics(): Promise<string> };
  /** Bearer token to ask for; null: open to whoever reaches the port. */
  readonly token: string | null;
}

export function healthRoutes({ notReady, draining, metrics }: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('cache-control', 'no-store').json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const problems = draining() ? ['draining'] : await notReady();
    response
      .status(problems.length === 0 ? 200 : 503)
      .set('cache-control', 'no-store')
      .json(problems.length === 0 ? { status: 'ready' } : { status: 'not-ready', problems });
  });
  if (metrics !== null) router.get('/metrics', metricsPage(metrics));
  return router;
}

/** All that a process serves which only works: machines ask it the same. */
export function healthApp(deps: HealthDeps): Express {
  return express().disable('x-powered-by').use(healthRoutes(deps));
}

function metricsPage({ registry, token }: MetricsPage): RequestHandler {
  return async (request, response) => {
    if (token !== null && !same(request.get('authorization') ?? '', `Bearer ${token}`)) {
      response.status(401).set('www-authenticate', 'Bearer').end();
      return;
    }
    response.type(registry.contentType).send(await registry.metrics());
  };
}

/** Takes the same time wherever they differ. */
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
