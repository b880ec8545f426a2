import type { LoginAttemptId } from '../../domain/vocabulary.ts';
import type { HeldLogin } from '../login-cookies.ts';
import { destinationOf } from '../return-url.ts';
import type { SamlSession } from '../session-data.ts';
import { ends, type Step, type Visit } from '../step.ts';
import { idFrom } from '../url-id.ts';
import { nothingHere } from './refuse.ts';

export interface WithHeldLogin extends Visit {
  readonly login: HeldLogin;
  readonly samlSession: SamlSession | null;
}

/** The held login in the URL, if this browser holds its cookie: an attempt belongs to one browser. */
export const recallHeldLogin: Step<Visit, Pick<WithHeldLogin, 'login' | 'samlSession'>> = async ({ req }, deps) => {
  const id = idFrom<LoginAttemptId>(req.params['loginAttemptId']);
  const login = id && deps.cookies.held(req, id);
  if (login) return { login, samlSession: login.samlSession };
  // The page asked twice, and the first answer let them in.
  const { person } = req.session;
  const again = id !== null && person?.loginAttemptId === id ? person : null;
  const serviceProvider = again && (await deps.database.reads(again.tenantId).byId('serviceProvider', again.serviceProviderId));
  return serviceProvider ? ends({ kind: 'redirect', location: destinationOf(null, serviceProvider, deps.publicUrl) }) : nothingHere(deps);
};
