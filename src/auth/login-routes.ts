/**
 * The routes of signing in, for any Express application: docs/sign-in.md lists them for integrators. No decisions here: each route walks the
 * path of the same name in login-steps.ts. Needs express-session before it.
 */
import { Router, urlencoded, type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { logWith } from '../commands/log-with.ts';
import { createLoginCookies } from './login-cookies.ts';
import type { LoginDeps, LoginRoutesDeps } from './login-deps.ts';
import { loginSteps } from './login-steps.ts';
import { faultPage } from './pages/fixed-pages.ts';
import { sendReply } from './pages/send-reply.ts';
import { createCookieSealer } from './sealed-cookie.ts';
import type { WholePath } from './step.ts';
import { newReference } from './steps/refuse.ts';
import './session-data.ts';

export type { LoginRoutesDeps } from './login-deps.ts';

export function createLoginRoutes(given: LoginRoutesDeps): Router {
  const publicUrl = given.publicUrl.replace(/\/+$/, '');
  const deps: LoginDeps = { ...given, publicUrl, cookies: createLoginCookies(createCookieSealer(given.cookieSecrets), publicUrl) };
  const walk =
    (path: WholePath): RequestHandler =>
    async (req, res) => {
      sendReply(res, await path({ req, res }, forRequest(deps, res)));
    };
  const smallForm = urlencoded({ extended: false, limit: '16kb', parameterLimit: 10 });
  // A response with an encrypted assertion and several hundred group names is some hundred kilobytes.
  const samlForm = urlencoded({ extended: false, limit: '1mb', parameterLimit: 10 });

  const router = Router();
  router.get('/login/attempts/:loginAttemptId', walk(loginSteps.resume));
  router.get('/login/:serviceProviderId', walk(loginSteps.choose));
  router.post('/login/:serviceProviderId/password', smallForm, walk(loginSteps.password));
  router.get('/login/:serviceProviderId/:identityProviderId', walk(loginSteps.start));
  router.post('/saml/:identityProviderId/callback', samlForm, walk(loginSteps.callback));
  router.get('/saml/:identityProviderId/metadata', walk(loginSteps.metadata));
  router.get('/saml/:identityProviderId/logout', walk(loginSteps.loggedOut));
  router.post('/saml/:identityProviderId/logout', walk(loginSteps.loggedOut));
  router.post('/logout', smallForm, walk(loginSteps.logout));
  router.get('/session', walk(loginSteps.session));
  router.use(answerFault(deps));
  return router;
}

/** The request's id on every line that is written for it: http gave it one, and tells it in the answer. */
function forRequest(deps: LoginDeps, res: Response): LoginDeps {
  const requestId = res.getHeader('x-request-id');
  return typeof requestId === 'string' ? { ...deps, log: logWith(deps.log, { requestId }) } : deps;
}

/** Whatever is thrown on these routes: the log gets it all, the person a number. */
function answerFault(deps: LoginDeps): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const { log } = forRequest(deps, res);
    if (res.headersSent) {
      next(error);
      return;
    }
    const reference = newReference(deps);
    const status = statusOf(error);
    if (status < 500) log.info({ reference, status }, 'A request could not be read');
    else log.error({ reference, error: error instanceof Error ? error : null }, 'A login route failed');
    sendReply(res, faultPage(status, reference));
  };
}

/** Express marks what the client got wrong: too large, cut off, badly encoded. */
function statusOf(error: unknown): number {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
