/**
 * Inputs are checked in one way: the input class carries `static readonly schema = z.object({...})`, which runs before the resolver does.
 * Where it refuses, the mutation answers InvalidInput with the path of each fault (a query, which has no such member, fails with BAD_USER_INPUT).
 * The schema only judges; it changes nothing, so no defaults or transforms in it.
 */
import { getNamedType, GraphQLError, isUnionType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { ValidatorFn } from 'type-graphql';
import { z } from 'zod';
import type { InputProblem } from '../commands/outcome.ts';
import { isStorable } from '../domain/text.ts';
import { InvalidInput, present } from './results.ts';

/** Thrown between the check and answerInvalidInput; nobody else sees it. */
class InputRefused extends Error {
  readonly problems: readonly InputProblem[];
  constructor(problems: readonly InputProblem[]) {
    super('The input was refused.');
    this.problems = problems;
  }
}

/** For subscriptions and filters, which have no union to answer with. */
export const badInput = (problems: readonly InputProblem[]): GraphQLError =>
  new GraphQLError(problems.map((problem) => `${problem.path.join('.')}: ${problem.message}`).join('\n'), {
    extensions: { code: 'BAD_USER_INPUT', problems },
  });

export const checkInput: ValidatorFn = (value, type) => {
  const schema = schemaOf(type);
  if (schema === null || value === undefined || value === null) return;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InputRefused(problemsOf(parsed.error));
};

const problemsOf = (error: z.ZodError): readonly InputProblem[] =>
  error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message }));

function schemaOf(type: unknown): z.ZodType | null {
  if (typeof type !== 'function' || !('schema' in type)) return null;
  return type.schema instanceof z.ZodType ? type.schema : null;
}

/** Turns a refused input of a root field into its InvalidInput member. */
export function answerInvalidInput(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const { resolve } = field;
      if (resolve === undefined) continue;
      const type = getNamedType(field.type);
      const hasMember = isUnionType(type) && type.getTypes().some((member) => member.name === InvalidInput.name);
      field.resolve = catching(resolve, hasMember);
    }
  }
}

type Resolve = GraphQLFieldResolver<unknown, unknown, Readonly<Record<string, unknown>>>;

const catching =
  (resolve: Resolve, hasMember: boolean): Resolve =>
  async (root, args, context, info) => {
    try {
      refuseUnstorable(args);
      return await resolve(root, args, context, info);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      if (!hasMember) throw badInput(error.problems);
      return present({ kind: 'invalid-input', problems: error.problems });
    }
  };

/** No text of any argument may hold what the database cannot keep or compare: it would fail there, as if we were broken. */
function refuseUnstorable({ input, ...others }: Readonly<Record<string, unknown>>): void {
  const problems = [...unstorable(input, []), ...unstorable(others, [])];
  if (problems.length > 0) throw new InputRefused(problems);
}

function unstorable(value: unknown, path: readonly string[]): readonly InputProblem[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message: 'This text has a character that cannot be kept.' }];
  // The year 0 of ISO 8601 is none of the database's.
  if (value instanceof Date) return value.getUTCFullYear() >= 1 ? [] : [{ path, message: 'There is no such date.' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) =>
    // A name that cannot be kept is not repeated either.
    isStorable(name) ? unstorable(inside, [...path, name]) : unstorable(name, path),
  );
}
