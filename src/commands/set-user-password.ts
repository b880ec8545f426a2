/** Gives a user a password for local sign-in and ends their sessions. What it is goes no further than the hash. */
import type { User, UserId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { lockLivingUser } from './change-user.ts';
import { signOutEverywhere } from './end-sessions-of-user.ts';
import { done, invalid, notFound, type InputProblem, type Outcome } from './outcome.ts';
import { passwordLength, type Passwords } from './passwords.ts';
import type { House } from './ports.ts';
import { countRefused } from './refuse-held-logins.ts';

export async function setUserPassword(
  house: House,
  passwords: Passwords,
  caller: Caller,
  input: { readonly userId: UserId; readonly password: string },
): Promise<Outcome<User>> {
  const problem = problemWithPassword(input.password);
  if (problem) return invalid(problem);
  const hash = await passwords.hash(input.password);
  const outcome = await house.database.transaction(caller.tenantId, async (tx) => {
    const user = await lockLivingUser(tx, input.userId);
    if (!user) return notFound('user', 'userId');
    await tx.setPassword({ kind: 'user', id: user.id }, hash);
    // Whoever came in with the old one, or with a stolen session, has to show the new one.
    const { refused } = await signOutEverywhere(house, tx, user.id);
    await tx.append([{ type: 'user.changed', userId: user.id, payload: { by: caller.actor.kind } }]);
    return done({ user, refused });
  });
  if (outcome.kind !== 'done') return outcome;
  countRefused(house, outcome.value.refused);
  return done(outcome.value.user);
}

export function problemWithPassword(password: string): InputProblem | null {
  const characters = Array.from(password).length;
  if (characters < passwordLength.least) return { path: ['password'], message: `At least ${passwordLength.least} characters.` };
  if (characters > passwordLength.most) return { path: ['password'], message: `At most ${passwordLength.most} characters.` };
  return null;
}
