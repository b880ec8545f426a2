import { sessionCookie, type HeldLogin } from '../login-cookies.ts';
import type { LoginDeps } from '../login-deps.ts';
import { refusalPage } from '../pages/fixed-pages.ts';
import { destinationOf } from '../return-url.ts';
import { beginSession } from '../session.ts';
import type { SamlSession } from '../session-data.ts';
import { ends, type LastStep, type Reply, type Visit } from '../step.ts';
import type { LoginInHand, WithOutcome } from './complete-login.ts';

type Needs = Visit & WithOutcome & { readonly login: Omit<LoginInHand, 'returnTo'>; readonly samlSession: SamlSession | null };

/** Open: a new session, and off to the application. Held: to the waiting page. Refused: a sentence, a reference, a way to try again. */
export const answerLogin: LastStep<Needs> = async (visit, deps) => ends(await answer(visit, deps));

async function answer({ req, res, login, outcome, samlSession }: Needs, deps: LoginDeps): Promise<Reply> {
  const { tenantId, serviceProviderId, browserSecret } = login;
  switch (outcome.kind) {
    case 'opened': {
      const { user, serviceProvider, loginAttemptId, returnTo } = outcome;
      const signedInAt = deps.clock.now().toISOString();
      await beginSession(
        req,
        sessionCookie(deps.publicUrl).name,
        { tenantId, userId: user.id, serviceProviderId: serviceProvider.id, loginAttemptId, signedInAt },
        samlSession,
      );
      return { kind: 'redirect', location: destinationOf(returnTo, serviceProvider, deps.publicUrl) };
    }
    case 'held': {
      const held: HeldLogin = { loginAttemptId: outcome.attempt.id, tenantId, serviceProviderId, browserSecret, samlSession };
      deps.cookies.rememberHeld(req, res, held, deps.clock.now());
      return { kind: 'redirect', location: waitingAddress(deps, held.loginAttemptId) };
    }
    case 'refused':
      return refusalPage({ ...outcome, tryAgain: `${deps.publicUrl}/login/${serviceProviderId}` });
  }
}

export function waitingAddress(deps: LoginDeps, loginAttemptId: HeldLogin['loginAttemptId']): string {
  return `${deps.publicUrl}/login/attempts/${loginAttemptId}`;
}
