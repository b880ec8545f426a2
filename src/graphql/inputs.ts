/**
 * Inputs are checked in one way: the input class carries `static readonly schema = z.object({...})`, which runs before the resolver does.
 * Where it refuses, the mutation answers InvalidInput with the path of each fault (a query, which has no such member, fails with BAD_USER_INPUT).
 * The schema only judges; it changes nothing, so no defaults or transforms in it.
 */
import { getNamedType, GraphQLError, isUnionType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { ValidatorFn } from 'type-graphql';
import { z } from 'zod';
import type { InputProblem } from '../commands/outcome.ts';
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

const catching =
  (resolve: GraphQLFieldResolver<unknown, unknown>, hasMember: boolean): GraphQLFieldResolver<unknown, unknown> =>
  async (root, args, context, info) => {
    try {
      return await resolve(root, args, context, info);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      if (!hasMember) throw badInput(error.problems);
      return present({ kind: 'invalid-input', problems: error.problems });
    }
  };
