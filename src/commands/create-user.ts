/** Makes a user. It belongs at no target yet: a registration, a login, an assignment or an operator brings that. */
import { problemWithName } from '../domain/text.ts';
import { parseAttributes, patchAttributes, type TypedAttribute } from '../domain/user-attributes.ts';
import type { Attributes, User, UserStoreId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, nameTaken, notFound, type InputProblem, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { unlessTaken } from './unless-taken.ts';

export interface CreateUserInput {
  /** null: PRIMARY. */
  readonly userStoreId: UserStoreId | null;
  readonly userName: string;
  readonly attributes: readonly TypedAttribute[];
  readonly active: boolean;
}
export const primaryUserStore = 'PRIMARY';

export async function createUser(house: House, caller: Caller, input: CreateUserInput): Promise<Outcome<User>> {
  const person = readPerson(input);
  if (person.kind === 'faulty') return invalid(...person.problems);
  return unlessTaken(
    () =>
      house.database.transaction(caller.tenantId, async (tx) => {
        const [store] = await tx.find('userStore', input.userStoreId ? { id: input.userStoreId } : { name: primaryUserStore });
        if (!store) return notFound('user store', 'userStoreId');
        const { userName, active } = input;
        const user = await tx.insert('user', { userStoreId: store.id, userName, attributes: person.attributes, active, removedAt: null });
        await tx.append([{ type: 'user.created', userId: user.id, payload: { by: caller.actor.kind } }]);
        return done(user);
      }),
    userNameTaken,
  );
}

export const userNameTaken = nameTaken('This user name is taken.', 'userName');

type Person =
  { readonly kind: 'person'; readonly attributes: Attributes } | { readonly kind: 'faulty'; readonly problems: readonly InputProblem[] };

/** What every way of making a person checks. */
export function readPerson(input: { readonly userName: string; readonly attributes: readonly TypedAttribute[] }): Person {
  const problems = problemsWithUserName(input.userName);
  const parsed = parseAttributes(input.attributes);
  if (parsed.kind === 'faulty') return { kind: 'faulty', problems: [...problems, ...underAttributes(parsed.problems)] };
  return problems.length > 0 ? { kind: 'faulty', problems } : { kind: 'person', attributes: patchAttributes({}, parsed.patch) };
}

export function problemsWithUserName(userName: string): readonly InputProblem[] {
  const message = problemWithName(userName, 255);
  return message ? [{ path: ['userName'], message }] : [];
}

export const underAttributes = (problems: readonly InputProblem[]): readonly InputProblem[] =>
  problems.map(({ path, message }) => ({ path: ['attributes', ...path], message }));
