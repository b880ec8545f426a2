/** Lets a user sign in through an identity provider as this issuer and subject: how a user who is there already becomes a federated one. */
import type { Identity, IdentityProviderId, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { done, invalid, nameTaken, notFound, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessTaken } from './unless-taken.ts';

export interface LinkIdentityInput {
  readonly userId: UserId;
  readonly identityProviderId: IdentityProviderId;
  /** What the identity provider calls the person: the NameID, or the value of the authenticator's subject attribute. */
  readonly subject: string;
}

export async function linkIdentity(house: House, caller: Caller, input: LinkIdentityInput): Promise<Outcome<Identity>> {
  const { userId, identityProviderId, subject } = input;
  const taken = nameTaken('Somebody is known by this subject already.', 'subject');
  return unlessTaken(
    () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const user = await lockLivingUser(tx, userId);
        if (!user) return notFound('user', 'userId');
        const provider = await tx.byId('identityProvider', identityProviderId);
        if (!provider) return notFound('identity provider', 'identityProviderId');
        const issuer = provider.authenticator?.issuer;
        if (issuer === undefined)
          return invalid({
            path: ['identityProviderId'],
            message: 'Nobody signs in with this identity provider: configure its authenticator first.',
          });
        const [known] = await tx.find('identity', { identityProviderId, issuer, subject });
        if (known) return known.userId === userId ? done(known) : taken;
        const identity = await tx.insert('identity', { userId, identityProviderId, issuer, subject });
        // From now on an identity provider says who they are.
        if (user.selfRegistered) await tx.change('user', userId, { selfRegistered: false });
        await tx.append([{ type: 'user.changed', userId, payload: { by: caller.actor.kind } }]);
        return done(identity);
      }),
    taken,
  );
}
