import type { VerifiedSignIn } from '../../commands/login-outcome.ts';
import { refusalPage } from '../pages/fixed-pages.ts';
import { verifyResponse } from '../saml/verify.ts';
import type { SamlSession } from '../session-data.ts';
import { ends, type Step } from '../step.ts';
import { runStrategy } from '../strategies/run-strategy.ts';
import { assertionXmlOf, verifyingStrategy } from '../strategies/saml.ts';
import type { WithIdentityProvider } from './load-identity-provider.ts';
import type { WithResponse } from './read-saml-response.ts';
import type { WithLogin } from './recall-login.ts';

export interface WithSignIn {
  readonly signIn: VerifiedSignIn;
  /** null: nothing to sign out of elsewhere. */
  readonly samlSession: SamlSession | null;
}

/** The proof. Whatever does not hold is recorded and answered with one sentence; which check said no is for the log. */
export const verifySamlResponse: Step<WithResponse & WithLogin & WithIdentityProvider, WithSignIn> = async (visit, deps) => {
  const { req, res, response, login, identityProvider, parties } = visit;
  const verified = await verifyResponse({
    response,
    parties,
    identityProviderId: identityProvider.id,
    login,
    now: deps.clock.now(),
    ownPrivateKey: () => deps.ownPrivateKey(login.tenantId, identityProvider.id),
    verifySignatures: async (verification) => {
      const body = { SAMLResponse: response.posted };
      const result = await runStrategy(verifyingStrategy(parties, verification), req, res, { query: {}, body });
      return result.kind === 'verified' ? assertionXmlOf(result.profile) : null;
    },
  });
  if (verified.kind === 'verified') {
    await deps.proofs.held(req);
    return verified;
  }

  const { tenantId, serviceProviderId } = login;
  const where = { tenantId, serviceProviderId, identityProviderId: identityProvider.id };
  const { reference } = await deps.refuseLogin({ ...where, reason: 'not-verified' });
  deps.log.warn({ reference, fault: verified.fault, ...where }, 'A SAML response was refused');
  return ends(refusalPage({ reason: 'not-verified', reference, tryAgain: `${deps.publicUrl}/login/${serviceProviderId}` }));
};
