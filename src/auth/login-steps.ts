/**
 * The login path: which steps, in which order, for which route. A step takes what the steps before it found and adds what it finds, or ends
 * the path with an answer; an order in which something is missing does not compile. Read this before any step; URLs are in login-routes.ts.
 */
import { path } from './step.ts';
import { allowSignIn } from './steps/allow-sign-in.ts';
import { answerLogin } from './steps/answer-login.ts';
import { askIdentityProvider } from './steps/ask-identity-provider.ts';
import { chooseDestination } from './steps/choose-destination.ts';
import { completeLogin } from './steps/complete-login.ts';
import { endSession } from './steps/end-session.ts';
import { findTenant } from './steps/find-tenant.ts';
import { leave } from './steps/leave.ts';
import { limitProofs } from './steps/limit-proofs.ts';
import { loadBothParties } from './steps/load-both-parties.ts';
import { loadIdentityProvider } from './steps/load-identity-provider.ts';
import { loadServiceProvider } from './steps/load-service-provider.ts';
import { readSamlResponse } from './steps/read-saml-response.ts';
import { recallHeldLogin } from './steps/recall-held-login.ts';
import { recallLogin } from './steps/recall-login.ts';
import { requireOwnForm } from './steps/require-own-form.ts';
import { requireWholePage } from './steps/require-whole-page.ts';
import { resumeLogin } from './steps/resume-login.ts';
import { showChooser } from './steps/show-chooser.ts';
import { showMetadata } from './steps/show-metadata.ts';
import { showSession } from './steps/show-session.ts';
import { showSignedOut } from './steps/show-signed-out.ts';
import { verifyPassword } from './steps/verify-password.ts';
import { verifySamlResponse } from './steps/verify-saml-response.ts';

export const loginSteps = {
  /** How to sign in to this service provider. */
  choose: path.step(loadServiceProvider).step(chooseDestination).last(showChooser),

  /** Off to the identity provider. */
  start: path.step(requireWholePage).step(loadBothParties).step(allowSignIn).step(chooseDestination).last(askIdentityProvider),

  /** Back from it. */
  callback: path
    .step(limitProofs)
    .step(readSamlResponse)
    .step(recallLogin)
    .step(loadIdentityProvider)
    .step(verifySamlResponse)
    .step(completeLogin)
    .last(answerLogin),

  /** With a local name and password. */
  password: path
    .step(loadServiceProvider)
    .step(requireOwnForm)
    .step(chooseDestination)
    .step(verifyPassword)
    .step(completeLogin)
    .last(answerLogin),

  /** The waiting page of a held login; it goes on by itself. */
  resume: path.step(recallHeldLogin).step(resumeLogin).last(answerLogin),

  /** What the identity provider's administrator reads in. */
  metadata: path.step(findTenant).step(loadIdentityProvider).last(showMetadata),

  logout: path.step(endSession).last(leave),
  loggedOut: path.last(showSignedOut),

  session: path.last(showSession),
} as const;
