/** Changes a user's name or attributes; every target the user is assigned to follows. A change that changes nothing is done at once. */
import { attributeLimits, parseAttributes, patchAttributes, type TypedAttribute } from '../domain/user-attributes.ts';
import type { User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { problemsWithUserName, underAttributes, userNameTaken } from './create-user.ts';
import { done, invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { planAndRequest } from './provision-user.ts';
import { unlessTaken } from './unless-taken.ts';

export interface ChangeUserInput {
  readonly id: UserId;
  /** null: whatever it is now. */
  readonly version: number | null;
  /** Absent leaves. */
  readonly userName?: string;
  /** A patch: without values an attribute is cleared, what is not named stays. */
  readonly attributes?: readonly TypedAttribute[];
}

export async function changeUser(house: House, caller: Caller, input: ChangeUserInput): Promise<Outcome<User>> {
  const problems = input.userName === undefined ? [] : problemsWithUserName(input.userName);
  const parsed = parseAttributes(input.attributes ?? []);
  if (parsed.kind === 'faulty') return invalid(...problems, ...underAttributes(parsed.problems));
  if (problems.length > 0) return invalid(...problems);

  return unlessTaken(
    () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const user = await lockLivingUser(tx, input.id);
        if (!user) return notFound('user', 'id');
        if (input.version !== null && input.version !== user.version) return versionConflict(user.version);
        const attributes = patchAttributes(user.attributes, parsed.patch);
        if (Object.keys(attributes).length > attributeLimits.attributes)
          return invalid({ path: ['attributes'], message: `A user has at most ${attributeLimits.attributes} attributes.` });
        const userName = input.userName ?? user.userName;
        if (attributes === user.attributes && userName === user.userName) return done(user);
        // Whoever changes another person's record answers for what it says from then on.
        const vouched = caller.actor.kind === 'self' ? {} : { selfRegistered: false };
        const changed = await tx.change('user', user.id, { userName, attributes, ...vouched });
        if (typeof changed === 'string') throw new Error(`A locked user cannot be changed: ${changed}`);
        await tx.append([{ type: 'user.changed', userId: user.id, payload: { by: caller.actor.kind } }]);
        await planAndRequest(house, tx, { userId: user.id, trigger: 'change', serviceProviderId: null, priority: 'change', changed: true });
        return done(changed);
      }),
    userNameTaken,
  );
}

/** Locked until commit; null where there is none or it was removed. */
export async function lockLivingUser(tx: Transaction, id: UserId): Promise<User | null> {
  const user = await tx.lockUser(id);
  return user === null || user.removedAt !== null ? null : user;
}
