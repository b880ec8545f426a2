import { endSession } from '../session.ts';
import { ends, type Ending, type LastStep, type Visit } from '../step.ts';

/** Who is signed in, to which service provider, as JSON for the application. Somebody switched off since is signed out by asking. */
export const showSession: LastStep<Visit> = async ({ req }, deps) => {
  const { person } = req.session;
  if (!person) return nobody();
  const reads = deps.database.reads(person.tenantId);
  const [user, serviceProvider] = await Promise.all([
    reads.byId('user', person.userId),
    reads.byId('serviceProvider', person.serviceProviderId),
  ]);
  if (!user?.active || user.removedAt || !serviceProvider) {
    await endSession(req);
    return nobody();
  }
  return ends({
    kind: 'json',
    status: 200,
    value: {
      user: { id: user.id, userName: user.userName, attributes: user.attributes },
      serviceProvider: { id: serviceProvider.id, name: serviceProvider.name },
      signedInAt: person.signedInAt,
    },
  });
};

function nobody(): Ending {
  return ends({ kind: 'json', status: 401, value: { error: 'Nobody is signed in.' } });
}
