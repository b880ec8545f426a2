/**
 * An error as the log may have it: name, message, stack, code and causes. A database's own words repeat the values of a row ("Key
 * (user_name)=(…) already exists"), and those are people's: of its errors only the code and the names in the schema are told.
 */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly cause?: LoggedError;
}

const deepest = 5;

export function toLoggedError(error: Error, depth = 0): LoggedError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const message = isFromDatabase(error) ? `database error ${code ?? ''} ${namesIn(error)}`.trim() : error.message;
  return {
    type: error.name,
    message,
    stack: framesOf(error.stack),
    ...(code === null ? {} : { code }),
    ...(error.cause instanceof Error && depth < deepest ? { cause: toLoggedError(error.cause, depth + 1) } : {}),
  };
}

/** PostgreSQL's errors, from a server or embedded, carry its severity. */
const isFromDatabase = (error: Error): boolean => 'severity' in error;

function namesIn(error: Error): string {
  const given = error as { readonly schema?: unknown; readonly table?: unknown; readonly column?: unknown; readonly constraint?: unknown };
  return [given.table, given.column, given.constraint].filter((name) => typeof name === 'string').join(' ');
}

/** Without its first lines, which are the message. */
const framesOf = (stack: string | undefined): string =>
  (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
