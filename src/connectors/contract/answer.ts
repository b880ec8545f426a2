/** What connectors that speak HTTP and JSON have in common when they read an answer: its shape, and failures that do not depend on whose it is. */
import { ConnectorError } from './connector.ts';
import type { HttpError } from './http.ts';

/** What a target answers, before it has been read. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An answer whose status and body have been read. `json` is null where there was no body, or it could not be read. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Json | null;
}

export interface Purpose {
  /** For the message: fixed words, never an address, a path or a name. */
  readonly doing: string;
  /** Whether the request, once sent, may have changed something. */
  readonly writes: boolean;
}

/** No whole answer came. */
export function connectionFailure(error: HttpError, purpose: Purpose): ConnectorError {
  const message = `${error.message} It was ${purpose.doing}.`;
  // A forbidden address or a token that fits in no header is a matter of configuration: trying again changes nothing, so the target waits
  // for a person.
  if (error.reason === 'forbidden' || error.reason === 'unsendable')
    return new ConnectorError({ kind: 'unauthorized' }, message, { cause: error });
  return new ConnectorError({ kind: 'transient', mayHaveApplied: purpose.writes && error.mayHaveApplied }, message, { cause: error });
}

/** How long a target pauses that names no time. */
export const defaultPauseMs = 10_000;
export const longestPauseMs = 3_600_000;

/** Seconds or an HTTP date (RFC 9110, 10.2.3), within reason; null where there is none to be read. In milliseconds. */
export function retryAfter({ headers }: Pick<Answer, 'headers'>, now: number): number | null {
  const value = headers['retry-after']?.trim() ?? '';
  const milliseconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? null : Math.min(Math.max(milliseconds, 1_000), longestPauseMs);
}
