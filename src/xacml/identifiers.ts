/** The identifiers that XACML gives to what is not a function, a data type or an algorithm. */

export const xacmlNamespace = 'urn:oasis:names:tc:xacml:3.0:core:schema:wd-17';
export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
export const schemaInstanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

export type StatusCode = 'ok' | 'missing-attribute' | 'syntax-error' | 'processing-error';

export function statusUrn(code: StatusCode): string {
  return `urn:oasis:names:tc:xacml:1.0:status:${code}`;
}

export const categories = {
  subject: 'urn:oasis:names:tc:xacml:1.0:subject-category:access-subject',
  resource: 'urn:oasis:names:tc:xacml:3.0:attribute-category:resource',
  action: 'urn:oasis:names:tc:xacml:3.0:attribute-category:action',
  environment: 'urn:oasis:names:tc:xacml:3.0:attribute-category:environment',
} as const;

/** The attributes of the environment that are supplied where a request lacks them. */
export const clockAttributes = {
  time: 'urn:oasis:names:tc:xacml:1.0:environment:current-time',
  date: 'urn:oasis:names:tc:xacml:1.0:environment:current-date',
  dateTime: 'urn:oasis:names:tc:xacml:1.0:environment:current-dateTime',
} as const;
