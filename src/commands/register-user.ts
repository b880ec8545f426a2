/**
 * Self-registration through a service provider: anybody may ask, so it tells nothing but whether it was done, the name is taken or the
 * input is wrong. Nobody waits: operations run in the background, and a login before they end joins them.
 */
import type { TypedAttribute } from '../domain/user-attributes.ts';
import type { ServiceProviderId, User } from '../domain/vocabulary.ts';
import { readPerson, userNameTaken } from './create-user.ts';
import { done, invalid, notFound, type Outcome } from './outcome.ts';
import type { Passwords } from './passwords.ts';
import type { House } from './ports.ts';
import { planAndRequest } from './provision-user.ts';
import { problemWithPassword } from './set-user-password.ts';
import { unlessTaken } from './unless-taken.ts';

export interface RegisterUserInput {
  readonly serviceProviderId: ServiceProviderId;
  readonly userName: string;
  readonly attributes: readonly TypedAttribute[];
  /** null: the person will sign in some other way. */
  readonly password: string | null;
}

export async function registerUser(house: House, passwords: Passwords, input: RegisterUserInput): Promise<Outcome<User>> {
  const { serviceProviderId, userName, password } = input;
  const person = readPerson(input);
  const weak = password === null ? null : problemWithPassword(password);
  if (person.kind === 'faulty') return invalid(...person.problems, ...(weak ? [weak] : []));
  if (weak) return invalid(weak);

  // The same answer whether it does not exist or takes no registrations: nobody outside learns which service providers there are.
  const closed = notFound('service provider with self-registration', 'serviceProviderId');
  const tenantId = await house.database.tenants.ofServiceProvider(serviceProviderId);
  if (!tenantId) return closed;
  const known = await house.database.reads(tenantId).byId('serviceProvider', serviceProviderId);
  if (!known?.selfRegistration) return closed;
  const hash = password === null ? null : await passwords.hash(password);

  return unlessTaken(
    () =>
      house.database.transaction(tenantId, async (tx) => {
        const serviceProvider = await tx.byId('serviceProvider', serviceProviderId);
        if (!serviceProvider?.selfRegistration) return closed;
        const { userStoreId } = serviceProvider;
        const { attributes } = person;
        const user = await tx.insert('user', { userStoreId, userName, attributes, active: true, removedAt: null, selfRegistered: true });
        if (hash !== null) await tx.setPassword({ kind: 'user', id: user.id }, hash);
        await tx.append([{ type: 'user.created', userId: user.id, payload: { by: 'registration' } }]);
        await planAndRequest(house, tx, { userId: user.id, trigger: 'registration', serviceProviderId, priority: 'change', changed: true });
        return done(user);
      }),
    userNameTaken,
  );
}
