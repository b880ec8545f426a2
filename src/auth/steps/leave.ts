import { formOf } from '../form.ts';
import type { LoginDeps } from '../login-deps.ts';
import { signedOutPage } from '../pages/fixed-pages.ts';
import { judgeReturnTo } from '../return-url.ts';
import { samlAddresses } from '../saml/addresses.ts';
import { ends, type LastStep } from '../step.ts';
import { logoutUrlOf } from '../strategies/saml.ts';
import { newRequestId } from './ask-identity-provider.ts';
import type { WithEndedSession } from './end-session.ts';
import { newReference } from './refuse.ts';

/** On to the identity provider, if it ends sessions too; else to where the application asked, else to a page that says so. */
export const leave: LastStep<WithEndedSession> = async ({ req, serviceProvider, elsewhere }, deps) => {
  const away = elsewhere && (await logoutElsewhere(elsewhere, deps));
  const location = away ?? (serviceProvider && judgeReturnTo(formOf(req)['returnTo'], serviceProvider));
  return ends(location ? { kind: 'redirect', location } : signedOutPage());
};

/** Best effort: here they are signed out already, so what goes wrong there is no reason to fail. */
async function logoutElsewhere({ tenantId, session }: NonNullable<WithEndedSession['elsewhere']>, deps: LoginDeps): Promise<string | null> {
  const { identityProviderId } = session;
  try {
    const identityProvider = await deps.database.reads(tenantId).byId('identityProvider', identityProviderId);
    const authenticator = identityProvider?.authenticator;
    if (!authenticator?.logoutUrl) return null;
    const key = await deps.ownPrivateKey(tenantId, identityProviderId);
    return await logoutUrlOf({ authenticator, addresses: samlAddresses(deps.publicUrl, identityProviderId) }, session, newRequestId(), key);
  } catch (error) {
    const reference = newReference(deps);
    deps.log.warn(
      { reference, identityProviderId, error: error instanceof Error ? error : null },
      'Nobody could be signed out at the identity provider',
    );
    return null;
  }
}
