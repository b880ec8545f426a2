import { tooManyPage } from '../pages/fixed-pages.ts';
import { ends, type Step, type Visit } from '../step.ts';

/** Each proof costs the reading of XML and the check of signatures, and one that fails a record: an address may fail only so often. */
export const limitProofs: Step<Visit, object> = async ({ req, res }, deps) => {
  const wait = await deps.proofs.begin(req);
  if (wait === null) return {};
  res.set('retry-after', String(wait));
  return ends(tooManyPage());
};
