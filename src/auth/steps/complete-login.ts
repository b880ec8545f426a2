import type { LoginOutcome } from '../../commands/login-outcome.ts';
import type { ServiceProviderId, TenantId } from '../../domain/vocabulary.ts';
import { browserHashOf } from '../login-cookies.ts';
import type { Step, Visit } from '../step.ts';
import type { WithSignIn } from './verify-saml-response.ts';

/** A login whose browser is known: what the cookie remembered, or what the password form just said. */
export interface LoginInHand {
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId;
  readonly returnTo: string | null;
  readonly browserSecret: string;
}
export interface WithOutcome {
  readonly outcome: LoginOutcome;
}

/** Hands the verified sign-in to the house; it may take as long as a login is held within one request. */
export const completeLogin: Step<Visit & { readonly login: LoginInHand } & WithSignIn, WithOutcome> = async ({ login, signIn }, deps) => ({
  outcome: await deps.completeLogin({
    tenantId: login.tenantId,
    serviceProviderId: login.serviceProviderId,
    signIn,
    returnTo: login.returnTo,
    browserHash: browserHashOf(login.browserSecret),
  }),
});
