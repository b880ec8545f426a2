import { signedOutPage } from '../pages/fixed-pages.ts';
import { ends, type LastStep, type Visit } from '../step.ts';

/** Where the identity provider sends people after signing out there. Its answer changes nothing: the session here ended before it was asked. */
export const showSignedOut: LastStep<Visit> = () => ends(signedOutPage());
