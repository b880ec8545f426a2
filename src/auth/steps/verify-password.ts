import { formOf } from '../form.ts';
import { chooserPage } from '../pages/chooser-page.ts';
import { ends, type Step } from '../step.ts';
import { passwordStrategy, userIdOf } from '../strategies/password.ts';
import { runStrategy } from '../strategies/run-strategy.ts';
import type { WithDestination } from './choose-destination.ts';
import type { LoginInHand } from './complete-login.ts';
import type { WithServiceProvider } from './load-service-provider.ts';
import { nothingHere } from './refuse.ts';
import { signInWays } from './show-chooser.ts';
import type { WithSignIn } from './verify-saml-response.ts';

/** A local name and password, where the service provider allows them. Whatever is wrong shows the form again with the same sentence. */
export const verifyPassword: Step<WithServiceProvider & WithDestination, WithSignIn & { readonly login: LoginInHand }> = async (
  visit,
  deps,
) => {
  const { req, res, tenantId, serviceProvider, returnTo } = visit;
  if (!serviceProvider.passwordSignIn) return nothingHere(deps);
  const { userName, password } = formOf(req);
  const fields = typeof userName === 'string' && typeof password === 'string' ? { userName, password } : {};
  const result = await runStrategy(passwordStrategy(deps, serviceProvider), req, res, { query: {}, body: { ...fields } });
  if (result.kind === 'threw') throw new Error('A password could not be verified.', { cause: result.error });
  const userId = result.kind === 'verified' ? userIdOf(result.profile) : null;
  if (userId) {
    const login = { tenantId, serviceProviderId: serviceProvider.id, returnTo, browserSecret: deps.chance.secret() };
    return { login, signIn: { kind: 'password', userId }, samlSession: null };
  }
  deps.log.info({ tenantId, serviceProviderId: serviceProvider.id }, 'A name or password was wrong');
  const identityProviders = await signInWays(deps, tenantId, serviceProvider);
  return ends(chooserPage({ publicUrl: deps.publicUrl, serviceProvider, identityProviders, returnTo, passwordWasWrong: true }));
};
