import { ConnectorError, type Written } from './connector.ts';

/**
 * Something was done already when this went wrong. The kind of the failure says as before what the engine does next; only "nothing was
 * applied" and "it is not there" would no longer be true.
 */
export function afterWrite(error: unknown, written: Written): unknown {
  if (!(error instanceof ConnectorError)) return error;
  const { kind } = error.failure;
  const failure = kind === 'transient' || kind === 'missing' ? ({ kind: 'transient', mayHaveApplied: true } as const) : error.failure;
  const message = kind === 'missing' ? 'The target does not show yet what it has just done.' : error.message;
  return new ConnectorError(failure, message, { cause: error, written: error.written ?? written, saidOfNew: error.saidOfNew });
}
