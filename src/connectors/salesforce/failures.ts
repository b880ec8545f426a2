import type { Failure } from '../../domain/failure.ts';
import { isObject, retryAfter, type Purpose as AnyPurpose } from '../contract/answer.ts';
import { ConnectorError } from '../contract/connector.ts';
import type { HttpResponse } from '../contract/http.ts';
import { listOf, text } from './json.ts';

export interface Purpose extends AnyPurpose {
  /** What a 404 says is gone: the record that the path names, or nothing that ever goes. */
  readonly about: 'record' | 'collection';
}

/** One entry of Salesforce's list of errors: its code, and the fields it names. Its message may hold a person's data and goes no further. */
interface Fault {
  readonly code: string;
  readonly fields: readonly string[];
  readonly message: string;
}

export class SalesforceError extends ConnectorError {
  readonly codes: readonly string[];
  constructor(failure: Failure, message: string, codes: readonly string[]) {
    super(failure, message);
    this.codes = codes;
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): error is SalesforceError {
  return error instanceof SalesforceError && error.codes.some((code) => codes.includes(code));
}

/** The account attribute that a field belongs to; null where it is none of ours. */
export type AttributeOf = (field: string) => string | null;

/** An answer that is no success, in the engine's terms. */
export function failureOf(response: HttpResponse, purpose: Purpose, attributeOf: AttributeOf, now: number): SalesforceError {
  const faults = faultsIn(response.body);
  const { status } = response;
  return errorFrom(faults, status, purpose, attributeOf, (failure) =>
    failure.kind === 'throttled' ? { ...failure, retryAfterMs: retryAfter(response, now) ?? failure.retryAfterMs } : failure,
  );
}

/** A record that failed in a collection whose answer is 200. */
export function recordFailure(errors: unknown, purpose: Purpose, attributeOf: AttributeOf): SalesforceError {
  return errorFrom(readFaults(errors), 400, purpose, attributeOf, (failure) => failure);
}

function errorFrom(
  faults: readonly Fault[],
  status: number,
  purpose: Purpose,
  attributeOf: AttributeOf,
  adjusted: (failure: Failure) => Failure,
): SalesforceError {
  const failure = adjusted(judge(faults, status, purpose, attributeOf));
  const said = faults.map(({ code, fields }) => (fields.length === 0 ? code : `${code}: ${fields.join(', ')}`)).join('; ');
  const hint = faults.map(({ code }) => hints[code]).find((words) => words !== undefined);
  const message = `Salesforce answered ${String(status)}${said === '' ? '' : ` (${said})`} to ${purpose.doing}.`;
  const codes = faults.map(({ code }) => code);
  return new SalesforceError(failure, hint === undefined ? message : `${message} ${hint}`, codes);
}

/** An answer that says yes but cannot be understood: a write has perhaps been done all the same. */
export function unreadable(purpose: Purpose): ConnectorError {
  const message = `Salesforce answered to ${purpose.doing} with something that cannot be read.`;
  return new ConnectorError({ kind: 'transient', mayHaveApplied: purpose.writes }, message);
}

export function rejected(attribute: string | null, message: string): ConnectorError {
  return new ConnectorError({ kind: 'rejected', ...(attribute === null ? {} : { attribute }) }, message);
}

/** The limit of calls looks back 24 hours: it recovers slowly, and every try would count. */
const dailyPauseMs = 30 * 60_000;
const shortPauseMs = 10_000;

const conflicts = new Set(['DUPLICATE_USERNAME', 'DUPLICATE_VALUE', 'DUPLICATE_EXTERNAL_ID', 'DUPLICATE_DEVELOPER_NAME']);
/** The whole of Usher is refused, whatever it asks for. */
const refusals = new Set([
  ...['INVALID_SESSION_ID', 'INVALID_AUTH_HEADER', 'INVALID_LOGIN', 'INVALID_OPERATION_WITH_EXPIRED_PASSWORD', 'API_DISABLED_FOR_ORG'],
  ...['API_CURRENTLY_DISABLED', 'ORG_LOCKED', 'PASSWORD_LOCKOUT', 'USER_NOT_ACTIVE'],
]);

function judge(faults: readonly Fault[], status: number, purpose: Purpose, attributeOf: AttributeOf): Failure {
  const fault = faults.find(({ code }) => code !== 'UNKNOWN_EXCEPTION') ?? faults[0];
  const code = fault?.code ?? '';
  const attribute = attributeIn(faults, attributeOf);
  if (code === 'REQUEST_LIMIT_EXCEEDED')
    return { kind: 'throttled', retryAfterMs: /concurrent/i.test(fault?.message ?? '') ? shortPauseMs : dailyPauseMs };
  // Somebody else holds the record: nothing was done.
  if (code === 'UNABLE_TO_LOCK_ROW') return { kind: 'transient', mayHaveApplied: false };
  if (conflicts.has(code)) return { kind: 'conflict', ...attribute };
  if (refusals.has(code) || status === 401 || status === 407) return { kind: 'unauthorized' };
  // The app was taken away, or an address is not trusted: about us. With a reason it is about this record.
  if (status === 403) return code === '' || code === 'FORBIDDEN' ? { kind: 'unauthorized' } : { kind: 'rejected', ...attribute };
  if (status === 404 || status === 410)
    return purpose.about === 'record' ? { kind: 'missing' } : { kind: 'transient', mayHaveApplied: false };
  if (status === 409) return { kind: 'conflict', ...attribute };
  if (status === 429) return { kind: 'throttled', retryAfterMs: shortPauseMs };
  if (status === 408 || status >= 500) return { kind: 'transient', mayHaveApplied: purpose.writes };
  if (status < 400) return { kind: 'unauthorized' };
  return { kind: 'rejected', ...attribute };
}

function attributeIn(faults: readonly Fault[], attributeOf: AttributeOf): { attribute?: string } {
  for (const { code, fields, message } of faults) {
    for (const field of fields) {
      const attribute = attributeOf(field);
      if (attribute !== null) return { attribute };
    }
    if (code === 'DUPLICATE_USERNAME') return { attribute: 'Username' };
    if (code === 'DUPLICATE_COMM_NICKNAME') return { attribute: 'CommunityNickname' };
    // "duplicate value found: FederationIdentifier duplicates value on record with id: 005…": here the message alone names the field.
    const named = /duplicate value found: (\w+) duplicates/i.exec(message)?.[1];
    const attribute = named === undefined ? null : attributeOf(named);
    if (attribute !== null) return { attribute };
  }
  return {};
}

function faultsIn(body: string): readonly Fault[] {
  try {
    return readFaults(JSON.parse(body));
  } catch {
    return [];
  }
}

/** Codes and names of fields are fixed words, so nothing of a person gets into a message even where a proxy answered instead. */
function readFaults(value: unknown): readonly Fault[] {
  return listOf(isObject(value) ? [value] : value).flatMap((entry) => {
    const code = text(entry, 'errorCode') ?? text(entry, 'statusCode') ?? '';
    if (!/^[A-Z][A-Z0-9_]{2,79}$/.test(code)) return [];
    const fields = Array.isArray(entry['fields']) ? entry['fields'] : [];
    return [{ code, fields: fields.filter(isFieldName), message: text(entry, 'message') ?? '' }];
  });
}

function isFieldName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(value);
}

/** What a person can do about it. */
const hints: Readonly<Record<string, string>> = {
  LICENSE_LIMIT_EXCEEDED:
    'All licences of this kind are in use. Deactivate users, buy licences or choose a profile of another user licence, then retry the operation.',
  REQUEST_LIMIT_EXCEEDED: 'The organisation has used up its API calls of the last 24 hours. Usher pauses and goes on by itself.',
  REQUIRED_FIELD_MISSING: 'Map the field, or give it a default in the form.',
  STRING_TOO_LONG: 'The value is longer than the field allows.',
  INVALID_EMAIL_ADDRESS: 'The value must have the form of an e-mail address.',
  INVALID_CROSS_REFERENCE_KEY: 'It refers to something that the organisation does not have or that Usher may not see.',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'The integration user may not change this. It needs the permission "Manage Users".',
  INSUFFICIENT_ACCESS_OR_READONLY: 'The integration user may not change this. It needs the permission "Manage Users".',
  INSUFFICIENT_ACCESS: 'The integration user may not do this. It needs the permission "Manage Users".',
  API_DISABLED_FOR_ORG: 'The edition has no API, or the integration user lacks the permission "API Enabled".',
  DUPLICATE_USERNAME: 'Usernames are unique over all organisations of Salesforce.',
};
