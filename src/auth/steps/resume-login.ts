import type { LoginOutcome } from '../../commands/login-outcome.ts';
import { browserHashOf, type HeldLogin } from '../login-cookies.ts';
import type { LoginDeps } from '../login-deps.ts';
import { beginAgainPage } from '../pages/fixed-pages.ts';
import { waitingPage } from '../pages/waiting-page.ts';
import { ends, type Ending, type Step } from '../step.ts';
import { waitingAddress } from './answer-login.ts';
import type { WithHeldLogin } from './recall-held-login.ts';
import { newReference } from './refuse.ts';

/** Asks the gate again: still held shows the waiting page, a decision goes on. */
export const resumeLogin: Step<WithHeldLogin, { readonly outcome: LoginOutcome }> = async ({ res, login }, deps) => {
  const { tenantId, loginAttemptId, browserSecret } = login;
  const outcome = await deps.resumeLogin({ tenantId, loginAttemptId, browserHash: browserHashOf(browserSecret) });
  if (outcome?.kind === 'held') return ends(waitingPage(outcome.targets, waitingAddress(deps, loginAttemptId)));
  deps.cookies.forgetHeld(res, loginAttemptId);
  return outcome ? { outcome } : gone(login, deps);
};

/** Decided long ago, or removed: nothing to go on with. */
async function gone(login: HeldLogin, deps: LoginDeps): Promise<Ending> {
  const serviceProvider = await deps.database.reads(login.tenantId).byId('serviceProvider', login.serviceProviderId);
  return ends(beginAgainPage(newReference(deps), serviceProvider ? [serviceProvider] : [], deps.publicUrl));
}
