/** What the quirky SCIM server answers. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly html?: string;
  readonly headers?: Record<string, string>;
}

export function answer(status: number, json?: unknown, headers: Record<string, string> = {}): Reply {
  return { status, json, headers };
}

export function refuse(status: number, scimType?: string): Reply {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
  return answer(status, { schemas, status: String(status), ...(scimType === undefined ? {} : { scimType }) });
}
