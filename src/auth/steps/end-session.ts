import type { ServiceProvider, TenantId } from '../../domain/vocabulary.ts';
import { sessionCookie } from '../login-cookies.ts';
import { cameFrom } from '../request-origin.ts';
import { originsOf } from '../return-url.ts';
import { endSession as endLocalSession } from '../session.ts';
import type { SamlSession } from '../session-data.ts';
import type { Step, Visit } from '../step.ts';
import { forgedForm } from './refuse.ts';

export interface WithEndedSession extends Visit {
  /** null: nobody was signed in, or the service provider is gone. */
  readonly serviceProvider: ServiceProvider | null;
  readonly elsewhere: { readonly tenantId: TenantId; readonly session: SamlSession } | null;
}

/** Ends the session here, whatever the identity provider will say. Only our pages and the application's may ask for it. */
export const endSession: Step<Visit, Pick<WithEndedSession, 'serviceProvider' | 'elsewhere'>> = async ({ req, res }, deps) => {
  const { person, samlSession } = req.session;
  const serviceProvider = person ? await deps.database.reads(person.tenantId).byId('serviceProvider', person.serviceProviderId) : null;
  const own = new URL(deps.publicUrl).origin;
  if (!cameFrom(req, [own, ...(serviceProvider ? originsOf(serviceProvider) : [])])) return forgedForm(deps, 'logout');
  await endLocalSession(req);
  const { name, options } = sessionCookie(deps.publicUrl);
  res.clearCookie(name, options);
  return { serviceProvider, elsewhere: person && samlSession ? { tenantId: person.tenantId, session: samlSession } : null };
};
