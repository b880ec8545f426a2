/**
 * `import { usher } from 'usher'`: the whole Usher as a router in somebody else's Express application. It decides nothing: app.ts composes,
 * this file gives it another door. docs/embedding.md shows how to use it; start with usher.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { buildApp } from './app.ts';
import type { FirstAdministrator } from './commands/ensure-first-administrator.ts';
import { readSettings, type UsherSettings } from './config/settings.ts';
import { loginUrl } from './domain/sign-in-urls.ts';
import type { ServiceProviderId, User } from './domain/vocabulary.ts';
import type { Web } from './http/create-web.ts';

export { EnvironmentError } from './config/environment.ts';
export type { UsherSettings } from './config/settings.ts';
export type { FirstAdministrator } from './commands/ensure-first-administrator.ts';

export interface EmbeddedUsher {
  /** Mount it where `publicUrl` says: `app.use(door.router)`, or `app.use('/door', door.router)`. */
  readonly router: RequestHandler;
  /** GraphQL subscriptions over WebSocket, on the server that the application listens with. */
  attach(server: Server): void;
  /** Who is signed in with this request's cookies; null: nobody. */
  signedIn(request: IncomingMessage): Promise<SignedInUser | null>;
  /** Lets pass who is signed in to this service provider, as `response.locals.signedIn`. Others go to its login; programs get 401 and JSON. */
  requireSignIn(serviceProviderId: string): RequestHandler;
  /** Made at this very start, with a password that is told once: here. */
  readonly firstAdministrator: FirstAdministrator | null;
  /** Ends what is under way and closes the database. Close your server first. */
  close(): Promise<void>;
}
export interface SignedInUser {
  readonly user: Pick<User, 'id' | 'userName' | 'attributes'>;
  readonly serviceProviderId: string;
  /** ISO 8601. */
  readonly signedInAt: string;
}
/** What is no setting: parts of the application that Usher uses in place of its own. */
export interface UsherParts {
  readonly logger?: Logger;
}

/** Throws EnvironmentError with everything that is wrong with the settings. */
export async function usher(settings: UsherSettings, parts: UsherParts = {}): Promise<EmbeddedUsher> {
  const environment = readSettings(settings);
  const app = await buildApp(environment, parts);
  const { web } = app;
  if (web === null) {
    await app.close();
    throw new Error('An Usher with a router has the role web; for workers alone run Usher by itself.');
  }
  await app.begin();
  const signedIn = (request: IncomingMessage): Promise<SignedInUser | null> => personOf(web, request);
  return {
    router: web.router,
    attach: (server) => web.attach(server),
    signedIn,
    requireSignIn: (serviceProviderId) => async (request, response, next) => {
      const person = await signedIn(request);
      if (person?.serviceProviderId !== serviceProviderId) {
        sendAway(request, response, environment.publicUrl, serviceProviderId as ServiceProviderId);
        return;
      }
      response.locals['signedIn'] = person;
      next();
    },
    firstAdministrator: app.firstAdministrator,
    close: () => app.close(),
  };
}

async function personOf(web: Web, request: IncomingMessage): Promise<SignedInUser | null> {
  const found = await web.signedIn(request);
  if (found === null) return null;
  const { id, userName, attributes } = found.user;
  return { user: { id, userName, attributes }, serviceProviderId: found.serviceProvider.id, signedInAt: found.signedInAt };
}

/** A browser that wants a page can sign in and come back; anything else cannot. */
function sendAway(request: Request, response: Response, publicUrl: string, serviceProviderId: ServiceProviderId): void {
  const login = new URL(loginUrl(publicUrl, serviceProviderId));
  response.set({ 'Cache-Control': 'no-store', Vary: 'Accept' });
  if (!['GET', 'HEAD'].includes(request.method) || request.accepts(['json', 'html']) !== 'html') {
    response.status(401).json({ error: 'Nobody is signed in.', loginUrl: login.href });
    return;
  }
  // The service provider's own return URLs decide whether it is followed.
  login.searchParams.set('returnTo', new URL(publicUrl).origin + request.originalUrl);
  response.redirect(303, login.href);
}
