import { formOf } from '../form.ts';
import { refusalPage } from '../pages/fixed-pages.ts';
import { readResponse, type SamlResponse } from '../saml/response.ts';
import { ends, type Step, type Visit } from '../step.ts';
import { newReference } from './refuse.ts';

export interface WithResponse extends Visit {
  readonly response: SamlResponse;
}

/** The posted response, if it is one at all. Who sent it and whom it answers is not known yet, so nothing is recorded. */
export const readSamlResponse: Step<Visit, Pick<WithResponse, 'response'>> = ({ req }, deps) => {
  const response = readResponse(formOf(req)['SAMLResponse']);
  if (response.kind === 'response') return { response };
  const reference = newReference(deps);
  deps.log.warn({ reference, fault: response.fault }, 'Something that is no SAML response was posted');
  return ends(refusalPage({ reason: 'not-verified', reference, tryAgain: null }));
};
