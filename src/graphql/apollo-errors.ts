/** Apollo formats errors without the request they belong to; this remembers it between the two. */
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { GraphQLContext } from './context.ts';
import { tellError, type ErrorPolicy } from './errors.ts';

export interface ApolloErrors {
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
  readonly format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

export function apolloErrors(policy: ErrorPolicy, newReference: () => string): ApolloErrors {
  const requestIds = new WeakMap<object, string>();
  return {
    plugin: {
      requestDidStart: async () => ({
        didEncounterErrors: async ({ errors, contextValue }) => {
          for (const error of errors) requestIds.set(error, contextValue.requestId);
        },
      }),
    },
    format(formatted, error) {
      const known = error instanceof GraphQLError ? error : new GraphQLError(formatted.message, { originalError: asError(error) });
      const told = tellError(policy, known, requestIds.get(known) ?? newReference());
      // Apollo's own code (GRAPHQL_VALIDATION_FAILED and the like) is in what it formatted.
      return told.extensions === undefined && formatted.extensions?.['code'] !== undefined
        ? { ...told, extensions: { code: formatted.extensions['code'] } }
        : told;
    },
  };
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('Something that is no error was thrown.', { cause: error });
