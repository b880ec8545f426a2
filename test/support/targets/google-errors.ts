/** How the Directory API says no. */
export class GoogleError extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export function errorBody({ status, reason, message }: Pick<GoogleError, 'status' | 'reason' | 'message'>): string {
  return JSON.stringify({ error: { code: status, message, errors: [{ message, domain: 'global', reason }] } });
}

/** Sentences quoted in public issues, but those marked (m), which are from memory. */
export const refusals = {
  duplicate: () => new GoogleError(409, 'duplicate', 'Entity already exists.'),
  memberExists: () => new GoogleError(409, 'duplicate', 'Member already exists.'),
  conflicting: () => new GoogleError(409, 'conflict', 'Conflicting requests'),
  notFound: (what: 'userKey' | 'groupKey' | 'memberKey' | 'alias' | 'domain') =>
    new GoogleError(404, 'notFound', `Resource Not Found: ${what}`),
  notAuthorized: () => new GoogleError(403, 'forbidden', 'Not Authorized to access this resource/api'),
  /** (m) */
  insufficientScopes: () => new GoogleError(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.'),
  tooFast: () => new GoogleError(403, 'quotaExceeded', 'Request rate higher than configured.'),
  /** (m) */
  staleEtag: () => new GoogleError(412, 'conditionNotMet', 'Precondition Failed'),
  /** (m) */
  userLimit: () => new GoogleError(412, 'limitExceeded', 'Domain user limit reached.'),
  familyName: () => new GoogleError(400, 'invalid', 'Invalid Given/Family Name: FamilyName'),
  givenName: () => new GoogleError(400, 'invalid', 'Invalid Given/Family Name: GivenName'),
  password: () => new GoogleError(400, 'invalid', 'Invalid Password'),
  primaryEmail: () => new GoogleError(400, 'invalid', 'Invalid Input: primary_user_email'),
  /** (m) */
  orgUnit: () => new GoogleError(400, 'invalid', 'Invalid Input: INVALID_OU_ID'),
  /** (m) */
  recoveryPhone: () => new GoogleError(400, 'invalid', 'Invalid recovery phone.'),
  /** (m) */
  invalid: (what: string) => new GoogleError(400, 'invalid', `Invalid Input: ${what}`),
  /** (m) */
  badRequest: () => new GoogleError(400, 'badRequest', 'Bad Request'),
  /** (m) */
  loginRequired: () => new GoogleError(401, 'required', 'Login Required'),
  /** (m) */
  badToken: () => new GoogleError(401, 'authError', 'Invalid Credentials'),
} as const;

/** What a fault that is switched on for a status says. */
export function faultBody(status: number): string {
  const known: Record<number, GoogleError> = {
    400: refusals.invalid('fault switched on'),
    401: refusals.badToken(),
    403: refusals.notAuthorized(),
    404: refusals.notFound('userKey'),
    409: refusals.duplicate(),
    429: new GoogleError(429, 'rateLimitExceeded', 'Rate Limit Exceeded'),
  };
  return errorBody(known[status] ?? new GoogleError(status, 'backendError', 'Backend Error'));
}
