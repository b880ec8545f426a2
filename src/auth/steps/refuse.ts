/** How steps say no: a fixed page with a reference, and the reason in the log under that reference. */
import type { Refusal } from '../../commands/login-outcome.ts';
import { referenceOf } from '../../commands/refuse-login.ts';
import type { IdentityProviderId, LoginAttemptId, ServiceProviderId } from '../../domain/vocabulary.ts';
import type { LoginDeps } from '../login-deps.ts';
import { faultPage, refusalPage } from '../pages/fixed-pages.ts';
import { ends, type Ending } from '../step.ts';

/** Where nothing is recorded: the reference leads to the log alone. */
export function newReference(deps: LoginDeps): string {
  return referenceOf(deps.chance.uuid() as LoginAttemptId);
}

export function nothingHere(deps: LoginDeps): Ending {
  return ends(faultPage(404, newReference(deps)));
}

/** Somebody else's page posted our form, or a program without a browser did. */
export function forgedForm(deps: LoginDeps, form: 'password' | 'logout'): Ending {
  const reference = newReference(deps);
  deps.log.warn({ reference, form }, 'A form was posted from elsewhere');
  return ends(faultPage(403, reference));
}

/** Somebody else's page had the browser begin a sign-in where nobody sees it. */
export function hiddenStart(deps: LoginDeps): Ending {
  const reference = newReference(deps);
  deps.log.info({ reference }, 'A sign-in was begun by a foreign page, not by a person who went there');
  return ends(faultPage(403, reference));
}

export interface RefusedBefore {
  readonly reason: Refusal;
  readonly serviceProviderId: ServiceProviderId;
  readonly identityProviderId: IdentityProviderId;
}

/** Refused before it began: nobody proved anything yet, so nothing is recorded that a passer-by could fill the database with. */
export function refusedBefore(deps: LoginDeps, refused: RefusedBefore): Ending {
  const reference = newReference(deps);
  deps.log.info({ reference, ...refused }, 'A sign-in could not begin');
  return ends(refusalPage({ reason: refused.reason, reference, tryAgain: `${deps.publicUrl}/login/${refused.serviceProviderId}` }));
}
