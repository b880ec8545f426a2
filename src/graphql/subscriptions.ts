/** What the two transports of subscriptions, WebSocket and server-sent events, do alike: check the document, mask errors, end with the caller's access. */
import {
  GraphQLError,
  OperationTypeNode,
  getOperationAST,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import type { GraphQLContext } from './context.ts';
import { tellResult, type ErrorPolicy } from './errors.ts';
import { limits } from './limits.ts';

export interface SubscriptionParts {
  readonly schema: GraphQLSchema;
  readonly rules: readonly ValidationRule[];
  readonly errors: ErrorPolicy;
}
export interface SubscriptionRequest {
  readonly query: string | DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Ready to run, or why not. Queries and mutations go over HTTP, where they are counted and logged one by one. */
export function prepare(
  parts: SubscriptionParts,
  request: SubscriptionRequest,
  context: GraphQLContext,
): ExecutionArgs | readonly GraphQLError[] {
  const document = typeof request.query === 'string' ? parsed(request.query) : request.query;
  if (document instanceof GraphQLError) return [document];
  const faults = validate(parts.schema, document, [...specifiedRules, ...parts.rules]);
  if (faults.length > 0) return faults;
  const operation = getOperationAST(document, request.operationName);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    return [new GraphQLError('Only subscriptions are served here; send this to /graphql over HTTP.')];
  return { schema: parts.schema, document, contextValue: context, operationName: request.operationName, variableValues: request.variables };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: limits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** How long after its caller lost access a stream may go on. */
const checkEveryMs = 10_000;
/** How often the clock is looked at while nothing happens. */
const lookEveryMs = 1_000;

/** `stillAllowed` is asked now and then, whether events flow or not: a revoked token or a removed administrator ends the stream. */
export async function runSubscription(
  errors: ErrorPolicy,
  args: ExecutionArgs,
  context: GraphQLContext,
  stillAllowed: () => Promise<boolean>,
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
  const started = await subscribe(args);
  if (!(Symbol.asyncIterator in started)) return tellResult(errors, started, context.requestId);
  const results = started[Symbol.asyncIterator]();
  let checkedAt = context.house.clock.now().getTime();

  async function allowed(): Promise<boolean> {
    const now = context.house.clock.now().getTime();
    if (now - checkedAt < checkEveryMs) return true;
    checkedAt = now;
    return stillAllowed();
  }
  async function end(): Promise<void> {
    clearInterval(watch);
    await results.return(undefined);
  }
  // Nobody asks for the next event of an idle stream, so that it has to look by itself.
  const watch = setInterval(() => {
    allowed()
      .then((yes) => (yes ? undefined : end()))
      .catch((error: unknown) => {
        // Asked again the next time: a database that is away for a moment ends no stream.
        context.house.log.error({ error: error instanceof Error ? error : null }, 'Whether a subscriber is still let in could not be told');
      });
  }, lookEveryMs).unref();
  // By hand and not as a generator: a generator's return() waits for its pending next(), so an idle stream would never end.
  const stream: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const result = await results.next().catch((error: unknown) => {
        clearInterval(watch);
        throw error;
      });
      context.loaders.clear();
      if (result.done !== true && !(await allowed())) await end();
      else if (result.done === true) clearInterval(watch);
      else return { done: false, value: tellResult(errors, result.value, context.requestId) };
      return { done: true, value: undefined };
    },
    async return() {
      await end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
