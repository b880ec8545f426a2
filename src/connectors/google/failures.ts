import type { Failure } from '../../domain/failure.ts';
import { defaultPauseMs, isObject, longestPauseMs, retryAfter, type Answer, type Purpose } from '../contract/answer.ts';
import { ConnectorError } from '../contract/connector.ts';
import { entries, text } from './json.ts';

const tooFast = new Set(['userRateLimitExceeded', 'rateLimitExceeded', 'quotaExceeded', 'concurrentLimitExceeded']);
const usedUp = new Set(['dailyLimitExceeded', 'dailyLimitExceededUnreg']);

/** Why Google refuses us altogether, and what an administrator does about it. */
const refusals: Readonly<Record<string, string>> = {
  accessNotConfigured: 'The Admin SDK API is not enabled in the project of the service account.',
  insufficientPermissions: 'The permissions (scopes) of the domain-wide delegation do not include what is needed.',
  domainCannotUseApis: 'The Google Workspace does not allow API access.',
  forbidden: 'The administrator whom Usher stands for may not do this, or the domain is not one of this Google Workspace.',
  authError: 'The access token is refused.',
  required: 'The access token is refused.',
};
/** Reasons that are words of Google's and no data of a person. */
const reasons = new Set([
  ...Object.keys(refusals),
  ...tooFast,
  ...usedUp,
  ...[
    'duplicate',
    'notFound',
    'invalid',
    'badRequest',
    'conditionNotMet',
    'limitExceeded',
    'backendError',
    'internalError',
    'failedPrecondition',
  ],
  ...['userLimitExceeded', 'domainUserLimitExceeded', 'resourceNotFound', 'invalidParameter', 'required', 'deleted', 'conflict', 'aborted'],
]);

/** An answer that is no success, in the engine's terms. */
export function failureOf(answer: Answer, purpose: Purpose, now: number): ConnectorError {
  const reason = reasonOf(answer);
  const failure = judge(answer, reason, purpose, now);
  const told = `Google answered ${String(answer.status)}${reason === null ? '' : ` (${reason})`} to ${purpose.doing}.`;
  const hint = hintFor(answer, reason, failure);
  // Google says 403 of what it has just made as well, in the words in which it refuses us.
  const saidOfNew = answer.status === 403 && failure.kind === 'unauthorized' && !concernsTarget(answer);
  return new ConnectorError(failure, hint === null ? told : `${told} ${hint}`, { saidOfNew });
}

/** An answer that says yes but cannot be understood: a write has perhaps been done all the same. */
export function unreadable(status: number, purpose: Purpose): ConnectorError {
  const message = `Google answered ${String(status)} to ${purpose.doing} with something that cannot be read.`;
  return new ConnectorError({ kind: 'transient', mayHaveApplied: purpose.writes }, message);
}

export function reasonOf(answer: Answer): string | null {
  const error = answer.json?.['error'];
  const first = isObject(error) ? entries(error, 'errors')[0] : undefined;
  const reason = first ? text(first, 'reason') : null;
  return reason !== null && reasons.has(reason) ? reason : null;
}

/** Google's sentence. It may hold a person's address: it is looked at, and never passed on. */
export function sentenceOf(answer: Answer): string {
  const error = answer.json?.['error'];
  return isObject(error) ? (text(error, 'message') ?? '') : '';
}

/** Whether the answer concerns the whole target, whatever the call was about. */
export function concernsTarget(answer: Answer): boolean {
  const { status } = answer;
  if (status === 401 || status === 407 || status === 429 || (status >= 300 && status < 400)) return true;
  const reason = status === 403 ? reasonOf(answer) : null;
  return reason !== null && reason !== 'forbidden' && reason !== 'limitExceeded';
}

function judge(answer: Answer, reason: string | null, purpose: Purpose, now: number): Failure {
  const { status } = answer;
  const aborted = /conflicting request|not complete|concurrent/i.test(sentenceOf(answer)) || reason === 'aborted';
  const overLimit =
    /limit reached/i.test(sentenceOf(answer)) || ['limitExceeded', 'userLimitExceeded', 'domainUserLimitExceeded'].includes(reason ?? '');
  if (status < 400) return { kind: 'unauthorized' };
  switch (status) {
    case 401:
    case 407:
      return { kind: 'unauthorized' };
    case 403:
      if (reason !== null && tooFast.has(reason)) return { kind: 'throttled', retryAfterMs: retryAfter(answer, now) ?? defaultPauseMs };
      if (reason !== null && usedUp.has(reason)) return { kind: 'throttled', retryAfterMs: retryAfter(answer, now) ?? longestPauseMs };
      return overLimit ? { kind: 'rejected' } : { kind: 'unauthorized' };
    case 404:
    case 410:
      return { kind: 'missing' };
    case 408:
      return { kind: 'transient', mayHaveApplied: purpose.writes };
    case 409:
      return aborted ? { kind: 'transient', mayHaveApplied: false } : { kind: 'conflict' };
    case 412:
      return overLimit ? { kind: 'rejected' } : { kind: 'transient', mayHaveApplied: false };
    case 429:
      return { kind: 'throttled', retryAfterMs: retryAfter(answer, now) ?? defaultPauseMs };
  }
  // Also with a Retry-After: the write may have been done before, and only this kind remembers that.
  if (status >= 500) return { kind: 'transient', mayHaveApplied: purpose.writes };
  return { kind: 'rejected', ...attributeNamed(answer) };
}

function hintFor(answer: Answer, reason: string | null, failure: Failure): string | null {
  if (failure.kind === 'unauthorized' && answer.status < 400) return 'Is the API root right?';
  if (failure.kind === 'unauthorized') return refusals[reason ?? ''] ?? null;
  if (failure.kind === 'rejected' && (answer.status === 412 || answer.status === 403))
    return 'The limit of users or licences of this Google Workspace is reached: free or buy one, then retry.';
  return null;
}

/** Google names what it does not like in ways of its own. */
const named: readonly (readonly [RegExp, string])[] = [
  [/family\s?name/i, 'familyName'],
  [/given\s?name/i, 'givenName'],
  [/primary_?user_?email|primary_?email/i, 'primaryEmail'],
  [/alias/i, 'aliases'],
  [/INVALID_OU_ID|org_?unit|\bou\b/i, 'orgUnitPath'],
  [/recovery\s?_?phone/i, 'recoveryPhone'],
  [/recovery\s?_?email/i, 'recoveryEmail'],
  [/phone/i, 'workPhone'],
  [/relation|manager/i, 'manager'],
  [/external_?id/i, 'externalId'],
  [/organization/i, 'title'],
  [/address/i, 'workAddress'],
];

function attributeNamed(answer: Answer): { attribute?: string } {
  const sentence = sentenceOf(answer);
  // "Invalid Given/Family Name: FamilyName": what it is about comes last.
  const last = sentence.split(':').at(-1) ?? '';
  const attribute = (named.find(([pattern]) => pattern.test(last)) ?? named.find(([pattern]) => pattern.test(sentence)))?.[1];
  return attribute === undefined ? {} : { attribute };
}
