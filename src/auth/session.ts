/** The session as sign-in uses it: begun anew for each person, ended as a whole. express-session keeps it. */
import type { Request } from 'express';
import { readCookies } from './login-cookies.ts';
import type { SamlSession, SignedInPerson } from './session-data.ts';

/** A new session id: one that somebody else knew before, or planted, opens nothing. Resolves when it is stored. */
export async function beginSession(
  req: Request,
  sessionCookieName: string,
  person: SignedInPerson,
  samlSession: SamlSession | null,
): Promise<void> {
  // The id of a browser that brought none was made for this request: nobody knows it, and the store has nothing to forget.
  if (readCookies(req).has(sessionCookieName)) await promised((done) => req.session.regenerate(done));
  req.session.person = person;
  req.session.tenantId = person.tenantId;
  req.session.userId = person.userId;
  if (samlSession) req.session.samlSession = samlSession;
  // Before the redirect leaves: the next request may be faster than the store.
  await promised((done) => req.session.save(done));
}

export async function endSession(req: Request): Promise<void> {
  await promised((done) => req.session.destroy(done));
}

function promised(work: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) =>
      error ? reject(error instanceof Error ? error : new Error('The session store failed.', { cause: error })) : resolve(),
    );
  });
}
