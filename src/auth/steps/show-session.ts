import { endSession } from '../session.ts';
import { whoIsSignedIn } from '../signed-in.ts';
import { ends, type Ending, type LastStep, type Visit } from '../step.ts';

/** Who is signed in, to which service provider, as JSON for the application. Somebody switched off since is signed out by asking. */
export const showSession: LastStep<Visit> = async ({ req }, deps) => {
  const { person } = req.session;
  if (!person) return nobody();
  const signedIn = await whoIsSignedIn(deps.database, person);
  if (!signedIn) {
    await endSession(req);
    return nobody();
  }
  const { user, serviceProvider } = signedIn;
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
