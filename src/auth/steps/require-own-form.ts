import { cameFrom } from '../request-origin.ts';
import type { Step, Visit } from '../step.ts';
import { forgedForm } from './refuse.ts';

/** The password form is ours alone: a foreign page that posts its own name and password would sign somebody in as another (login CSRF). */
export const requireOwnForm: Step<Visit, object> = ({ req }, deps) =>
  cameFrom(req, [new URL(deps.publicUrl).origin]) ? {} : forgedForm(deps, 'password');
