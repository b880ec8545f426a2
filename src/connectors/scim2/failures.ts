import type { Failure } from '../../domain/failure.ts';
import { defaultPauseMs, isObject, retryAfter, type Answer, type Purpose } from '../contract/answer.ts';
import { ConnectorError } from '../contract/connector.ts';
import { scimAttributes } from './attributes.ts';
import { field, text } from './json.ts';

/** SCIM's own words for errors (RFC 7644, 3.12). Anything else a server writes there might be somebody's data. */
const scimTypes = new Set(
  [
    ...['invalidFilter', 'tooMany', 'uniqueness', 'mutability', 'invalidSyntax', 'invalidPath', 'noTarget', 'invalidValue'],
    ...['invalidVers', 'sensitive', 'invalidCursor', 'expiredCursor', 'invalidCount'],
  ].map((type) => type.toLowerCase()),
);

/** An answer that is no success, in the engine's terms. */
export function failureOf(answer: Answer, purpose: Purpose, now: number): ConnectorError {
  const type = scimTypeOf(answer);
  const message = `The server answered ${String(answer.status)}${type === null ? '' : ` (${type})`} to ${purpose.doing}.`;
  const failure = judge(answer, type, purpose, now);
  // A 503 that names a time pauses the target; the write may have been done before all the same.
  const written = answer.status === 503 && failure.kind === 'throttled' && purpose.writes ? { accountId: null, active: true } : null;
  return new ConnectorError(failure, answer.status < 400 ? `${message} Is the base URL right?` : message, { written });
}

/** An answer that says yes but cannot be understood: a write has perhaps been done all the same. */
export function unreadable(status: number, purpose: Purpose): ConnectorError {
  const message = `The server answered ${String(status)} to ${purpose.doing} with something that is no SCIM.`;
  return new ConnectorError({ kind: 'transient', mayHaveApplied: purpose.writes }, message);
}

export function scimTypeOf(answer: Answer): string | null {
  const type = answer.json ? text(answer.json, 'scimType') : null;
  return type !== null && scimTypes.has(type.toLowerCase()) ? type.toLowerCase() : null;
}

/** Whether the error speaks SCIM, and so comes from the server and not from something in front of it. */
export function isScimError(answer: Answer): boolean {
  const schemas = answer.json ? field(answer.json, 'schemas') : null;
  return Array.isArray(schemas) && schemas.includes('urn:ietf:params:scim:api:messages:2.0:Error');
}

function judge(answer: Answer, scimType: string | null, purpose: Purpose, now: number): Failure {
  const { status } = answer;
  if (status < 400) return { kind: 'unauthorized' };
  switch (status) {
    case 401:
    case 407:
      return { kind: 'unauthorized' };
    case 403:
      // With a SCIM reason it is about this account, without one it is about us.
      return scimType === null ? { kind: 'unauthorized' } : { kind: 'rejected', ...attributeNamed(answer) };
    case 404:
    case 410:
      return { kind: 'missing' };
    case 409:
      return { kind: 'conflict', ...attributeNamed(answer) };
    case 429:
      return { kind: 'throttled', retryAfterMs: retryAfter(answer, now) ?? defaultPauseMs };
    case 408:
      return { kind: 'transient', mayHaveApplied: purpose.writes };
    // Somebody changed the account between our look and our write, or it is locked: nothing was done, and the next try sees more.
    case 412:
    case 423:
    case 425:
      return { kind: 'transient', mayHaveApplied: false };
    case 501:
      return { kind: 'rejected' };
    case 503: {
      const pause = retryAfter(answer, now);
      return pause === null ? { kind: 'transient', mayHaveApplied: purpose.writes } : { kind: 'throttled', retryAfterMs: pause };
    }
  }
  if (status >= 500) return { kind: 'transient', mayHaveApplied: purpose.writes };
  if (scimType === 'uniqueness') return { kind: 'conflict', ...attributeNamed(answer) };
  return { kind: 'rejected', ...attributeNamed(answer) };
}

/** Only the name of one of our attributes is taken out of the server's sentence; the rest may hold a person's data. */
function attributeNamed(answer: Answer): { attribute?: string } {
  const detail = isObject(answer.json) ? (text(answer.json, 'detail') ?? '') : '';
  const named = [...scimAttributes.map(({ spec }) => spec.name), 'password'].find((name) =>
    new RegExp(`\\b${name.replace(/s$/, 's?')}\\b`, 'i').test(detail),
  );
  return named === undefined ? {} : { attribute: named };
}
