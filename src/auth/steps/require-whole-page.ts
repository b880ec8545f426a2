import type { Step, Visit } from '../step.ts';
import { hiddenStart } from './refuse.ts';

/**
 * A sign-in begins where a person sees it. Another site's page that loads its address a hundred times as an image would fill the browser
 * with cookies before the first answer could make room. Browsers that do not tell (Safari before 16.4) are let through.
 */
export const requireWholePage: Step<Visit, object> = ({ req }, deps) => {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': destination } = req.headers;
  const foreign = site === 'cross-site' || site === 'same-site';
  return foreign && destination !== undefined && destination !== 'document' ? hiddenStart(deps) : {};
};
