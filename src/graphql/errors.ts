/** What a client learns of an error: those thrown on purpose as they are, anything else a fixed sentence and a reference; the log has the cause. */
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { Log } from '../commands/ports.ts';

export interface ErrorPolicy {
  readonly log: Log;
  /** Error texts name nothing of the schema that the client did not name. */
  readonly hideSchema: boolean;
}

export function tellError(policy: ErrorPolicy, error: GraphQLError, requestId: string): GraphQLFormattedError {
  if (onPurpose(error)) {
    const told = error.toJSON();
    return policy.hideSchema ? { ...told, message: told.message.replace(/ ?Did you mean .*$/s, '') } : told;
  }
  policy.log.error({ requestId, error: error.originalError ?? error }, 'A GraphQL request failed.');
  const place = error.path === undefined ? {} : { path: error.path };
  return { message: `Something went wrong. Reference: ${requestId}`, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** The same for transports that carry a whole result. */
export function tellResult(policy: ErrorPolicy, result: ExecutionResult, requestId: string): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => againAsError(tellError(policy, error, requestId))) };
}

const againAsError = ({ message, path, extensions }: GraphQLFormattedError): GraphQLError =>
  new GraphQLError(message, { ...(path === undefined ? {} : { path }), ...(extensions === undefined ? {} : { extensions }) });

/**
 * GraphQL's own complaints (syntax, validation, variables), which come before anything runs, and errors thrown as GraphQLError with a
 * code. A value that does not fit its scalar is a GraphQLError as well, and repeats the value: that is a defect, not a word to a client.
 */
function onPurpose(error: GraphQLError): boolean {
  const origin = error.originalError;
  if (origin === undefined) return true;
  return (
    origin instanceof GraphQLError &&
    origin.originalError === undefined &&
    (error.path === undefined || origin.extensions['code'] !== undefined)
  );
}
