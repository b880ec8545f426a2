import type { IdentityProviderId, TenantId } from '../../domain/vocabulary.ts';
import type { LoginDeps } from '../login-deps.ts';
import type { PendingLogin } from '../login-cookies.ts';
import { beginAgainPage } from '../pages/fixed-pages.ts';
import { ends, type Ending, type Step } from '../step.ts';
import { idFrom } from '../url-id.ts';
import type { WithResponse } from './read-saml-response.ts';
import { newReference, nothingHere } from './refuse.ts';

export interface WithLogin {
  readonly tenantId: TenantId;
  readonly login: PendingLogin;
}

/** The login that this browser began with the request the response answers. One that nobody asked for here is not let in (login CSRF). */
export const recallLogin: Step<WithResponse, WithLogin> = async ({ req, res, response }, deps) => {
  const identityProviderId = idFrom<IdentityProviderId>(req.params['identityProviderId']);
  if (!identityProviderId) return nothingHere(deps);
  const login = response.inResponseTo === null ? null : deps.cookies.pending(req, response.inResponseTo, deps.clock.now());
  if (login?.identityProviderId !== identityProviderId) return beginAgain(deps, identityProviderId);
  // The browser is told to forget the cookie, but a program may keep it and try one answer after another.
  if (!(await deps.proofs.answered(login.requestId))) return beginAgain(deps, identityProviderId);
  deps.cookies.forgetPending(res, login.requestId);
  return { login, tenantId: login.tenantId };
};

/** At most this many applications are offered; more would be a directory, not a way on. */
const mostOffered = 20;

async function beginAgain(deps: LoginDeps, identityProviderId: IdentityProviderId): Promise<Ending> {
  const tenantId = await deps.database.tenants.ofIdentityProvider(identityProviderId);
  if (!tenantId) return nothingHere(deps);
  const reference = newReference(deps);
  deps.log.info({ reference, tenantId, identityProviderId }, 'A SAML response came that this browser did not ask for');
  const { items } = await deps.database.reads(tenantId).page('serviceProvider', { where: {}, first: 200, after: null, newestFirst: false });
  const offered = items.filter((one) => one.signInIdentityProviderIds.includes(identityProviderId)).slice(0, mostOffered);
  return ends(beginAgainPage(reference, offered, deps.publicUrl));
}
